"""Devices over all sources: one device, however many files show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from offlimits.model import ColumnKind
from offlimits.readers.base import Bond, Traffic, place_of
from offlimits.readers.devices import plain_mac
from offlimits.report import At, ReportFinding

SLACK = 86_400.0
"""Seconds around the time at which an address was a device's within which it still counts as its: leases last a day."""

MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")


class Known(msgspec.Struct):
    """One device: its hardware address (empty where none is known), its network addresses, names, places."""

    key: str
    mac: str
    addresses: dict[str, None] = {}
    names: dict[str, None] = {}
    at: dict[At, None] = {}


class Devices:
    """All devices of a run. `of` finds the one that a source knows by a hardware or network address."""

    def __init__(self, traffic: Iterable[tuple[int, Traffic]]) -> None:
        self.known: dict[str, Known] = {}
        self._bonds: dict[str, list[Bond]] = {}
        self.places: dict[At, str] = {}
        told = list(traffic)
        for _, part in told:
            for bond in part.bonds:
                self._bonds.setdefault(bond.address, []).append(bond)
        for source, part in told:
            for key, (position, names) in part.devices.items():
                at = At(source=source, **msgspec.structs.asdict(place_of(part.table, position)))
                device = self.of(key, None)
                device.names.update(dict.fromkeys(names))
                device.at[at] = None
                self.places[at] = device.key
        for bonds in self._bonds.values():
            for bond in bonds:
                self.of(bond.mac, None).addresses[bond.address] = None

    @property
    def count(self) -> int:
        """How many different devices sources show as such."""
        return len(set(self.places.values()))

    def of(self, key: str, first: float | None, last: float | None = None) -> Known:
        """The device with this hardware address, or that had this network address at that time, from the first to the last of it, as far as
        times are told; an address that two devices had then, or none, stays a device of its own."""
        mac = key if MAC.fullmatch(key) else self._holder(key, first, first if last is None else last)
        name = mac or key
        known = self.known.get(name)
        if known is None:
            known = self.known[name] = Known(name, mac)
            if not mac:
                known.addresses[key] = None
        return known

    def _holder(self, address: str, first: float | None, last: float | None) -> str:
        bonds = self._bonds.get(address, [])
        macs = {bond.mac for bond in bonds}
        if first is not None and last is not None:
            macs = {bond.mac for bond in bonds if _held(bond, first, last)}
        return macs.pop() if len(macs) == 1 else ""

    def of_finding(self, finding: ReportFinding) -> Known | None:
        """The device that a finding is about: its place is a device's, or it mentions the hardware address of one."""
        if key := self.places.get(finding.at):
            return self.known[key]
        macs = (plain_mac(mention.text.strip()) for mention in finding.mentions if mention.kind == "mac")
        return next((self.known[mac] for mac in macs if mac in self.known), None)


def _held(bond: Bond, first: float, last: float) -> bool:
    return (bond.first is None or bond.first - SLACK <= last) and (bond.last is None or first <= bond.last + SLACK)


def own_findings(findings: Sequence[ReportFinding], without: Sequence[ColumnKind] = ("called",)) -> list[ReportFinding]:
    """Findings that rest on what a thing is, not only on whom it called, or on other kinds of clue that say less."""
    return [item for item in findings if any(mention.kind not in without for mention in item.mentions)]
