"""Golden cases of the XML lists (and the CSV beside one of them), and what damaged files do to each form."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import data_folder

from offlimits.errors import ListError
from offlimits.lists import FORMS
from offlimits.lists.base import PERSON, VESSEL, Form, Listed
from offlimits.lists.reading import find_form, read_edition
from offlimits.lists.resolving import Resolver
from offlimits.registry import Registry

CASES = Path(__file__).with_name("cases")
FOUND = sorted(CASES.glob("*/*/input.*"))
XML = [path for path in FOUND if path.suffix == ".xml"]
CASE_OF = {
    form.name: next(path for path in FOUND if path.parent.parent.name == form.name) for form in FORMS if (CASES / form.name).is_dir()
}
FORM_OF = {form.name: form for form in FORMS}
XML_FORMS = [name for name, path in CASE_OF.items() if path.suffix == ".xml"]
LEFT_OUT = ("path", "sha256", "title", "publisher", "does_not_say")
Put = Callable[..., Path]


def told(path: Path) -> dict[str, Any]:
    """What the form says of the file, as plain values, without what is the same for every file of the form."""
    plain: dict[str, Any] = json.loads(msgspec.json.encode(read_edition(path)))
    return {key: value for key, value in plain.items() if key not in LEFT_OUT}


@pytest.mark.parametrize("path", FOUND, ids=[str(path.parent.relative_to(CASES)) for path in FOUND])
def test_golden_case(path: Path) -> None:
    """The whole reading of the case is the one that was kept, and the form is told from the content."""
    assert find_form(path).name == path.parent.parent.name
    expected = path.with_name("expected.json")
    if os.environ.get("OFFLIMITS_REWRITE"):
        expected.write_text(json.dumps(told(path), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert told(path) == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FOUND, ids=[str(path.parent.relative_to(CASES)) for path in FOUND])
def test_no_person_and_no_ship_is_taken(path: Path) -> None:
    """Invented persons and ships are counted, and nothing of them stands in the result."""
    edition = read_edition(path)
    assert "nobody" not in msgspec.json.encode((edition.listed, edition.rejects)).decode().lower()
    assert "tanker" not in msgspec.json.encode((edition.listed, edition.rejects)).decode().lower()


@pytest.mark.parametrize("name", CASE_OF)
def test_persons_and_ships_are_counted(name: str) -> None:
    """The first case of each form holds one of each kind that its list has."""
    skipped = read_edition(CASE_OF[name]).skipped
    assert skipped[PERSON] == 1
    assert name == "eu-fsf-xml" or skipped[VESSEL] == 1


# --- damage ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", XML_FORMS)
def test_other_root(name: str, put: Put) -> None:
    """Another root is an error that names both."""
    text = CASE_OF[name].read_text(encoding="utf-8")
    root = text.rpartition("</")[2].strip(" >\n")
    path = put("other.xml", text.replace(f"<{root}", "<Somebody").replace(f"</{root}", "</Somebody"))
    with pytest.raises(ListError, match=rf"'Somebody' where the form has '{root}'"):
        read_edition(path, name)


@pytest.mark.parametrize("name", XML_FORMS)
def test_other_namespace(name: str, put: Put) -> None:
    """Another namespace is an error that names it, though the form is still told from the rest."""
    text = CASE_OF[name].read_text(encoding="utf-8")
    root = text.rpartition("</")[2].strip(" >\n")
    head, _, rest = text.partition(f"<{root}")
    tag, _, body = rest.partition(">")
    own = " ".join(word for word in tag.split() if not word.startswith("xmlns="))
    path = put("other.xml", f'{head}<{root} xmlns="urn:other" {own}>{body}')
    assert find_form(path).name == name
    with pytest.raises(ListError, match="namespace of its root is 'urn:other'"):
        read_edition(path)


@pytest.mark.parametrize("name", XML_FORMS)
def test_cut_off_anywhere(name: str, put: Put) -> None:
    """A file cut off at any byte is an error, never a crash and never a shorter list."""
    whole = CASE_OF[name].read_bytes().rstrip()
    form = FORM_OF[name]
    for size in range(0, len(whole), 7):
        path = put("cut.xml", whole[:size])
        with pytest.raises(ListError):
            list(form.read(path))


@pytest.mark.parametrize("name", XML_FORMS)
def test_bytes_out_of_order(name: str, put: Put) -> None:
    """A byte that became another is an error or a reading, never a crash."""
    whole = CASE_OF[name].read_bytes()
    form = FORM_OF[name]
    for at in range(0, len(whole), 11):
        path = put("odd.xml", whole[:at] + bytes([whole[at] ^ 0x11]) + whole[at + 1 :])
        _survives(form, path)


def _survives(form: Form, path: Path) -> None:
    with contextlib.suppress(ListError):
        assert all(form.read(path))
        form.edition(path)


@pytest.mark.parametrize("name", XML_FORMS)
def test_document_type_is_refused(name: str, put: Put) -> None:
    """Entities that unfold to gigabytes, and files asked from elsewhere, are refused before anything is read."""
    text = CASE_OF[name].read_text(encoding="utf-8")
    root = text.rpartition("</")[2].strip(" >\n")
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    for inner in (f'<!ENTITY a0 "ha">{laughs}', '<!ENTITY x SYSTEM "file:///etc/passwd">', ""):
        path = put("laughs.xml", text.replace(f"<{root}", f"<!DOCTYPE {root} [{inner}]><{root}", 1))
        with pytest.raises(ListError, match="declares a document type"):
            read_edition(path, name)
        with pytest.raises(ListError):
            FORM_OF[name].edition(path)


MANDATORY = {
    "ofac-xml": {"uid": "uid", "lastName": "lastName", "sdnType": "sdnType"},
}


@pytest.mark.parametrize(("name", "element", "named"), [(name, *pair) for name, pairs in MANDATORY.items() for pair in pairs.items()])
def test_missing_element_is_named(name: str, element: str, named: str, put: Put) -> None:
    """Where no record has what every record had, the form has changed, and the error says what is gone."""
    text = CASE_OF[name].read_text(encoding="utf-8")
    path = put("gone.xml", text.replace(f"<{element}>", "<Renamed>").replace(f"</{element}>", "</Renamed>"))
    with pytest.raises(ListError, match=f"has its .*{named}"):
        read_edition(path, name)


def test_lines_are_right_in_long_files(put: Put) -> None:
    """Places are the lines on which records open, beyond the 65,535th too."""
    entry = "<sdnEntry>\n <uid>{}</uid>\n <lastName>FIRM</lastName>\n <sdnType>Entity</sdnType>\n</sdnEntry>\n"
    head = '<sdnList xmlns="http://tempuri.org/sdnList.xsd">\n'
    path = put("long.xml", head + "".join(entry.format(number) for number in range(20000)) + "</sdnList>")
    lines = [event.place.line for event in FORM_OF["ofac-xml"].read(path) if isinstance(event, Listed)]
    assert lines == [2 + 5 * number for number in range(20000)]


# --- OFAC --------------------------------------------------------------------------------------


def test_ofac_xml_says_what_the_csv_says() -> None:
    """One record of both forms of the same list: the same identifiers, programmes, names and listing day."""
    ours = read_edition(CASE_OF["ofac-xml"]).listed[0]
    rows = read_edition(data_folder("lists", "watchman", "cons_prim.csv"))
    theirs = next(record for record in rows.listed if record.key == ours.key)
    for what in ("name", "programmes", "since", "names"):
        assert (
            sorted(getattr(ours, what)) == sorted(getattr(theirs, what))
            if what == "names"
            else getattr(ours, what) == getattr(theirs, what)
        )
    assert set(ours.identifiers) == set(theirs.identifiers)


# --- the real copy -----------------------------------------------------------------------------


def test_xml_cases_are_companies_of_ours(registry: Registry) -> None:
    """The true companies of the cases are found in the registry by what the lists say of them."""
    resolver = Resolver(registry)
    for path in XML:
        if path.parent.name == "new-namespace":
            continue
        assert any(found.entity for found in resolver.resolve(read_edition(path).listed)), path
