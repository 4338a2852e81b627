"""A report to be shared: no hardware addresses, network addresses or host names."""

from __future__ import annotations

import re

import msgspec

from offlimits.report import (
    Aggregates,
    At,
    Call,
    CallDevice,
    CallHome,
    Decision,
    Disclaimed,
    Report,
    ReportFinding,
    ReportLead,
    ReportMention,
    ReportReject,
    ReportSource,
)

REMOVED = "[removed]"
HARDWARE = (
    r"(?<![0-9A-Za-z])(?:[0-9A-F]{2}[:\- ]){5,7}[0-9A-F]{2}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[0-9A-F]{4}[.\-:][0-9A-F]{4}[.\-:][0-9A-F]{4}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[0-9A-F]{6}[-:][0-9A-F]{6}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?=[0-9A-F]*[A-F])(?=[0-9A-F]*\d)[0-9A-F]{12}(?![0-9A-Za-z])"
)
NETWORK = (
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)"
    r"|(?<![0-9A-Za-z:])(?:[0-9a-f]{1,4}:){2,7}:?[0-9a-f]{0,4}(?:::?[0-9a-f]{1,4})*(?![0-9A-Za-z:])"
    r"|(?<![0-9A-Za-z:])(?:[0-9a-f]{1,4})?::[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*(?![0-9A-Za-z:])"
)
HOST = r"(?<![A-Za-z0-9_.-])(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+(?:[a-z]{2,24})(?![A-Za-z0-9_-])"
ADDRESSES = re.compile(f"{HARDWARE}|{NETWORK}", re.IGNORECASE)
SECRETS = re.compile(f"{HARDWARE}|{NETWORK}|{HOST}", re.IGNORECASE)
DIGITS = re.compile(r"(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])")
"""Twelve bare digits: an address where the text speaks of one, else a number."""

SAID = re.compile(r"\bmac\b|mac[ -]?(?:addr|id)|ethernet|bssid", re.IGNORECASE)
PRIVATE_KINDS = ("mac", "host", "hostname", "called", "sadp", "dhip", "mdns", "ssdp", "tls-subject", "tls-issuer", "realm")


def redact(report: Report) -> Report:
    """The same report without hardware addresses, network addresses and host names, in every text that came from the input.

    Folders before a file's name go too. Review keys of findings that rest on an address are emptied: a hash of one can be searched for.
    """
    return msgspec.structs.replace(
        report,
        redacted=True,
        sources=[_source(source) for source in report.sources],
        findings=[_finding(finding) for finding in report.findings],
        disclaimed=[_disclaimed(item) for item in report.disclaimed],
        leads=[_lead(lead) for lead in report.leads],
        rejects=[_reject(reject) for reject in report.rejects],
        aggregates=_aggregates(report.aggregates),
    )


def _clean(text: str) -> str:
    cleaned = SECRETS.sub(REMOVED, text)
    return DIGITS.sub(REMOVED, cleaned) if SAID.search(text) else cleaned


def _source(source: ReportSource) -> ReportSource:
    columns: dict[str, str] = {}
    for name, kind in source.columns.items():
        columns[_fresh(_clean(name), columns)] = kind
    return msgspec.structs.replace(
        source,
        path=ADDRESSES.sub(REMOVED, re.split(r"[\\/]", source.path)[-1]),
        columns=columns,
        notes=[_clean(note) for note in source.notes],
    )


def _fresh(name: str, taken: dict[str, str]) -> str:
    """The name, with a number behind it where cleaning has made two alike."""
    return name if name not in taken else next(other for number in range(2, len(taken) + 3) if (other := f"{name} {number}") not in taken)


def _at(at: At) -> At:
    return msgspec.structs.replace(at, sheet=_clean(at.sheet)) if at.sheet is not None else at


def _finding(finding: ReportFinding) -> ReportFinding:
    by_address = any(mention.kind in PRIVATE_KINDS for mention in finding.mentions) or any(why.rule == "mac-prefix" for why in finding.why)
    private = by_address or any(_clean(mention.text) != mention.text for mention in finding.mentions)

    def clean(text: str) -> str:
        return DIGITS.sub(REMOVED, _clean(text)) if by_address else _clean(text)

    return msgspec.structs.replace(
        finding,
        at=_at(finding.at),
        mentions=[_mention(mention, clean(mention.text)) for mention in finding.mentions],
        why=[msgspec.structs.replace(why, detail=clean(why.detail)) for why in finding.why],
        body=clean(finding.body),
        supplier=clean(finding.supplier),
        device=REMOVED if finding.device else "",
        site=clean(finding.site),
        ask=clean(finding.ask),
        decision=_decision(finding.decision),
        review_key="" if private else finding.review_key,
    )


def _aggregates(aggregates: Aggregates) -> Aggregates:
    """Devices become numbers. Who called whom stays by owner, place and operator; addresses, and hosts, go."""
    home = aggregates.call_home
    census = aggregates.census
    if census:
        by_site = [msgspec.structs.replace(row, name=_clean(row.name)) for row in census.by_site]
        aggregates = msgspec.structs.replace(aggregates, census=msgspec.structs.replace(census, by_site=by_site))
    return msgspec.structs.replace(aggregates, call_home=_home(home)) if home else aggregates


def _home(home: CallHome) -> CallHome:
    devices = [_device(device, number) for number, device in enumerate(home.devices, start=1)]
    return msgspec.structs.replace(home, devices=devices, calls=[_call(call) for call in home.calls])


def _device(device: CallDevice, number: int) -> CallDevice:
    at = [_at(place) for place in device.at]
    return msgspec.structs.replace(device, name=f"device {number}", mac="", addresses=[], hostnames=[], at=at)


def _call(call: Call) -> Call:
    return msgspec.structs.replace(call, hosts=[REMOVED] * bool(call.hosts), address=REMOVED if call.address else "", at=_at(call.at))


def _mention(mention: ReportMention, cleaned: str) -> ReportMention:
    return msgspec.structs.replace(mention, field=_clean(mention.field), text=REMOVED if mention.kind in PRIVATE_KINDS else cleaned)


def _decision(decision: Decision | None) -> Decision | None:
    return msgspec.structs.replace(decision, why=_clean(decision.why), by=_clean(decision.by)) if decision else None


def _disclaimed(item: Disclaimed) -> Disclaimed:
    return msgspec.structs.replace(item, at=_at(item.at), field=_clean(item.field), text=_clean(item.text), detail=_clean(item.detail))


def _lead(lead: ReportLead) -> ReportLead:
    return msgspec.structs.replace(
        lead,
        at=[_at(at) for at in lead.at],
        body=_clean(lead.body),
        supplier=_clean(lead.supplier),
        example=_clean(lead.example),
        ask=_clean(lead.ask),
    )


def _reject(reject: ReportReject) -> ReportReject:
    return msgspec.structs.replace(reject, at=_at(reject.at), reason=_clean(reject.reason))
