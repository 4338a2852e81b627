"""Tables of the SEC's quarterly data set: never screened as if one of them were a portfolio."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Runner, check_conserved

from offlimits.readers.nport_tables import NPortTables

HEADERS = {
    "FUND_REPORTED_HOLDING.tsv": "ACCESSION_NUMBER\tHOLDING_ID\tISSUER_NAME\tISSUER_TITLE\tCURRENCY_VALUE",
    "IDENTIFIERS.tsv": "\ufeffHOLDING_ID\tIDENTIFIERS_ID\tIDENTIFIER_ISIN\r",
}


@pytest.mark.parametrize("name", HEADERS)
def test_says_what_to_do(run: Runner, put: Callable[..., Path], name: str) -> None:
    """One table is a reject that names the command which joins them, not a portfolio and not a list of purchases."""
    report = run(put(name, HEADERS[name] + "\n1\t2\tZTE CORP\t\t5\n"))
    check_conserved(report)
    assert (report.sources[0].reader, report.rejects_by_code, report.findings) == ("nport-data-set", {"unrecognised-format": 1}, [])
    assert "offlimits funds index" in report.rejects[0].reason


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xfe\0",
        b"ACCESSION_NUMBER\tINFOTABLE_SK\tNAMEOFISSUER\tCUSIP\n",
        b"holding_id,identifiers_id\n",
        b"ACCESSION_NUMBER\tHOLDING_ID",
    ],
)
def test_takes_nothing_else(head: bytes) -> None:
    """Other tables, of the SEC's too, and tables cut in their header are left to the others."""
    assert not NPortTables().recognise(Path("x.tsv"), head)
