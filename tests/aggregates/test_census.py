"""Counts of what is installed, and what removal would cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import books
import make_devices
import pytest
import wires
from conftest import DAY, Runner

from offlimits.aggregates.census import Plan, made_on, read_cost
from offlimits.errors import UsageError
from offlimits.folding import Asks, fold
from offlimits.registry import Registry
from offlimits.report import Census
from offlimits.reports.page import render_page

Put = Callable[..., Path]
REGISTER = """Site,Manufacturer,Model,Serial,Quantity
North,Hikvision,DS-2CD2143G2-I,DS-2CD2143G2-I20160414AAWRE00000000,3
North,Dahua,IPC-HDW2431T-AS-S2,,2
South,Hikvision,DS-2CD2T47G1-L,DS-2CD2T47G1-L20250522AAWRD00000000,1
South,Axis,P3245-V,,4
South,unknown camera,,,1
"""


def census(run: Runner, registry: Registry, plan: Plan | None, *paths: Path) -> Census:
    """The census of these files."""
    run(*paths)
    found = fold(run.outcomes, registry, DAY, "neutral", {}, Asks(plan=plan)).aggregates.census
    assert found is not None
    return found


def test_register_is_counted(run: Runner, put: Put, registry: Registry) -> None:
    """Quantities count; makers, years and what is not known stand beside one another."""
    found = census(run, registry, None, put("register.csv", REGISTER))
    assert (found.firm, found.possible, found.unknown) == (6, 0, 5)
    assert [(row.name, row.firm) for row in found.by_maker] == [("hikvision", 4), ("dahua", 2)]
    assert [(row.name, row.firm) for row in found.by_year] == [("2016", 3), ("2025", 1), ("not known", 2)]
    assert found.removal is None

    assert [(row.name, row.firm) for row in found.by_site] == [("North", 5), ("South", 1)]


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        (["12.00", "1,200", "3 pcs", "1.000", "2.5"], [12, 1200, 3, 1, 2]),
        (["12,00", "1.200", "4 Stk."], [12, 1200, 4]),
        (["0", "-2", "", "²", "many", "0.5"], [0, 0, 1, 1, 1, 1]),
        (["12 cameras", "x3", "~12", "twelve", "nil", "2 NVRs"], [12, 3, 12, 12, 0, 2]),
        (["1.000", "2,5", "3"], [1000, 2, 3]),
        (["-1e1000000", "1" + " " * 100_000 + "1", "1" * 100_000 + "x"], [0, 1, 1]),
    ],
)
def test_quantities(run: Runner, put: Put, registry: Registry, cells: list[str], counts: list[int]) -> None:
    """Quantities are read as sheets write them, for devices known and unknown; none and less are none, what is no number is one thing."""
    for maker, model in (("Hikvision", "DS-2CD2143G2-I"), ("Axis", "P3245-V")):
        rows = "".join(f'{maker};{model};"{cell}"\n' for cell in cells)
        found = census(run, registry, None, put(f"{maker}.csv", f"Manufacturer;Model;Quantity\n{rows}"))
        assert (found.firm, found.unknown) == ((sum(counts), 0) if maker == "Hikvision" else (0, sum(counts)))


@pytest.mark.parametrize("header", ["Qty on hand", "Total Qty", "Stückzahl", "Units held", "No. of cameras", "Quantity in use"])
def test_headers_of_quantities(run: Runner, put: Put, registry: Registry, header: str) -> None:
    """Columns of quantities are known by many headers."""
    assert (
        census(run, registry, None, put("r.csv", f"Site,Manufacturer,Model,{header}\nA,Hikvision,DS-2CD2143G2-I,12\nB,Axis,P3245,5\n")).firm
        == 12
    )


def test_what_a_sign_parts_is_settled_by_the_whole_sheet(run: Runner, put: Put, registry: Registry) -> None:
    """A comma that parts whole from part in any row, of a listed maker or not, makes 1.000 a thousand in all rows, wherever it stands."""
    rows = ["Hikvision;DS-2CD2143G2-I;1.000", "Axis;P3245-V;2,5", "Bosch;NBE-3502;3"]
    for order in (rows, rows[::-1]):
        found = census(run, registry, None, put("s.csv", "Manufacturer;Model;Quantity\n" + "\n".join(order) + "\n"))
        assert (found.firm, found.unknown) == (1000, 5)


def test_columns_say_the_age(run: Runner, put: Put, registry: Registry) -> None:
    """A serial number says the year, else a column does: when it was made, put up, bought; no other day is taken for that."""
    rows = "A,Hikvision,DS-2CD2143G2-I,,01/04/2015,2012-03-01,2019\nB,Hikvision,DS-2CD2143G2-I,,01/04/2015,,\nC,Dahua,IPC-HFW2431S-S-S2,,2018,,\n"
    rows += "D,Hikvision,DS-2CD2143G2-I,DS-2CD2143G2-I20160414AAWRE00000000,2020,,\nE,Hikvision,DS-2CD2143G2-I,,,,2019\n"
    text = f"Site,Manufacturer,Model,Serial,Purchase date,Manufacture date,End of life\n{rows}"
    found = census(run, registry, Plan(Decimal(1), Decimal(1), 8), put("r.csv", text))
    assert [(row.name, row.firm) for row in found.by_year] == [("2012", 1), ("2015", 1), ("2016", 1), ("2018", 1), ("not known", 1)]
    assert found.removal is not None
    assert (found.removal.due, found.removal.unknown_age) == (3, 1)


def test_totals_and_what_is_gone_are_not_counted(run: Runner, put: Put, registry: Registry) -> None:
    """Totals, and rows whose status or day of disposal says that they are gone, are findings, but nothing to remove, and the report says how
    many there were; a firm of that name, a day to come and words elsewhere change nothing."""
    head = "Site,Manufacturer,Model,Qty,Status,Disposal date,Notes\n"
    there = "Hall,Hikvision,DS-2CD2143G2-I,10,In use,,\nHall,Hikvision,DS-2CD2143G2-I,2,,2099-01-01,removed twice a year for cleaning\n"
    there += "Hall,Hikvision,DS-2CD2143G2-I,3,lost signal,,\nHall,Hikvision,DS-2CD2143G2-I,4,replaced lens 2023,,\n"
    there += "Total Hall,Dahua,IPC-HDW2431T-AS-S2,1,,,\n"
    gone = "Hall,Hikvision,DS-2CD2143G2-I,3,Disposed,,\nHall,Dahua,IPC-HDW2431T-AS-S2,4,decommissioned 2024,,\n"
    gone += "Hall,Hikvision,DS-2CD2143G2-I,5,,12/03/2024,\n,Hikvision total,,12,,,\nTotal,,,25,,,\n"
    found = census(run, registry, Plan(Decimal(1), Decimal(1)), path := put("r.csv", head + there + gone))
    assert (found.firm, found.unknown, found.removal and found.removal.devices) == (20, 0, 20)
    assert any("5 rows are totals" in note for source in run(path).sources for note in source.notes)


def test_removal_is_net_of_what_is_due(run: Runner, put: Put, registry: Registry) -> None:
    """Cost is the user's range times the count; devices past their life are taken off, those of unknown age are not."""
    found = census(run, registry, Plan(Decimal(200), Decimal(600), 8), put("register.csv", REGISTER)).removal
    assert found is not None
    assert (found.devices, found.due, found.unknown_age) == (6, 3, 2)
    assert (found.gross, found.net) == (["1200", "3600"], ["600", "1800"])


