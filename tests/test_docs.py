"""The documents say what the program does: generated stretches are current, links resolve, codes are explained, examples run."""

from __future__ import annotations

import ast
import codecs
import importlib.util
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import click
import msgspec
import pytest
import refresh_docs
from conftest import ROOT, Finished, check_conserved

import offlimits
from offlimits import report as contract
from offlimits.cli import cli as program
from offlimits.model import PROFILES, ColumnKind, EvidenceClass, MeasureKind, NameKind, Relation, Strength
from offlimits.readers import READERS
from offlimits.readers.columns import ROLES
from offlimits.registry import Registry, evidence_folder, load_registry
from offlimits.registry.load import load_evidence
from offlimits.reports import REPORTS
from offlimits.screening import part

DOCUMENTS = refresh_docs.documents()
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
EVIDENCE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "offlimits"
KEBAB = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
REFRESH = "run `python tests/refresh_docs.py`"


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def load(path: Path) -> ModuleType:
    """A module from a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- what is generated -------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(refresh_docs.GENERATED))
def test_generated_stretches_are_current(name: str) -> None:
    """Help texts, the demo's output and the weak spots stand in the documents as the program says them today, but for the hash of the evidence."""
    shown = [
        found for path in DOCUMENTS for found in refresh_docs.MARKED.finditer(path.read_text(encoding="utf-8")) if found["name"] == name
    ]
    assert shown, f"no document shows {name!r}"
    expected = refresh_docs.without_hash(refresh_docs.GENERATED[name]())
    for found in shown:
        assert refresh_docs.without_hash(found[0].partition("-->\n")[2]) == expected, REFRESH


def test_every_command_is_documented() -> None:
    """The list of commands that are shown in the reference is the program's own."""
    found = {""}
    context = click.Context(program)
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        found |= {name} | {f"{name} {inner}" for inner in getattr(command, "commands", {})}
    assert set(refresh_docs.COMMANDS) == found


# --- links and commands ------------------------------------------------------------------------


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#{1,6} (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_links_resolve(path: Path) -> None:
    """Every link to a file or a heading of the project leads somewhere."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        assert other.exists(), f"{target} leads nowhere"
        if anchor and other.suffix == ".md":
            assert anchor in _anchors(other), f"{target}: no such heading"


def test_readme_begins_with_the_two_commands() -> None:
    """The README's first code block is the two commands that a fresh machine needs, and the plain-pip line installs an extra that exists."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```sh\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    assert [line.partition("#")[0].strip() for line in block[1].splitlines()] == ["uv run offlimits demo", "uv run pytest"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra in re.findall(r"pip install -e '\.\[(\w+)\]'", readme):
        assert re.search(rf"^{extra} = \[", project, re.MULTILINE)
    assert "pip install -e '.[dev]' && offlimits demo && pytest" in readme


def _commands(path: Path) -> Iterator[list[str]]:
    """The `offlimits …` lines of a document's shell blocks, as lists of arguments."""
    import shlex

    for block in re.findall(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[:2] == ["uv", "run"]:
                words = words[2:]
            if words[:1] == ["offlimits"]:
                yield words[1:]


DEVICE_FILES = {
    "neighbours.txt": "neighbours/linux-arp/input.txt",
    "dnsmasq.leases": "leases/dnsmasq/input.leases",
    "pihole.log": "querylog/pihole/input.log",
    "conn.log.gz": "zeek/conn-gzipped/input.gz",
    "capture.pcap": "pcap/estate/input.pcap",
}
"""Files that the how-to for networks names, and the golden inputs that stand for them."""


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if any(_commands(path))], ids=named)
def test_documented_commands_run(path: Path, cli: Callable[..., Finished], tmp_path: Path) -> None:
    """Every documented command, run in order beside the samples, ends with a code of its own: none is a wrong usage or a crash."""
    samples = SOURCE / "samples"
    (tmp_path / "spending").mkdir()
    shutil.copy(samples / "suppliers.csv", tmp_path / "spending")
    shutil.copy(samples / "suppliers.csv", tmp_path)
    shutil.copy(samples / "register.xlsx", tmp_path)
    shutil.copytree(samples / "money", tmp_path, dirs_exist_ok=True)
    for quarter in ("2026q1_nport", "2026q2_nport"):
        shutil.copytree(ROOT / "tests" / "cases" / "nport" / "fund-with-derivatives", tmp_path / quarter)
    for name, made in DEVICE_FILES.items():
        shutil.copy(ROOT / "tests" / "cases" / made, tmp_path / name)
    (tmp_path / "our-own.csv").write_text("name\nSomebody Else Ltd\n")
    cli("screen", "spending", "-q", "-o", "last-year.json")
    for arguments in _commands(path):
        if arguments[:2] == ["lists", "update"]:
            continue  # goes out to the publishers; tests/lists/test_update.py runs it against a server of its own
        done = cli(*arguments)
        assert done.code in (0, 1), f"offlimits {' '.join(arguments)}: {done.code} {done.err}"


