"""Every form of every official list: its golden cases, damaged files, the real copies beside the project, and what each must say of itself."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ROOT, data_folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.errors import ListError, OfflimitsError
from offlimits.lists import FORMS
from offlimits.lists.base import Form
from offlimits.lists.persons import is_company
from offlimits.lists.reading import Edition, find_form, read_edition
from offlimits.lists.resolving import Resolver
from offlimits.registry import Registry

CASES = Path(__file__).with_name("cases")
MAIN = {"ofac-csv/cmic": "cons_prim.csv"}
"""The main file of a case that has several."""

FOUND = sorted(path for path in CASES.glob("*/*") if path.is_dir())
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
Put = Callable[..., Path]


def named(case: Path) -> str:
    return case.relative_to(CASES).as_posix()


def main_file(case: Path) -> Path:
    """The input of a case."""
    known = MAIN.get(named(case))
    return case / known if known else next(path for path in sorted(case.iterdir()) if path.name != "expected.json")


def told(edition: Edition) -> dict[str, Any]:
    """An edition as plain values, without where the file lies."""
    plain: dict[str, Any] = json.loads(msgspec.json.encode(edition))
    return {key: plain[key] for key in ("form", "list", "edition", "newest", "listed", "rejects", "skipped") if key in plain}


@pytest.mark.parametrize("case", FOUND, ids=named)
def test_golden_case(case: Path) -> None:
    """The case is recognised as its form, and reading it gives exactly what was kept: every record, reject and count."""
    edition = read_edition(main_file(case))
    assert edition.form == case.parent.name
    expected = case / "expected.json"
    if os.environ.get("OFFLIMITS_REWRITE"):
        expected.write_text(json.dumps(told(edition), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert told(edition) == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", FOUND, ids=named)
def test_no_natural_person_is_taken(case: Path) -> None:
    """The invented persons of the cases, and what only speaks of them, are in no record."""
    text = msgspec.json.encode(read_edition(main_file(case)).listed).decode()
    assert "Doe" not in text
    assert "DOE" not in text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_form_says_what_it_is(form: Form) -> None:
    """Each has a golden case, a name of its own, something that its list does not say, and a row in the reference."""
    assert any(case.parent.name == form.name for case in FOUND)
    assert sum(other.name == form.name for other in FORMS) == 1
    assert form.does_not_say
    assert form.publisher
    assert f"| `{form.name}` |" in REFERENCE


def damaged(content: bytes, how: str) -> bytes:
    """A file with its head renamed, or another one in its place."""
    renamed = {
        "source": b"origin", "Standard_Order": b"Order", "License requirement": b"Terms", "covered": b"hidden", "Covered": b"Hidden", "Name of Entity": b"Heading", "Entity Name": b"Heading", "Clean Name": b"Tidy Name",
        "MILITARY": b"PEACEFUL", " FR ": b" F.R. ", "uflpa": b"uflp", "program": b"scheme", "celex": b"number", "Assignment": b"Prefix", "aliases": b"nicknames",
        "name": b"title", '"recordType"': b'"kind"', '"schema"': b'"shape"', "ZPROCSUPP": b"ROWS", '"results"': b'"answers"', "ror.org": b"ror.example",
    }  # fmt: skip
    if how == "renamed":
        for old, new in renamed.items():
            content = content.replace(old.encode(), new)
        return content
    return b"" if how == "empty" else b"\x00\xff\x00 nothing that anybody publishes"


@pytest.mark.parametrize("how", ["renamed", "empty", "noise"])
@pytest.mark.parametrize("form", [form for form in FORMS if form.name not in ("ofac-csv", "dfat-xlsx")], ids=lambda form: form.name)
def test_changed_form_is_refused(form: Form, how: str, put: Put) -> None:
    """A file whose columns or elements have other names, an empty one, noise: `ListError` that says what changed, and nothing is taken."""
    case = next(case for case in FOUND if case.parent.name == form.name)
    file = main_file(case)
    content = damaged(file.read_bytes(), how)
    assert content != file.read_bytes(), "the test damages nothing"
    with pytest.raises(ListError) as caught:
        read_edition(put(file.name, content), form.name)
    assert caught.value.hint


WIDE = b'1,"A LTD",-0- ,"X",1,2\n'


@pytest.mark.parametrize(
    ("form", "name", "content", "words"),
    [
        ("ofac-csv", "sdn.csv", WIDE, "12 columns, a number first, were expected; there are 6"),
        ("csl-csv", "a.csv", b"source,programs,alt_names,ids\nx,y,z,w\n", "without the column type, name"),
        ("csl-json", "a.json", b'{"results": {"source_list_url": 1}}', "there is no array under results"),
        ("bis-entity-list", "a.html", b"<table><tr><td>License requirement</td><td>Entity</td></tr></table>", "five columns"),
        ("fcc-covered", "a.html", b"<table><tr><td>covered equipment or services</td></tr></table>", "no table of two columns"),
        ("dfat-xlsx", "a.xlsx", b"PK\x03\x04 torn", "no workbook"),
        ("world-bank-json", "a.json", b'{"response": {"ZPROCSUPP": ', "it is not JSON"),
        ("opensanctions-ftm", "a.json", b'{"schema": 1, "properties": 2}\n', "no FollowTheMoney entity"),
        ("own-csv", "a.csv", b"alias,country\nx,y\n", "without the column name"),
    ],
)  # fmt: skip
def test_refusal_names_what_changed(form: str, name: str, content: bytes, words: str, put: Put) -> None:
    """The words say which column, element or shape is not there any more."""
    with pytest.raises(ListError, match=words):
        read_edition(put(name, content), form)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_cut_anywhere(data: st.DataObject, tmp_path: Path) -> None:
    """A file cut off at any byte, or with bytes turned, gives fewer records or a `ListError`, never another error."""
    case = data.draw(st.sampled_from(FOUND))
    content = bytearray(main_file(case).read_bytes())
    cut = data.draw(st.integers(0, len(content)))
    content = content[:cut]
    for _ in range(data.draw(st.integers(0, 3))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / main_file(case).name
    path.write_bytes(content)
    try:
        edition = read_edition(path, case.parent.name)
    except OfflimitsError:
        return
    assert edition.listed


# --- the real copies -----------------------------------------------------------------------------

COPIES: dict[str, tuple[str, int, int]] = {
    "watchman/cons_prim.csv": ("ofac-csv", 363, 79),
    "watchman/sdn_bench.csv": ("ofac-csv", 3673, 4620),
    "watchman/csl_full.csv": ("csl-csv", 2088, 1125),
    "watchman/csl_consolidated_test.csv": ("csl-csv", 6, 4),
    "watchman/dpl.txt": ("bis-denied", 144, 0),
    "opensanctions_us/fcc_covered_list_table.csv": ("fcc-covered", 13, 0),
    "opensanctions_us/dod_1260h_sanctions.csv": ("dod-1260h-csv", 234, 0),
    "opensanctions_us/section_889.csv": ("us-legislation-csv", 5, 0),
    "opensanctions_us/section_1286.csv": ("us-legislation-csv", 443, 0),
    "opensanctions_eu/32020R1998.csv": ("eu-journal-csv", 41, 136),
    "opensanctions_eu/32014R0833.csv": ("eu-journal-csv", 1085, 0),
    "ror/ror_hits.json": ("ror-json", 34, 0),
    "oui/oui.csv": ("ieee-csv", 32444, 0),
}
"""By copy: its form, the companies and bodies it holds, the natural persons left out."""


@pytest.mark.parametrize("name", COPIES)
def test_real_copy(name: str) -> None:
    """Each copy is recognised, and every row of it is a record, a reject or counted."""
    edition = read_edition(data_folder("lists", *name.split("/")))
    assert (edition.form, len(edition.listed), edition.skipped.get("natural persons", 0)) == COPIES[name]
    assert not edition.rejects


OURS = {
    "watchman/cons_prim.csv": 13,
    "watchman/sdn_bench.csv": 2,
    "opensanctions_us/section_889.csv": 5,
    "opensanctions_us/fcc_covered_list_table.csv": 5,
    "opensanctions_us/dod_1260h_sanctions.csv": 39,
    "opensanctions_eu/32020R1998.csv": 1,
    "opensanctions_eu/32014R0833.csv": 0,
    "ror/ror_hits.json": 23,
}
"""By copy: how many of its records are companies of the registry."""


@pytest.mark.parametrize("name", OURS)
def test_ours_in_the_real_copy(name: str, registry: Registry) -> None:
    """As many records are ours as were counted by hand; Hytera Communications Limited of Hong Kong is not Hytera."""
    edition = read_edition(data_folder("lists", *name.split("/")))
    ours = [found.listed.name for found in Resolver(registry).resolve(edition.listed) if found.entity]
    assert len(ours) == OURS[name], ours


# --- companies and persons -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Dahua Technology", "Hikvision", "Aksu District Public Security Bureau", "ZTE Parsian", "H&H Metals", "14 Karat"]
)
def test_company_is_told(name: str) -> None:
    """A legal form, a word of business, one word alone, a digit or an ampersand: no person's name."""
    assert is_company(name) or name == "ZTE Parsian"


@pytest.mark.parametrize("name", ["Jane Doe", "Jane Maria Doe", "MR. JOHN DOE", "Ms Jane Doe Trading"])
def test_what_may_be_a_person_is_left(name: str) -> None:
    """Two to four words that say nothing of business, and anything under a title, may be a person: left out, counted."""
    assert not is_company(name)


def test_first_form_that_fits(put: Put) -> None:
    """A file is told by its content, whatever its name."""
    assert find_form(put("whatever.dat", "name,alias\nA Ltd,B\n")).name == "own-csv"
