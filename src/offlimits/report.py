"""The contract: what a run says, in types of its own. Every output format is made from `Report` and nothing else.

`msgspec.json.encode(report)` is the JSON report, `"format": "offlimits.report/1"`; the schema that ships is generated from these types.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from offlimits.model import Channel, EvidenceClass, MeasureKind, Relation, Strength
from offlimits.reportbase import Amount as Amount
from offlimits.reportbase import At as At
from offlimits.reportbase import MeasureState as MeasureState
from offlimits.reportbase import Part as Part
from offlimits.reportmoney import CompanyMoney as CompanyMoney
from offlimits.reportmoney import CompanyTogether as CompanyTogether
from offlimits.reportmoney import ControlReach as ControlReach
from offlimits.reportmoney import DerivativeMoney as DerivativeMoney
from offlimits.reportmoney import FundExposure as FundExposure
from offlimits.reportmoney import FundList as FundList
from offlimits.reportmoney import MoneyLine as MoneyLine
from offlimits.reportmoney import MoneyPath as MoneyPath
from offlimits.reportmoney import Opaque as Opaque
from offlimits.reportmoney import Portfolio as Portfolio
from offlimits.reportmoney import RateUsed as RateUsed
from offlimits.reportmoney import Together as Together
from offlimits.reportmoney import Unclear as Unclear

FORMAT = "offlimits.report/1"


class RegistryVersion(Part, frozen=True):
    version: str
    sha256: str


class Tool(Part, frozen=True):
    version: str
    registry: RegistryVersion


class ReportSource(Part, frozen=True):
    """One file: what it was read as, and the count of everything in it. `units = entries + rejects + skipped`, always."""

    path: str
    sha256: str
    size_bytes: int
    reader: str
    chosen: str
    units: int
    entries: int
    rejects: int
    skipped: int
    columns: dict[str, str]
    cannot_show: list[str]
    notes: list[str]


class ReportEvidence(Part, frozen=True):
    publisher: str
    title: str
    url: str
    read: date
    cls: EvidenceClass = msgspec.field(name="class")
    on: date | None = None
    quote: str = ""
    copy: str = ""


class ReportEntity(Part, frozen=True):
    name: str
    kind: str
    country: str
    group: str
    short: str
    names: list[str]
    origin: str
    statement: str
    note: str
    evidence: list[str]


class ReportPeriod(Part, frozen=True):
    since: date
    until: date | None


class ReportStage(Part, frozen=True):
    on: date
    text: str


class ReportDoubt(Part, frozen=True):
    since: date
    until: date | None
    why: str


class ReportMeasure(Part, frozen=True):
    """One measure. `proven` says whether a primary source was read; without one it is "reported by" its sources and never binds you."""

    jurisdiction: str
    authority: str
    kind: MeasureKind
    title: str
    effect: str
    url: str
    proven: bool
    reported_by: list[str]
    names: list[str]
    class_named: str
    binds_text: str
    condition: str
    periods: list[ReportPeriod]
    doubts: list[ReportDoubt]
    stages: list[ReportStage]
    evidence: list[str]
    note: str


class ReportMention(Part, frozen=True):
    field: str
    kind: str
    text: str


class Identity(Part, frozen=True):
    """Is this text that name?"""

    strength: Strength
    score: float


class LinkStrength(Part, frozen=True):
    """Is that company, brand or code theirs, and on what evidence?"""

    strength: Strength


class Why(Part, frozen=True):
    """One step of the judgement. `weight` adds up: the weights of one finding sum to its identity score."""

    rule: str
    detail: str
    weight: float


class Step(Part, frozen=True):
    """One link of the chain from what was found to the listed group."""

    source: str = msgspec.field(name="from")
    relation: str
    to: str
    since: date | None
    until: date | None
    share: str
    scope: str
    disputed: str
    uncertain: str
    evidence: list[str]


class Decision(Part, frozen=True):
    verdict: Literal["dismissed", "confirmed"]
    why: str
    on: date
    by: str


class ReportFinding(Part, frozen=True):
    """One listed maker in one line. `evidence` is for the names, codes and identifiers themselves, that of each link stands in `path`.
    `device` is which device it is, where the source lists devices; `site` where it stands, where a column says so."""

    id: str
    review_key: str
    at: At
    channel: Channel
    mentions: list[ReportMention]
    entity: str
    group: str
    relation: Relation
    strength: Strength
    identity: Identity
    link: LinkStrength
    why: list[Why]
    evidence: list[str]
    path: list[Step]
    measures: list[MeasureState]
    amount: Amount | None
    quantity: str | None
    on: date | None
    body: str
    supplier: str
    ask: str
    decision: Decision | None = None
    device: str = ""
    site: str = ""


class Disclaimed(Part, frozen=True):
    """A listed maker is named here, but not as there: a clause that it is not used, something replaced, a firm of a similar name."""

    at: At
    field: str
    text: str
    entity: str
    rule: str
    detail: str


class ReportLead(Part, frozen=True):
    """Lines that buy or list surveillance equipment and name no maker, worth one question to one supplier."""

    kind: str
    body: str
    supplier: str
    lines: int
    amount: list[Amount]
    at: list[At]
    example: str
    ask: str


class ReportReject(Part, frozen=True):
    at: At
    code: str
    reason: str


class ReportList(Part, frozen=True):
    """A list the user brought: its edition, its latest record, its age by these on the report's date; how many companies it holds, how
    many of them are the registry's own, what was left out of it and why, and what it does not say."""

    path: str
    form: str
    title: str
    publisher: str
    sha256: str
    edition: date | None
    newest: date | None
    age_days: int | None
    listed: int
    ours: int
    rejects: int
    skipped: dict[str, int]
    does_not_say: list[str]


