"""A report to be shared: no hardware addresses, network addresses or host names."""

from __future__ import annotations

import re

import msgspec

from offlimits.report import Report, ReportFinding, ReportMention

REMOVED = "[removed]"
SECRETS = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-F]{2}[:\- ]){5}[0-9A-F]{2}(?![0-9A-Za-z])|(?<![0-9A-Za-z])[0-9A-F]{4}[.\-:][0-9A-F]{4}[.\-:][0-9A-F]{4}(?![0-9A-Za-z])|(?<![0-9A-Za-z])[0-9A-F]{6}[-:][0-9A-F]{6}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?=[0-9A-F]*[A-F])(?=[0-9A-F]*\d)[0-9A-F]{12}(?![0-9A-Za-z])"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![0-9A-Za-z:])(?:[0-9a-f]{1,4}:){2,7}:?[0-9a-f]{0,4}(?:::?[0-9a-f]{1,4})*(?![0-9A-Za-z:])"
    r"|(?<![A-Za-z0-9_.-])(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+(?:[a-z]{2,24})(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)  # fmt: skip
PRIVATE_KINDS = ("mac", "host")


def redact(report: Report) -> Report:
    """The same report without hardware addresses, network addresses and host names, in every text that came from the input.

    Review keys of findings that rest on them are emptied too: a hash of a hardware address can be searched for.
    """
    return msgspec.structs.replace(
        report,
        findings=[_finding(finding) for finding in report.findings],
        disclaimed=[msgspec.structs.replace(item, text=_clean(item.text), detail=_clean(item.detail)) for item in report.disclaimed],
        leads=[msgspec.structs.replace(lead, example=_clean(lead.example)) for lead in report.leads],
        rejects=[msgspec.structs.replace(reject, reason=_clean(reject.reason)) for reject in report.rejects],
    )


def _clean(text: str) -> str:
    return SECRETS.sub(REMOVED, text)


def _finding(finding: ReportFinding) -> ReportFinding:
    private = any(mention.kind in PRIVATE_KINDS or _clean(mention.text) != mention.text for mention in finding.mentions)
    return msgspec.structs.replace(
        finding,
        mentions=[_mention(mention) for mention in finding.mentions],
        why=[msgspec.structs.replace(why, detail=_clean(why.detail)) for why in finding.why],
        ask=_clean(finding.ask),
        review_key="" if private else finding.review_key,
    )


def _mention(mention: ReportMention) -> ReportMention:
    text = REMOVED if mention.kind in PRIVATE_KINDS else _clean(mention.text)
    return msgspec.structs.replace(mention, text=text)
