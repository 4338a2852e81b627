"""Where publishers keep their lists: the addresses `lists update` may ask, and no other."""

from __future__ import annotations

from offlimits.model import Value

OFAC = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"
CANADA = "https://www.international.gc.ca/world-monde/assets/office_docs/international_relations-relations_internationales/sanctions"
SESAM = "https://www.sesam.search.admin.ch/sesam-search-web/pages/downloadXmlGesamtliste.xhtml"
IEEE = "https://standards-oui.ieee.org"


class Publication(Value, frozen=True):
    """One list as published. `urls` and `files` go together, the main file first; `least` companies make it plausible.

    Not here, on purpose: Australia's (its published address is reported to answer with a whole file of 2022), the World Bank's (its page
    asks for a key), section 1260H (a PDF whose address changes with each edition), UFLPA and the Entity List (web pages).
    """

    name: str
    form: str
    title: str
    urls: tuple[str, ...]
    files: tuple[str, ...]
    least: int


def _one(name: str, form: str, title: str, url: str, file: str, least: int) -> Publication:
    return Publication(name=name, form=form, title=title, urls=(url,), files=(file,), least=least)


PUBLICATIONS: tuple[Publication, ...] = (
    Publication(
        name="ofac-sdn",
        form="ofac-csv",
        title="OFAC Specially Designated Nationals",
        urls=(f"{OFAC}/SDN.CSV", f"{OFAC}/ALT.CSV", f"{OFAC}/ADD.CSV"),
        files=("sdn.csv", "alt.csv", "add.csv"),
        least=5_000,
    ),
    Publication(
        name="ofac-consolidated",
        form="ofac-csv",
        title="OFAC consolidated (non-SDN) lists, with NS-CMIC",
        urls=(f"{OFAC}/CONS_PRIM.CSV", f"{OFAC}/CONS_ALT.CSV", f"{OFAC}/CONS_ADD.CSV"),
        files=("cons_prim.csv", "cons_alt.csv", "cons_add.csv"),
        least=200,
    ),
    _one(
        "us-csl",
        "csl-csv",
        "US Consolidated Screening List, with the Entity List",
        "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv",
        "consolidated.csv",
        5_000,
    ),
    _one(
        "un-sc",
        "un-xml",
        "United Nations Security Council Consolidated List",
        "https://scsanctions.un.org/resources/xml/en/consolidated.xml",
        "consolidated.xml",
        200,
    ),
    _one(
        "eu-fsf",
        "eu-fsf-xml",
        "EU consolidated list of financial sanctions",
        "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
        "eu_fsf.xml",
        500,
    ),
    _one(
        "uk-sanctions",
        "uk-xml",
        "UK Sanctions List",
        "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml",
        "uk_sanctions_list.xml",
        500,
    ),
    _one("ca-sema", "ca-sema-xml", "Canada's consolidated autonomous sanctions list", f"{CANADA}/sema-lmes.xml", "sema_lmes.xml", 200),
    _one(
        "ch-seco",
        "ch-sesam-xml",
        "Swiss sanctions list (SESAM)",
        f"{SESAM}?lang=en&action=downloadXmlGesamtlisteAction",
        "sesam.xml",
        500,
    ),
    _one("ieee", "ieee-csv", "IEEE hardware address prefixes, MA-L", f"{IEEE}/oui/oui.csv", "oui.csv", 30_000),
    _one("ieee-ma-m", "ieee-csv", "IEEE hardware address prefixes, MA-M", f"{IEEE}/oui28/mam.csv", "mam.csv", 3_000),
    _one("ieee-ma-s", "ieee-csv", "IEEE hardware address prefixes, MA-S", f"{IEEE}/oui36/oui36.csv", "oui36.csv", 3_000),
    _one("ieee-iab", "ieee-csv", "IEEE hardware address prefixes, IAB", f"{IEEE}/iab/iab.csv", "iab.csv", 3_000),
)