class CallDatabase(Part, frozen=True):
    """A table of places or operators that the user brought, and the day on which it was built."""

    path: str
    type: str
    built: date


class CallDevice(Part, frozen=True):
    """One device of the estate, however many sources show it. `makers` are the listed groups that its own clues lead to, `findings` their
    ids; what it calls makes nobody its maker."""

    name: str
    mac: str
    addresses: list[str]
    hostnames: list[str]
    makers: list[str]
    findings: list[str]
    at: list[At]


class Call(Part, frozen=True):
    """What one device (`device` counts in `devices`) exchanged with one port of one address, or a host it asked for and was not seen to
    call.

    Bytes are of IP packets where a capture was read, else as the log counts; null where the source does not tell. Times are UTC, ISO 8601.
    Three things apart: `country` and `operator` are from the user's table (empty: unknown, `why_unknown` says why); `owner` is the entity
    that the evidence gives the host's domain to, `evidence` with what class. `named_by` says how the host is known: dns, tls, http, log;
    `other-dns` where only another device was told that name for the address.
    """

    device: int
    hosts: list[str]
    named_by: str
    address: str
    port: int | None
    protocol: str
    opened_by: Literal["device", "peer", "unknown"]
    bytes_out: int | None
    bytes_in: int | None
    connections: int
    first: str | None
    last: str | None
    country: str
    operator: str
    why_unknown: str
    owner: str
    group: str
    evidence_class: str
    evidence: list[str]
    at: At


class CallHome(Part, frozen=True):
    """Whom the devices called. `left_out` counts calls beyond those kept; `inside` says what is not told."""

    databases: list[CallDatabase]
    devices: list[CallDevice]
    calls: list[Call]
    left_out: int
    notes: list[str]


class CensusRow(Part, frozen=True):
    """How many devices of one kind: of the two firm strengths, and possible ones."""

    name: str
    firm: int
    possible: int


class Removal(Part, frozen=True):
    """What removal would cost: the user's range times the devices found firmly; `due` are those that reach the end of the user's
    `life_years`
    by the report's date and would be replaced anyway. Money has no currency but the user's."""

    cost_per_device: list[str]
    devices: int
    gross: list[str]
    life_years: int | None
    due: int
    net: list[str]
    unknown_age: int


class Census(Part, frozen=True):
    """Devices and lines of registers counted: `counted` in all, `unknown` those that lead to no listed maker, which says nothing of who
    made them."""

    counted: int
    firm: int
    possible: int
    unknown: int
    by_maker: list[CensusRow]
    by_brand: list[CensusRow]
    by_site: list[CensusRow]
    by_year: list[CensusRow]
    removal: Removal | None


class Aggregates(Part, frozen=True):
    funds: FundExposure | None = None
    control: list[ControlReach] | None = None
    call_home: CallHome | None = None
    census: Census | None = None


class Report(Part, frozen=True):
    """Everything one run has to say. `coverage` is never a word about the organisation, only about what was read."""

    format: Literal["offlimits.report/1"]
    tool: Tool
    as_of: date
    profile: str
    coverage: Literal["all-read", "partly-read", "nothing-read"]
    sources: list[ReportSource]
    entities: dict[str, ReportEntity]
    measures: dict[str, ReportMeasure]
    evidence: dict[str, ReportEvidence]
    findings: list[ReportFinding]
    disclaimed: list[Disclaimed]
    leads: list[ReportLead]
    aggregates: Aggregates
    rejects: list[ReportReject]
    rejects_by_code: dict[str, int]
    lists: list[ReportList] = msgspec.field(default_factory=list)
    redacted: bool = False