# --- codes and words ---------------------------------------------------------------------------


def _constants(*files: str) -> set[str]:
    """Every kebab-case word that stands as a text of its own in these files, but for names of encodings."""
    found = set()
    for file in files:
        for node in ast.walk(ast.parse((SOURCE / file).read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and KEBAB.fullmatch(node.value)
                and not _is_encoding(node.value)
            ):
                found.add(node.value)
    return found


def _is_encoding(word: str) -> bool:
    try:
        codecs.lookup(word)
    except LookupError:
        return False
    return True


CODED = [
    "errors.py",
    "screening/part.py",
    "judging.py",
    "comparison.py",
    "explanation.py",
    "readers/delimited.py",
    "readers/workbook.py",
    "readers/rows.py",
    "readers/columns.py",
]
CODED += [f"matching/{path.name}" for path in sorted((SOURCE / "matching").glob("*.py"))]
NOT_CODES = {
    "all-read", "partly-read", "nothing-read",  # documented with the JSON
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(_constants(*CODED) - NOT_CODES))
def test_every_code_is_explained(code: str) -> None:
    """Every rule, reject code and kind that the source knows stands in the reference."""
    assert f"`{code}`" in REFERENCE or f"`identifier-{code}`" in REFERENCE


def _denials() -> set[str]:
    """The rules by which a name is said not to be there: the first of every pair in the module of denials, and the look-alike."""
    tree = ast.parse((SOURCE / "matching" / "negation.py").read_text(encoding="utf-8"))
    pairs = [node.elts[0] for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 2]
    return {pair.value for pair in pairs if isinstance(pair, ast.Constant) and isinstance(pair.value, str) and pair.value} | {"lookalike"}


def test_no_denial_is_explained_that_is_gone() -> None:
    """The reference's table of denials is the program's."""
    table = REFERENCE.partition("### Named, but not there")[2].partition("###")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == _denials()


def _vocabulary() -> Iterator[str]:
    yield from (*_denials(), "shortened", "domain")
    for alias in (Relation, Strength, MeasureKind, ColumnKind):
        yield from get_args(alias)
    yield from PROFILES
    yield from (reader.name for reader in READERS)
    yield from (form.suffix for form in REPORTS)


@pytest.mark.parametrize("word", sorted(set(_vocabulary())))
def test_every_word_of_the_contract_is_explained(word: str) -> None:
    """Rules of denial, relations, strengths, kinds of measure and of column, profiles, readers and formats stand in the reference."""
    assert f"`{word}`" in REFERENCE


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_is_explained(role: str) -> None:
    """Every word that `--columns` takes stands in the reference."""
    assert re.search(rf"\b{role}\b", REFERENCE)


@pytest.mark.parametrize("word", sorted({*get_args(EvidenceClass), *get_args(NameKind)}))
def test_every_class_of_evidence_is_explained(word: str) -> None:
    """Whoever writes evidence finds each class and kind of name in the guide."""
    assert f"`{word}`" in EVIDENCE


def test_every_scheme_is_explained() -> None:
    """Every scheme of identifiers in the registry stands in the guide to evidence, and in the reference whether it is searched."""
    schemes = {identifier.scheme for entity in load_registry().data.entities for identifier in entity.identifiers}
    assert {scheme for scheme in schemes if f"`{scheme}`" not in EVIDENCE} == set()
    assert {
        scheme for scheme in schemes - {"domain"} if f"`identifier-{scheme}`" not in REFERENCE and f"`{scheme}`" not in REFERENCE
    } == set()


def _fields() -> set[str]:
    kinds = [kind for kind in vars(contract).values() if isinstance(kind, type) and issubclass(kind, contract.Part)]
    return {field.encode_name for kind in kinds for field in msgspec.structs.fields(kind)}


@pytest.mark.parametrize("field", sorted(_fields()))
def test_every_field_of_the_json_is_explained(field: str) -> None:
    """Every field of the JSON report stands in the reference."""
    assert f"`{field}`" in REFERENCE


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference's Python example runs as it stands."""
    shutil.copy(SOURCE / "samples" / "register.xlsx", tmp_path)
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", REFERENCE, re.DOTALL)
    assert examples
    for example in examples:
        exec(compile(example, "reference.md", "exec"), {})


def test_the_changelog_knows_the_versions(registry: Registry) -> None:
    """The code's version and the registry's edition have their headings."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"### {offlimits.__version__}" in changes
    assert f"### {registry.version}" in changes


# --- recipes -----------------------------------------------------------------------------------


def test_recipes_have_at_most_eight_steps() -> None:
    """A recipe that needs more steps than eight is a fault of the house."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for title in ("A reader", "A measure", "A company"):
        section = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
        assert 1 <= len(re.findall(r"^\d+\. ", section, re.MULTILINE)) <= 8, title


def test_the_evidence_to_copy_loads(tmp_path: Path) -> None:
    """The company and the measure of the recipes load beside the evidence that ships."""
    folder = tmp_path / "evidence"
    shutil.copytree(evidence_folder(), folder)
    recipes = ROOT / "docs" / "recipes"
    shutil.copy(recipes / "examplecam.yaml", folder / "companies")
    shutil.copy(recipes / "measure.yaml", folder / "measures" / "uk")
    data = load_evidence(folder)
    assert {"examplecam", "examplecam-home"} <= {entity.id for entity in data.entities}
    assert "measure" in {measure.id for measure in data.measures}


LINES = b'{"Make": "Hikvision", "Note": "front door"}\n\n{"Make": "Axis"}\nno json here\n[1]\n{"Make": "Dahua", "Note": null}\n'


def test_the_reader_to_copy_works(run: Any, put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The recipe's reader, put into the tuple, reads its format: findings with their lines, rejects with their codes, every line counted."""
    recipe = load(ROOT / "docs" / "recipes" / "reader.py")
    monkeypatch.setattr(part, "READERS", (recipe.JsonLines(), *READERS))
    report = run(put("lines.jsonl", LINES))
    check_conserved(report)
    source = report.sources[0]
    assert (source.reader, source.units, source.entries, source.skipped) == ("jsonl", 6, 3, 1)
    assert [(finding.at.line, finding.group) for finding in report.findings] == [(1, "hikvision"), (6, "dahua")]
    assert report.rejects_by_code == {"not-an-object": 1, "not-json": 1}


@pytest.mark.parametrize("file", ["LICENSE", "LICENSE-EVIDENCE"])
def test_the_licences_are_whole(file: str) -> None:
    """The licence files hold the texts that the package's metadata name."""
    text = (ROOT / file).read_text(encoding="utf-8")
    wanted = {"LICENSE": "END OF TERMS AND CONDITIONS", "LICENSE-EVIDENCE": "CC0 1.0 Universal"}
    assert wanted[file] in text
    assert len(text) > 5000
