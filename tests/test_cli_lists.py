"""`offlimits lists …`, `screen --list`, `registry pack|install|uninstall` from outside: the installed script, its exit codes, its words."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import Finished

Put = Callable[..., Path]
Cli = Callable[..., Finished]
LIST = "name,alias,country,id\nKestrel Optical Works Ltd,Kestrel Optik,CN,k1\n"
SHEET = "Supplier,Item\nKESTREL OPTIK,lens\nAcme,chair\n"


@pytest.fixture
def alone(cli: Cli, tmp_path: Path) -> Cli:
    """The script with a data folder of the test's own."""
    return lambda *words, **more: cli(*words, **more, env={"XDG_DATA_HOME": str(tmp_path / "data")})


def test_screen_against_a_list(alone: Cli, put: Put, tmp_path: Path) -> None:
    """A company of the list is a finding; every output says which list, and what it does not say."""
    put("list.csv", LIST)
    put("in.csv", SHEET)
    outputs = ("out.json", "out.jsonl", "out.html", "out.csv", "out.xlsx")
    done = alone("screen", "in.csv", "--list", "list.csv", *(word for name in outputs for word in ("-o", name)))
    assert done.code == 1
    assert "list list.csv: a list of one's own, without a date: 1 companies" in " ".join(done.out.split())
    report = json.loads((tmp_path / "out.json").read_bytes())
    assert [finding["entity"] for finding in report["findings"]] == ["list-1-k1"]
    assert report["lists"][0]["does_not_say"]
    assert "The list does not say" in (tmp_path / "out.html").read_text()
    assert {json.loads(line)["event"] for line in (tmp_path / "out.jsonl").read_text().splitlines()} >= {"list", "finding"}
    assert alone("screen", "in.csv").code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--list", "gone.csv"), "cannot be read"),
        (("--list", "in.csv"), "the form of no list"),
        (("--list", "ofac-sdn"), "offlimits lists update ofac-sdn"),
        (("--list", "list.csv", "--max-list-age", "3"), "does not say of which day"),
        (("--as-of", "2031-01-01", "--max-list-age", "30"), "the registry is of"),
    ],
    ids=["no file", "no list", "not fetched", "undated", "old registry"],
)
def test_bad_lists_stop_before_anything_is_screened(options: tuple[str, ...], words: str, alone: Cli, put: Put) -> None:
    """Exit code 2, nothing on standard output, what happened and what to do on standard error."""
    put("list.csv", LIST)
    put("in.csv", SHEET)
    done = alone("screen", "in.csv", *options)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert len(done.err.strip().splitlines()) >= 2


def test_what_is_at_hand(alone: Cli) -> None:
    """`lists list` names every list with its addresses and every form, in words and as JSON."""
    done = alone("lists", "list")
    assert done.code == 0
    assert "not at hand" in done.out
    told = json.loads(alone("lists", "list", "--json").out)
    assert {item["form"] for item in told["forms"]} >= {"ofac-csv", "own-csv"}
    assert all(url.startswith("https://") for item in told["lists"] for url in item["urls"])


def test_unknown_name_is_told(alone: Cli) -> None:
    """A list that nobody publishes is an error that names those there are."""
    done = alone("lists", "update", "nonsense")
    assert done.code == 2
    assert "ofac-sdn" in done.err


def test_difference_and_proposal(alone: Cli, put: Put) -> None:
    """`diff` says what a list tells anew with exit code 1, `import` says it as YAML with 0; nothing new is 0."""
    put("list.csv", "name,alias\nHytera Communications Corporation Limited,Hytera Zeta\n")
    done = alone("lists", "diff", "list.csv")
    assert (done.code, "~ hytera: name 'Hytera Zeta'" in done.out) == (1, True)
    assert json.loads(alone("lists", "diff", "list.csv", "--json").out)["told"][0]["value"] == "Hytera Zeta"
    proposed = alone("lists", "import", "list.csv")
    assert proposed.code == 0
    assert yaml.safe_load(proposed.out)["companies/hytera.yaml"]["entities"]["hytera"]["names"][0]["text"] == "Hytera Zeta"
    put("same.csv", "name\nHytera Communications Corporation Limited\n")
    assert alone("lists", "diff", "same.csv").code == 0


def test_release_from_packing_to_uninstalling(alone: Cli, tmp_path: Path) -> None:
    """A release is packed, signed by the real minisign, installed with the key, used, and taken off again; unsigned it is refused."""
    program = shutil.which("minisign")
    if program is None:
        pytest.skip("minisign is not installed")
    packed = alone("registry", "pack")
    assert packed.code == 0
    name, command = packed.out.splitlines()[0].removeprefix("written: "), packed.out.splitlines()[1]
    unsigned = alone("registry", "install", name, "--key", "RW")
    assert (unsigned.code, ".minisig" in unsigned.err) == (2, True)
    subprocess.run([program, "-G", "-W", "-p", "k.pub", "-s", "k.sec"], cwd=tmp_path, check=True, capture_output=True)
    comment = command.partition("-t '")[2].rstrip("'")
    subprocess.run([program, "-S", "-s", "k.sec", "-m", name, "-t", comment], cwd=tmp_path, check=True, capture_output=True, input=b"\n")
    installed = alone("registry", "install", name, "--key", "k.pub")
    assert installed.code == 0, installed.err
    assert alone("explain", "Hikvision").code == 0
    assert "ships is in use" in alone("registry", "uninstall").out
