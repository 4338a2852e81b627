"""The XML lists, and the CSV beside one of them: what they leave out, what damaged files do to each, whom they name of ours. Their golden cases are read by `test_forms.py`."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Callable
from pathlib import Path

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
FOUND = sorted(path for path in CASES.glob("*/*/input.*") if path.suffix == ".xml" or path.parts[-3] == "uk-csv")
FULLEST = {"ca-sema-xml": "english-tags"}
"""The case of a form that has most of what the form can hold, where it is not the first."""
CASE_OF = {
    form.name: next(path for path in FOUND if path.parent.parent.name == form.name and FULLEST.get(form.name, "") in path.parts[-2])
    for form in FORMS
    if any(path.parts[-3] == form.name for path in FOUND)
}
FORM_OF = {form.name: form for form in FORMS}
XML_FORMS = [name for name, path in CASE_OF.items() if path.suffix == ".xml"]
Put = Callable[..., Path]


@pytest.mark.parametrize("path", FOUND, ids=[str(path.parent.relative_to(CASES)) for path in FOUND])
def test_no_person_and_no_ship_is_taken(path: Path) -> None:
    """Invented persons and ships are counted, and nothing of them stands in the result."""
    edition = read_edition(path)
    assert "nobody" not in msgspec.json.encode((edition.listed, edition.rejects)).decode().lower()
    assert "tanker" not in msgspec.json.encode((edition.listed, edition.rejects)).decode().lower()


@pytest.mark.parametrize("name", CASE_OF)
def test_persons_and_ships_are_counted(name: str) -> None:
    """The fullest case of each form holds one of each kind that its list has."""
    skipped = read_edition(CASE_OF[name]).skipped
    assert skipped[PERSON] == 1
    assert name in ("eu-fsf-xml", "un-xml") or skipped[VESSEL] == 1


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
        if name != "ca-sema-xml":  # it has no day to look for
            with pytest.raises(ListError):
                FORM_OF[name].edition(path)


MANDATORY = {
    "ofac-xml": ["uid", "lastName", "sdnType"],
    "ofac-advanced-xml": ["Profile", "PartySubTypeID", "DocumentedName"],
    "un-xml": ["REFERENCE_NUMBER", "FIRST_NAME"],
    "eu-fsf-xml": ["subjectType", "nameAlias"],
    "uk-xml": ["UniqueID", "IndividualEntityShip", "Names"],
    "ca-sema-xml": ["Country", "Schedule", "EntityOrShip"],
    "ch-sesam-xml": ["ssid", "entity", "name"],
}


def renamed(text: str, name: str) -> str:
    """The file with an element or attribute of this name called otherwise."""
    text = re.sub(rf"(</?){name}(?=[\s/>])", r"\1Renamed", text)
    return re.sub(rf" {name}=", " Renamed=", text)


@pytest.mark.parametrize(("name", "element"), [(name, element) for name, elements in MANDATORY.items() for element in elements])
def test_missing_element_is_named(name: str, element: str, put: Put) -> None:
    """Where no record has what every record had, the form has changed, and the error says what is gone."""
    path = put("gone.xml", renamed(CASE_OF[name].read_text(encoding="utf-8"), element))
    with pytest.raises(ListError, match=f"has its .*{element}"):
        read_edition(path, name)


def test_every_xml_form_has_mandatory_elements() -> None:
    """No form is left out of the test above."""
    assert set(MANDATORY) == set(XML_FORMS)


DATES = {
    "ofac-xml": ("12/19/2025", "19 December"),
    "un-xml": ("2026-02-27T00:00:09.554Z", "soon"),
    "eu-fsf-xml": ("2026-08-05T16:47:04.449+02:00", "soon"),
    "uk-xml": ("21/09/2026", "soon"),
    "uk-csv": ("21-Sep-2026", "soon"),
    "ch-sesam-xml": ("2026-08-27", "soon"),
}


@pytest.mark.parametrize("name", DATES)
def test_odd_day_of_the_edition(name: str, put: Put) -> None:
    """A day that cannot be read is a changed form, not an undated list."""
    true, odd = DATES[name]
    path = put("odd", CASE_OF[name].read_text(encoding="utf-8").replace(true, odd))
    with pytest.raises(ListError, match="where the form has"):
        FORM_OF[name].edition(path)


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


@pytest.mark.parametrize("name", ["ofac-xml", "ofac-advanced-xml"])
def test_ofac_forms_agree(name: str) -> None:
    """The two XML forms say the same of one company: numbers, programmes, day."""
    classic, this = (read_edition(CASE_OF[form]).listed[0] for form in ("ofac-xml", name))
    assert set(this.identifiers) == set(classic.identifiers)
    assert (this.key, this.name, this.country, this.programmes, this.since) == (
        classic.key,
        classic.name,
        classic.country,
        classic.programmes,
        classic.since,
    )
    assert set(classic.names) <= set(this.names)


@pytest.mark.parametrize("gone", ["PartyType", "AliasType", "Script", "SanctionsType"])
def test_advanced_without_its_reference_sets(gone: str, put: Put) -> None:
    """Numbers that nothing explains are a changed form."""
    path = put("gone.xml", renamed(CASE_OF["ofac-advanced-xml"].read_text(encoding="utf-8"), gone))
    with pytest.raises(ListError, match=f"there is no {gone} before the parties"):
        read_edition(path, "ofac-advanced-xml")


def test_advanced_without_entries(put: Put) -> None:
    """Companies of which no entry says since when and by what programme are a changed form."""
    path = put("gone.xml", renamed(CASE_OF["ofac-advanced-xml"].read_text(encoding="utf-8"), "SanctionsEntry"))
    with pytest.raises(ListError, match="no SanctionsEntry"):
        read_edition(path, "ofac-advanced-xml")


# --- the UK's CSV ------------------------------------------------------------------------------


def test_uk_forms_agree() -> None:
    """The XML and the CSV of one list say the same of one body."""
    ours, theirs = (read_edition(CASE_OF[name]).listed[0] for name in ("uk-xml", "uk-csv"))
    for what in ("key", "name", "country", "programmes", "since"):
        assert getattr(ours, what) == getattr(theirs, what)
    assert set(theirs.names) <= set(ours.names)


def test_uk_csv_with_other_columns(put: Put) -> None:
    """A column that is gone is named, and what is there beside it; the older name of the kind is read too."""
    text = CASE_OF["uk-csv"].read_text(encoding="utf-8")
    with pytest.raises(ListError, match="without the column Regime Name; there is Last Updated"):
        read_edition(put("list.csv", text.replace("Regime Name", "Programme")))
    assert len(read_edition(put("list.csv", text.replace("Designation Type", '"Individual, Entity, Ship"'))).listed) == 2


def test_uk_csv_cut_off_anywhere(put: Put) -> None:
    """A CSV does not say where it ends: cut off at any byte it is an error or a shorter list, never a crash."""
    whole = CASE_OF["uk-csv"].read_bytes()
    for size in range(0, len(whole), 5):
        _survives(FORM_OF["uk-csv"], put("cut.csv", whole[:size]))
    before = csv.field_size_limit(1000)
    try:
        with pytest.raises(ListError, match="cannot be read as a table"):
            list(FORM_OF["uk-csv"].read(put("wide.csv", whole + b",X," + b"x" * 2000)))
    finally:
        csv.field_size_limit(before)


# --- Canada ------------------------------------------------------------------------------------


def test_canadian_tags_of_all_times() -> None:
    """English, bilingual and older tags name the same body."""
    names = {read_edition(path).listed[0].name for path in FOUND if path.parent.parent.name == "ca-sema-xml"}
    assert names == {"Xinjiang Production and Construction Corps Public Security Bureau"}


# --- the real copy, and ours -------------------------------------------------------------------


def test_real_copy_of_the_united_nations(registry: Registry) -> None:
    """Every entity and every individual of the real list of 2026-02-27 is counted, and no entity of it is a company of ours."""
    edition = read_edition(data_folder("lists", "watchman", "UN_consolidated.xml"))
    assert (edition.form, str(edition.edition)) == ("un-xml", "2026-02-27")
    assert (len(edition.listed), edition.skipped, edition.rejects) == (273, {PERSON: 730}, ())
    assert all(record.since for record in edition.listed)
    assert sum(alias.kind == "former" for record in edition.listed for alias in record.aliases) == 19
    assert sum(alias.kind == "local" for record in edition.listed for alias in record.aliases) == 42
    assert not [found for found in Resolver(registry).resolve(edition.listed) if found.entity]


OURS = {
    "ofac-xml/consolidated": {"hikvision"},
    "ofac-xml/new-namespace": {"xpcc"},
    "ofac-advanced-xml/consolidated": {"hikvision"},
    "ofac-advanced-xml/old-namespace": {"hikvision"},
    "eu-fsf-xml/enterprises": {"xpcc-psb", "hikvision"},
    "uk-xml/designations": {"xpcc-psb"},
    "uk-csv/designations": {"xpcc-psb"},
    "ca-sema-xml/english-tags": {"xpcc-psb"},
    "ca-sema-xml/bilingual-tags": {"xpcc-psb"},
    "ca-sema-xml/entity-tag": {"xpcc-psb"},
    "un-xml/entities": set(),
    "ch-sesam-xml/whole-list": set(),
}


@pytest.mark.parametrize("path", FOUND, ids=[str(path.parent.relative_to(CASES)) for path in FOUND])
def test_companies_of_ours(path: Path, registry: Registry) -> None:
    """The true companies of the cases are found in the registry by what the lists say of them, and nobody else is.

    The invented firm of the EU's case bears a number of Hikvision's, to show that a registration number that is one is read as such.
    """
    found = Resolver(registry).resolve(read_edition(path).listed)
    assert {item.entity for item in found if item.entity} == OURS[str(path.parent.relative_to(CASES))]
