"""The contract: what a run says, in types of its own. Every output format is made from `Report` and nothing else.

`msgspec.json.encode(report)` is the JSON report, `"format": "offlimits.report/1"`; the schema that ships is generated from these types.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from offlimits.model import Channel, EvidenceClass, MeasureKind, Relation, Strength

FORMAT = "offlimits.report/1"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the report's values."""


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


class At(Part, frozen=True, omit_defaults=True):
    """Where in a source: a physical line (where the record starts), a sheet and its row, a packet (`frame`), all from 1; an element of XML
    (`xpath`), a value of JSON (`pointer`, RFC 6901); nothing but the source where it is the whole of it."""

    source: int
    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    frame: int | None = None
    xpath: str | None = None
    pointer: str | None = None

    @property
    def number(self) -> int | None:
        """What places of one source are ordered by, and neighbours told: the row, line or frame."""
        return next((value for value in (self.row, self.line, self.frame) if value is not None), None)

    @property
    def unit(self) -> str:
        """What `number` counts."""
        return "row" if self.row is not None else "line" if self.line is not None else "packet" if self.frame is not None else ""

    @property
    def words(self) -> str:
        """The place without its source: `CCTV row 14`, `line 212`, `packet 7`; empty for the whole source."""
        if self.number is not None:
            return f"{self.sheet} {self.unit} {self.number}" if self.sheet is not None else f"{self.unit} {self.number}"
        return self.xpath or self.pointer or self.sheet or ""


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


class MeasureState(Part, frozen=True):
    """What one measure says about one finding, as of the report's date and for the report's profile."""

    id: str
    in_force: Literal["yes", "no", "unknown"]
    reason: str
    binds: Literal["you", "others", "depends"]
    condition: str


class Amount(Part, frozen=True):
    """Money: a decimal string, and its currency ("" where the file does not say)."""

    value: str
    currency: str


class Decision(Part, frozen=True):
    verdict: Literal["dismissed", "confirmed"]
    why: str
    on: date
    by: str


class ReportFinding(Part, frozen=True):
    """One listed maker in one line. `evidence` is for the names, codes and identifiers themselves, that of each link stands in `path`."""

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


class FundList(Part, frozen=True):
    """One list of what a fund holds: whose, of which day, how many lines, what they sum to. `weights` is the sum of stated weights."""

    path: str
    name: str
    ids: dict[str, list[str]]
    on: date | None
    currency: str
    lines: int
    total: str
    weights: str
    by: Literal["value", "weight"]
    notes: list[str]


class MoneyPath(Part, frozen=True):
    """One way the money goes: from a line of `tied` through lists (numbers in `lists`) to a company; `share` of the line, and money.

    `rule` and `evidence` say by what the holding was taken for the company.
    """

    line: int
    lists: list[int]
    group: str
    holding: str
    kind: str
    side: Literal["long", "short"]
    share: str
    amount: str
    rule: str
    evidence: list[str]


class MoneyLine(Part, frozen=True):
    """One line of a portfolio that a list was tied to: which list, how well it fits (`tie`), by which key, and the days between the two
    (list − line; null where one has no day). `found` is what of it ends in listed companies."""

    at: At
    name: str
    amount: str
    list: int
    tie: Literal["EXACT", "SAME-INDEX", "PROXY"]
    by: str
    gap_days: int | None
    found: dict[str, str]


class Opaque(Part, frozen=True):
    """Money that was not looked through, and why: a fund or a private holding without a list, or a part that a list leaves out."""

    at: At | None
    name: str
    amount: str
    reason: str


class CompanyMoney(Part, frozen=True):
    """What of a portfolio ends in one listed group, in one kind of paper (`shares`, `debt`, `note-of-a-bank`). `net = long − short`.

    `of_portfolio` is the net part in percent; `of_company` what part of the company a line states, ownership and voting apart.
    """

    group: str
    kind: str
    long: str
    short: str
    net: str
    of_portfolio: str
    ownership: list[str]
    voting: list[str]
    also: list[Amount]
    lines: int
    measures: list[MeasureState]


class DerivativeMoney(Part, frozen=True):
    """A derivative on a listed company: its market value is no exposure; `exposure` is notional × delta, null where unknown."""

    at: At
    name: str
    group: str
    kind: str
    option: str
    value: str
    exposure: str | None


class Unclear(Part, frozen=True):
    """A line that may be a listed company's, and why its money is not counted as the group's (`reason`): `possible` is a weak match;
    `joint`, `former`, `made-by`, `mention` name the tie; `identifier-name-disagree`: nothing was chosen; `no-value`: it states no money."""

    at: At
    name: str
    groups: list[str]
    amount: str
    reason: str


class Portfolio(Part, frozen=True):
    """One body's holdings on one day in one currency. `total = found + unclear + other + opaque`, to the cent.

    `looked_through` is the part of the total in percent that is not opaque.
    """

    source: int
    sheet: str
    body: str
    on: date | None
    currency: str
    lines: int
    total: str
    found: str
    unclear: str
    other: str
    opaque: str
    looked_through: str
    oldest: date | None
    newest: date | None
    companies: list[CompanyMoney]
    tied: list[MoneyLine]
    paths: list[MoneyPath]
    not_looked_through: list[Opaque]
    not_looked_through_count: int
    derivatives: list[DerivativeMoney]
    unclear_lines: list[Unclear]
    notes: list[str]


class FundExposure(Part, frozen=True):
    """Money, multiplied along holdings: portfolios, the lists they were looked through with, rings of funds that hold each other, and what
    of the lists could not be read (`unread`, in words)."""

    lists: list[FundList]
    portfolios: list[Portfolio]
    rings: list[list[int]]
    unread: list[str] = []


class ControlReach(Part, frozen=True):
    """A company that a measure's own rule on ownership reaches, though the measure does not name it: `share` percent of it counted, held by
    `owners` that are named or reached themselves. `rule` is the rule with its source."""

    company: str
    share: str
    owners: list[str]
    measures: list[str]
    rule: str


class Aggregates(Part, frozen=True):
    funds: FundExposure | None = None
    control: list[ControlReach] | None = None
    call_home: None = None
    census: None = None


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
    lists: list[ReportList] = []
    redacted: bool = False
