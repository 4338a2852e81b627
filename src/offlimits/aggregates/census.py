"""Census: how many devices of which maker, brand, site and age; what is not known stands beside it; and what removal would cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from offlimits.aggregates.devices import Devices, own_findings
from offlimits.aggregates.numbers import how_many
from offlimits.errors import UsageError
from offlimits.model import STRENGTHS
from offlimits.report import At, Census, CensusRow, Removal, ReportFinding

SERIAL = re.compile(r"\b[iI]?[dD][sS]-[A-Za-z0-9()/-]{5,30}?((?:20[0-4]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?=[A-Z]{2,})")
"""A Hikvision serial number is its model, the day on which it was made, and a batch of letters and digits."""


class Counts(msgspec.Struct, frozen=True):
    """What the sources say of their things: how many there are, by the quantities of registers; the sign that parts whole from part in
    those of each sheet; and since when there are the things of some places."""

    installed: int
    signs: Mapping[tuple[int, str], str]
    made: Mapping[At, date]


class Plan(msgspec.Struct, frozen=True):
    """What the user said for a removal plan: the least and the most that replacing one device costs, and how many years one lasts."""

    low: Decimal
    high: Decimal
    life_years: int | None = None


class Counted(msgspec.Struct, frozen=True):
    """One device or one line of a register: how many it stands for, and its best finding."""

    finding: ReportFinding
    count: int
    made: date | None


def read_cost(text: str) -> tuple[Decimal, Decimal]:
    """`200-600` → least and most; `350` → the same twice. Raises `UsageError`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:\s*[-–]\s*(\d+(?:\.\d+)?))?", text.strip())
    low, high = (Decimal(found[1]), Decimal(found[2] or found[1])) if found else (Decimal(1), Decimal(0))
    if low > high:
        raise UsageError(f"--cost-per-device: {text!r} is no range of money", "write 200-600")
    return low, high


def census(findings: Sequence[ReportFinding], devices: Devices, counts: Counts, plan: Plan | None, as_of: date) -> Census | None:
    """The census of all that is installed; None where there is none."""
    if not counts.installed:
        return None
    counted, found = _count(findings, devices, counts)
    registers = counts.installed - len(devices.places) - sum(found[at] for at in found.keys() - devices.places.keys())
    unknown = max(registers, 0) + max(devices.count - len({devices.places[at] for at in found.keys() & devices.places.keys()}), 0)
    firm = [item for item in counted if item.finding.strength != "possible"]
    possible = [item for item in counted if item.finding.strength == "possible"]
    return Census(
        counted=sum(item.count for item in counted) + unknown,
        firm=sum(item.count for item in firm),
        possible=sum(item.count for item in possible),
        unknown=unknown,
        by_maker=_rows(counted, lambda item: item.finding.group),
        by_brand=_rows(counted, lambda item: item.finding.entity),
        by_site=_rows(counted, lambda item: item.finding.site or item.finding.body or "not told"),
        by_year=_rows(counted, lambda item: str(item.made.year) if item.made else "not known", by_name=True),
        removal=_removal(firm, plan, as_of) if plan else None,
    )


def _count(findings: Sequence[ReportFinding], devices: Devices, counts: Counts) -> tuple[list[Counted], dict[At, int]]:
    """The strongest finding of each device or line, each once; and the places of all, each with how many things stand there."""
    best: dict[object, ReportFinding] = {}
    made: dict[object, date] = {}
    places: dict[At, int] = {}
    for finding in sorted(own_findings(findings), key=lambda item: STRENGTHS.index(item.strength)):
        if finding.channel != "install" or (finding.decision and finding.decision.verdict == "dismissed"):
            continue
        device = devices.of_finding(finding)
        key: object = device.key if device else (finding.at if finding.at.words else finding.id)
        best.setdefault(key, finding)
        places[finding.at] = how_many(finding.quantity or "", counts.signs.get((finding.at.source, finding.at.sheet or ""), "."))
        serial = next((day for mention in finding.mentions if (day := made_on(mention.text))), None)
        if day := serial or counts.made.get(finding.at):
            made.setdefault(key, day)
    counted = [Counted(finding, places[finding.at], made.get(key)) for key, finding in best.items()]
    return counted, places


def made_on(text: str) -> date | None:
    """The day on which a device was made, where the text holds a serial number that says so."""
    found = SERIAL.search(text)
    try:
        return date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:])) if found else None
    except ValueError:
        return None


def _rows(counted: Iterable[Counted], name: Callable[[Counted], str], by_name: bool = False) -> list[CensusRow]:
    sums: dict[str, list[int]] = {}
    for item in counted:
        sums.setdefault(name(item), [0, 0])[item.finding.strength == "possible"] += item.count
    rows = [CensusRow(name=key, firm=firm, possible=possible) for key, (firm, possible) in sums.items()]
    return sorted(rows, key=lambda row: (row.name,) if by_name else (-row.firm, -row.possible, row.name))


def _removal(firm: Sequence[Counted], plan: Plan, as_of: date) -> Removal:
    """Gross, and net of what has reached the end of its life by the report's date. A device of unknown age is not said to have."""
    total = sum(item.count for item in firm)
    due = sum(item.count for item in firm if plan.life_years is not None and item.made and _years(item.made, as_of) >= plan.life_years)
    return Removal(
        cost_per_device=[str(plan.low), str(plan.high)],
        devices=total,
        gross=[str(plan.low * total), str(plan.high * total)],
        life_years=plan.life_years,
        due=due,
        net=[str(plan.low * (total - due)), str(plan.high * (total - due))],
        unknown_age=sum(item.count for item in firm if item.made is None),
    )


def _years(made: date, on: date) -> int:
    return on.year - made.year - ((on.month, on.day) < (made.month, made.day))
