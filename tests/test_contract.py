"""The house rules: each member of a family has its page and cases, layers hold, files are short, nothing names people."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import ROOT

import offlimits
from offlimits.cli import cli as program
from offlimits.errors import UsageError
from offlimits.exports import EXPORTS, export_for
from offlimits.exports.base import Export
from offlimits.matching import Matching
from offlimits.model import PROFILES, Match
from offlimits.readers import READERS
from offlimits.registry import Registry
from offlimits.reports import REPORTS

SOURCE = ROOT / "src" / "offlimits"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST = 500


def reference() -> str:
    """The reference among the docs."""
    path = ROOT / "docs" / "reference.md"
    if not path.is_file():
        pytest.skip("the docs are not here")
    return path.read_text(encoding="utf-8")


def headings(text: str) -> set[str]:
    """Words of all headings, without marks."""
    return {line.lstrip("# ").replace("`", "").strip() for line in text.splitlines() if line.startswith("#")}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_reader_is_documented(reader: object) -> None:
    """Each reader has a heading in the reference and says what its files cannot show."""
    name: str = reader.name  # type: ignore[attr-defined]
    assert name in headings(reference())
    assert reader.cannot_show  # type: ignore[attr-defined]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_reader_has_tests(reader: object) -> None:
    """Each reader has a test file of its own, with damaged input among its tests."""
    module = type(reader).__module__.rpartition(".")[2]
    path = ROOT / "tests" / "readers" / f"test_{module}.py"
    assert path.is_file()
    assert re.search(r"damaged|truncated|broken|cut|bomb|password|unclosed|nul", path.read_text(encoding="utf-8"), re.IGNORECASE)


@pytest.mark.parametrize("form", REPORTS, ids=lambda form: form.suffix)
def test_report_is_documented(form: object) -> None:
    """Each output format stands in the reference by its suffix, and somebody tests it."""
    suffix: str = form.suffix  # type: ignore[attr-defined]
    assert f"`{suffix}`" in reference()
    name = type(form).__name__
    assert [
        path
        for path in (ROOT / "tests" / "reports").glob("test_*.py")
        if re.search(rf"\b{name}\(|render_page", path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("form", EXPORTS, ids=lambda form: form.name)
def test_export_is_documented(form: Export) -> None:
    """Each export stands in the reference's table of exports and in the command's help, and has a test file of its own."""
    assert f"| `{form.name}` |" in reference().partition("## Exports")[2]
    assert f"{form.name}: " in export_option().help
    tested = [
        path
        for path in (ROOT / "tests" / "exports").glob("test_*.py")
        if f'"{form.name}"' in path.read_text() or f"export_{form.name}" in path.read_text()
    ]
    assert tested or form.name == "csv"


@pytest.mark.parametrize("form", EXPORTS, ids=lambda form: form.name)
def test_export_keeps_its_promises(form: Export, registry: Registry) -> None:
    """The same bytes each time, a folder of at least one file with plain relative names, one file that is one of the folder's or none, and what
    is left out in words."""
    folder, file = form.folder(registry), form.file(registry)
    assert folder
    assert folder == form.folder(Registry(registry.data))
    assert file == form.file(Registry(registry.data))
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*", name) for name in folder)
    assert all(isinstance(content, bytes) and content for content in folder.values())
    assert all(re.match(r"\d", line) for line in form.left_out(registry))


def test_exports_are_those_the_command_offers() -> None:
    """The choices of `registry export`, which are written out to keep the start cheap, are the family; another name is a wrong usage."""
    assert list(export_option().type.choices) == [form.name for form in EXPORTS]
    with pytest.raises(UsageError):
        export_for("nothing")


def export_option() -> Any:
    """The option `--format` of `registry export`."""
    command: Any = program.get_command(click.Context(program), "registry")
    return next(option for option in command.commands["export"].params if option.name == "form")


def test_families_are_registered_once() -> None:
    """No two members of a family share a name or a suffix."""
    assert len({form.name for form in EXPORTS}) == len(EXPORTS)
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert len({form.suffix for form in REPORTS}) == len(REPORTS)


def test_every_matcher_is_in_the_family(registry: Registry) -> None:
    """Each class that finds matches is used: a file that nobody asks would find nothing."""
    used = {type(matcher).__name__ for matcher in Matching(registry).matchers}
    defined = {
        node.name
        for path in (SOURCE / "matching").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and {"find", "triggers"} <= {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    } - {"Matcher"}
    assert defined == used


RULES = ("product-code", "mac-prefix", "domain", "identifier-isin", "name-whole", "second-sign")


def test_rules_are_documented(registry: Registry) -> None:
    """Every rule that a match on real texts gives is in the reference."""
    matching = Matching(registry)
    names = [name.text for entity in registry.data.entities for name in entity.names]
    values = [identifier.value for entity in registry.data.entities for identifier in entity.identifiers]
    found: list[Match] = [
        match
        for text in (*names, *values, "Hikvsion", "Hik Vision cam", "HikvisionNVR", "c0:56:e3:00:00:01")
        for match in matching.find(text, "maker")
    ]
    text = reference()
    rules = (
        {match.rule for match in found}
        | {reason.rule for match in found for reason in match.reasons}
        | {match.disclaimed for match in found if match.disclaimed}
    )
    missing = {rule for rule in rules if f"`{rule}`" not in text and not re.fullmatch(r"identifier-[a-z-]+", rule)}
    assert missing == set()
    assert set(RULES) - {"second-sign"} <= rules


@pytest.mark.parametrize("profile", PROFILES)
def test_profile_is_documented(profile: str) -> None:
    """Each profile stands in the reference."""
    assert f"`{profile}`" in reference()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_file_is_short(path: Path) -> None:
    """No source file is longer than 500 lines, and each says at its top what it is for."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    if text.strip():
        assert ast.get_docstring(ast.parse(text))


def test_layers_hold() -> None:
    """Imports point one way (import-linter, as pyproject.toml says)."""
    script = Path(sys.executable).with_name("lint-imports")
    if not script.exists():
        pytest.skip("import-linter is not installed")
    done = subprocess.run([str(script), "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr


def test_public_names_exist() -> None:
    """Everything in `__all__` can be had, and nothing else is promised."""
    for name in offlimits.__all__:
        assert getattr(offlimits, name) is not None
    with pytest.raises(AttributeError):
        _ = offlimits.person_search


def test_nothing_looks_people_up() -> None:
    """There is no function, class, option or column kind to look a person up; a person's column is read to be left out."""
    forbidden = re.compile(r"person|surname|ethnic|nationalit|people", re.IGNORECASE)
    names = {
        f"{path.name}: {node.name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and forbidden.search(node.name)
    }
    assert names == {"surroundings.py: person"}, "the one there is: a title before a word speaks against a company"


def test_broad_excepts_are_where_they_should() -> None:
    """A broad `except` stands around each reader and in `main`; three more clean up or sort out a foreign panic, and raise again."""
    broad = [
        path.relative_to(SOURCE).as_posix()
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]
    assert sorted(broad) == ["cli/__init__.py", "files.py", "lists/update.py", "readers/sheets.py", "screening/part.py"]


def test_no_network_in_the_program() -> None:
    """Nothing leaves the machine: modules that could open a connection are imported by `lists update` alone."""
    sockets = re.compile(r"(?:socket|ssl|http|urllib\.(?!parse)|urllib$|requests|httpx|aiohttp|ftplib|smtplib|webbrowser)")
    imported = {
        (path.name, name)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [item.name for item in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert {item for item in imported if sockets.match(item[1])} == {("download.py", "httpx"), ("update.py", "httpx")}
