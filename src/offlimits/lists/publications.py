"""Where publishers keep their lists: the addresses `lists update` may ask, and no other."""

from __future__ import annotations

from offlimits.model import Value

OFAC = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"


class Publication(Value, frozen=True):
    """One list as published. `urls` and `files` go together, the main file first; `least` companies make it plausible."""

    name: str
    form: str
    title: str
    urls: tuple[str, ...]
    files: tuple[str, ...]
    least: int


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
)