def test_device_in_several_sources_counts_once(run: Runner, put: Put, registry: Registry) -> None:
    """A camera in a capture, a neighbour table and a scan is one device."""
    put("d/capture.pcap", wires.pcap(wires.estate()))
    put("d/arp.txt", make_devices.LINUX)
    found = census(run, registry, None, put("d/scan.xml", make_devices.NMAP).parent)
    assert (found.firm, found.unknown, found.counted) == (2, 2, 4)


def test_headings_are_no_things(run: Runner, put: Put, registry: Registry) -> None:
    """A maker in a title, a header or the name of a sheet is a finding, and none of the things that are counted."""
    rows = [["Hikvision cameras 2024", ""], ["Location", "Dahua cameras"], ["Gate", "2"], ["Door", "1"]]
    found = census(run, registry, None, put("list.xlsx", books.xlsx({"Hikvision": rows})))
    assert (found.firm, found.possible, found.unknown) == (0, 0, 2)


def test_sheets_of_choices_and_disposals_are_not_counted(run: Runner, put: Put, registry: Registry) -> None:
    """Names to pick from, and what a sheet of its own says is gone, are nothing to remove; a camera list is a register."""
    register = [["Site", "Make", "Model"], ["Hall", "Axis", "P3245-V"], ["Hall", "Hikvision", "DS-2CD2143G2-I"]]
    gone = [["Site", "Make", "Model"], ["Hall", "Hikvision", "DS-2CD2143G2-I"]]
    sheets = {"Camera list": register, "Lists": [["Make", "Type"], ["Hikvision", "Dome"], ["Dahua", "PTZ"]], "Disposals": gone}
    found = census(run, registry, None, put("r.xlsx", books.xlsx(sheets)))
    assert (found.firm, found.unknown) == (1, 1)


def test_suppliers_are_no_census(run: Runner, put: Put) -> None:
    """Lines of spending are not what is installed."""
    assert run(put("spend.csv", "Supplier,Amount\nHikvision UK Ltd,10\n")).aggregates.census is None


def test_serial_numbers_say_the_day() -> None:
    """The day stands between model and batch; other digits say nothing."""
    assert made_on("DS-2CD2385G1-I20200414AAWRE00000000") == date(2020, 4, 14)
    assert made_on("DS-7608NI-K2/8P0820190522CCRRD00000000WCVU") == date(2019, 5, 22)
    assert made_on("DS-2CD2385G1-I") is None
    assert made_on("DS-2CD2385G1-I20201399AAWR") is None


def test_cost_is_read() -> None:
    """A range or one number; anything else is a usage error."""
    assert read_cost("200-600") == (Decimal(200), Decimal(600))
    assert read_cost("350.50") == (Decimal("350.50"), Decimal("350.50"))
    for wrong in ("600-200", "cheap", "-5", ""):
        with pytest.raises(UsageError):
            read_cost(wrong)


def test_page_says_the_plan(run: Runner, put: Put, registry: Registry) -> None:
    """Census and removal plan stand on the page."""
    run(put("register.csv", REGISTER))
    report = fold(run.outcomes, registry, DAY, "neutral", {}, Asks(plan=Plan(Decimal(200), Decimal(600), 8)))
    page = render_page(report).decode()
    assert "1,200 to 3,600" in page
    assert "600 to 1,800" in page
