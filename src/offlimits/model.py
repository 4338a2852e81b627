"""The nouns of the whole program: plain frozen values, no behaviour beyond looking at themselves."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import msgspec

# --- evidence: what people write under evidence/ -----------------------------------------------

EvidenceClass = Literal["primary", "maker", "technical", "press", "community"]
"""`primary`: the publisher's own record; `maker`: the company's own words; `technical`: firmware,
certificate, protocol or a standards body's assignment; `press`: press, law firm, trade; `community`: one person's or a project's remark."""

Relation = Literal["same", "subsidiary", "parent", "brand", "product", "made-by", "former", "joint", "mention"]
Strength = Literal["exact", "likely", "possible"]
Channel = Literal["buy", "connect", "install", "own", "fund", "research"]
MeasureKind = Literal[
    "procurement-ban",
    "use-ban",
    "equipment-authorisation",
    "export-control",
    "investment-ban",
    "import-ban",
    "asset-freeze",
    "closure-order",
    "naming",
    "voluntary-exclusion",
    "proposed",
    "court-limit",
    "research-funding-bar",
]
NameKind = Literal["legal", "short", "alias", "brand", "former", "acronym", "local"]
EntityKind = Literal["company", "brand", "body"]
Weight = Literal["unique", "shared", "context"]
"""How much a name says by itself. `unique`: a coined word nobody else uses. `shared`: other firms or people
carry it, so foreign words beside it speak against. `context`: says nothing without a second sign."""

STRENGTHS: tuple[Strength, ...] = ("exact", "likely", "possible")
CHANNELS: tuple[Channel, ...] = ("buy", "connect", "install", "own", "fund", "research")
PROFILES = (
    "neutral",
    "uk-local-authority",
    "uk-central-government",
    "us-federal-contractor",
    "us-federal-agency",
    "us-federal-grantee",
    "us-person",
    "us-state-agency",
    "ca-federal-institution",
    "ca-quebec-public-body",
    "eu-institution",
    "au-government",
    "telecom-operator",
    "university",
    "pension-fund",
)


SCHEMES = (
    "uscc",
    "lei",
    "isin",
    "sedol",
    "cusip",
    "figi",
    "ticker",
    "ror",
    "grid",
    "isni",
    "crossref-funder",
    "wikidata",
    "company-number",
    "domain",
    "host",
    "pen",
    "bluetooth",
    "usb-vendor",
    "pci-vendor",
    "pnp",
    "fcc-grantee",
    "purl",
    "app-id",
    "cpe-vendor",
)
"""Schemes of identifiers. `domain`: a domain the company owns; `host`: one host that its devices or apps call; `purl`: a package
namespace (`pkg:maven/com.huawei.hms`); `pnp`: the three letters of a display's maker; the others by the name their issuer gives them."""

LISTS = (
    "us-ofac",
    "us-bis-el",
    "us-fcc",
    "us-dod-1260h",
    "us-889",
    "us-uflpa",
    "eu-fsf",
    "un-sc",
    "uk-sanctions",
    "ca-sema",
    "jp-meti-eul",
)
"""Official lists whose rows stand behind measures; `offlimits lists diff` holds an edition against the measures that name its list."""


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all values: frozen, keywords only, unknown fields refused."""


class Evidence(Value, frozen=True):
    """One place where a claim can be checked.

    One address has one publisher and title everywhere; `at` says where inside it (a record, row, section, page). `read` is the day
    it was read; `copy` says which stored copy was read instead of the publisher's own address.
    """

    publisher: str
    title: str
    url: str
    read: date
    cls: EvidenceClass = msgspec.field(name="class")
    on: date | None = None
    at: str = ""
    quote: str = ""
    copy: str = ""
    id: str = ""


class Name(Value, frozen=True):
    """One name of an entity, as somebody really writes it."""

    text: str
    kind: NameKind
    evidence: tuple[str, ...]
    lang: str = ""
    weight: Weight = "unique"
    since: date | None = None
    until: date | None = None


class Identifier(Value, frozen=True):
    """One identifier in a public scheme (`SCHEMES`): `ticker` with its exchange (`002415.SZ`), `company-number` with its country
    (`GB 01234567`). Check digits hold where a scheme has them."""

    scheme: str
    value: str
    evidence: tuple[str, ...]
    since: date | None = None
    until: date | None = None


class Link(Value, frozen=True):
    """This entity `relation` `of` another: `subsidiary of`, `brand of`, `made-by`, `parent of`, `joint with`, `successor of`.

    A successor took over the business of another, which is no tie of today; like an ended link it reads `former`. `until` is exclusive.
    `scope` bounds it to models or lines; `disputed` says why it may not be so at all, `uncertain` why it may have ended since.
    """

    relation: Literal["subsidiary", "parent", "brand", "made-by", "joint", "successor"]
    of: str
    evidence: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    share: str = ""
    scope: str = ""
    disputed: str = ""
    uncertain: str = ""


class Product(Value, frozen=True):
    """A family of product codes.

    `pattern` is how such a code starts (`~` stands for a hyphen, blank, underscore or nothing); the rest of the code is taken
    along. `needs` names the second sign without which it says little; `trade` the vocabulary of a word of the trade, where it is not the
    entity's.
    """

    id: str
    what: str
    pattern: str
    examples: tuple[str, ...]
    evidence: tuple[str, ...]
    not_examples: tuple[str, ...] = ()
    needs: Literal["", "brand", "trade"] = ""
    trade: str = ""
    since: date | None = None
    until: date | None = None


class Lookalike(Value, frozen=True):
    """Somebody else whose name looks like one of ours, and who is not them."""

    text: str
    why: str
    evidence: tuple[str, ...]


REGISTRY = "registry"
"""Origin of the entities that ship; others are of a list that the user brought, and say of which."""


class Entity(Value, frozen=True):
    """A listed company, or one tied to it: a subsidiary, a brand, a partner under whose name its goods are sold.

    `trade` names the vocabulary (`words.yaml`, `trades`) that holds second signs for its short names; empty is surveillance and telecom.
    What the first entity of a group says counts for the whole group.
    """

    id: str
    name: str
    kind: EntityKind
    evidence: tuple[str, ...]
    country: str = ""
    names: tuple[Name, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    products: tuple[Product, ...] = ()
    lookalikes: tuple[Lookalike, ...] = ()
    trade: str = ""
    statement: str = ""
    note: str = ""
    group: str = ""
    origin: str = REGISTRY


class Period(Value, frozen=True):
    """When a measure is in force; `until` is exclusive and None is open."""

    since: date
    until: date | None = None


class Doubt(Value, frozen=True):
    """A time for which nobody could show whether the measure is in force, and why."""

    since: date
    why: str
    until: date | None = None


class Stage(Value, frozen=True):
    """One dated step inside a measure."""

    on: date
    text: str


class Measure(Value, frozen=True):
    """One thing a government, court, fund or body did: whom it names, what it does, whom it binds, when.

    `list` is the official list in which its names stand (`LISTS`). `no_primary` says, where no primary source is cited, where it was
    looked for and why there is none.
    """

    id: str
    jurisdiction: str
    authority: str
    title: str
    kind: MeasureKind
    effect: str
    channels: tuple[Channel, ...]
    evidence: tuple[Evidence, ...]
    names: tuple[str, ...] = ()
    affiliates: bool = False
    products: bool = False
    class_named: str = ""
    binds: tuple[str, ...] = ()
    depends: dict[str, str] = {}
    binds_text: str = ""
    condition: str = ""
    periods: tuple[Period, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    stages: tuple[Stage, ...] = ()
    list: str = ""
    no_primary: str = ""
    note: str = ""


class NotAMeasure(Value, frozen=True):
    """What is often claimed and is not so, kept so that `explain` can correct it."""

    claim: str
    truth: str
    evidence: tuple[Evidence, ...]
    names: tuple[str, ...] = ()


# --- one run: what readers say, what matchers find ---------------------------------------------

ClueKind = Literal[
    "http-server",
    "http-title",
    "realm",
    "rtsp",
    "tls-subject",
    "tls-issuer",
    "ssh",
    "snmp",
    "dhcp-class",
    "hostname",
    "ssdp",
    "onvif-scope",
    "sadp",
    "dhip",
    "favicon",
    "mdns",
    "banner",
]
"""What a device says of itself on the network. A cell of such a column, or of `called`, `guess` or `product-code`, may hold several texts,
one a line."""

CLUES: tuple[ClueKind, ...] = get_args(ClueKind)

ColumnKind = Literal[
    ClueKind,
    "name",
    "maker",
    "product-code",
    "serial",
    "record",
    "place",
    "text",
    "category",
    "cost-centre",
    "mac",
    "host",
    "isin",
    "lei",
    "company-number",
    "ticker",
    "sedol",
    "cusip",
    "figi",
    "body",
    "amount",
    "currency",
    "quantity",
    "date",
    "person",
    "exchange",
    "asset-class",
    "weight",
    "notional",
    "delta",
    "voting",
    "ownership",
    "side",
    "option",
    "reference",
    "fund",
    "series",
    "ignored",
    "called",
    "guess",
    "agent",
    "passing",
    "device",
]
"""What a column holds. `name`: who was paid; `maker`: who made it; `category`: the class of goods or services bought;
`cost-centre`: who in the house it was booked to, which says nothing of what was bought; `serial`: a number
given to one thing; `record`: one given to an order, an invoice, an account; `place`: where a
thing is; `person`: left out on purpose.

Of holdings: `exchange` where a ticker is meant, `asset-class` what kind of instrument, `weight` its part of the fund, `notional` and
`delta` of a derivative, `voting` and `ownership` the part of the company in percent, `side` long or short, `option` put or call,
`reference` what a derivative stands on, `fund` and `series` whose line it is where one table has many funds.

`device`: which device a line is of; `called`: a host that it called; `guess`: what a scanner takes it for from how it answers; `agent`:
what a program on it says when it asks a server; `passing`: a certificate that was seen, whose is not told; the others are the clues that a
device gives about itself."""

HEARSAY: tuple[ColumnKind, ...] = ("guess", "agent", "passing")
"""Kinds that are not a device's own word of itself."""


class Fingerprint(Value, frozen=True):
    """What a device of one maker says of itself in one field (`kind`, one of `CLUES`).

    `pattern` is searched for in the text as it was read, whatever its case. `shared` says who else may speak so, where one alone says
    little: then it is never more than possible. The examples are its tests.
    """

    id: str
    entity: str
    what: str
    pattern: str
    examples: tuple[str, ...]
    not_examples: tuple[str, ...]
    evidence: tuple[str, ...]
    shared: str = ""
    kind: ColumnKind = "banner"


MENTIONED: tuple[ColumnKind, ...] = (
    "name",
    "maker",
    "product-code",
    "serial",
    "record",
    "place",
    "text",
    "category",
    "cost-centre",
    "mac",
    "host",
    "isin",
    "lei",
    "company-number",
    "ticker",
    "sedol",
    "cusip",
    "figi",
    "reference",
    "called",
    *HEARSAY,
    *CLUES,
)
"""The kinds a matcher looks at. The others describe a line; they are not searched."""


class Place(Value, frozen=True):
    """Where in a source something stands, as its format counts: a physical line; a sheet and its row; a packet's number (`frame`); all
    from 1; in XML the element's path (`xpath`), in JSON its pointer (RFC 6901)."""

    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    frame: int | None = None
    xpath: str | None = None
    pointer: str | None = None


class Column(Value, frozen=True):
    """One column: its place from 0, its name as written (or `column B`), and what it is read as."""

    index: int
    name: str
    kind: ColumnKind


class Mention(Value, frozen=True):
    """One thing seen in an entry: the field it stood in, what the reader takes it for, the text as written."""

    field: str
    kind: ColumnKind
    text: str


class Entry(Value, frozen=True):
    """One row, contract or holding: where it stands, what it mentions, how much, when, whose, and at which site."""

    place: Place
    channel: Channel
    mentions: tuple[Mention, ...]
    amount: str = ""
    currency: str = ""
    quantity: str = ""
    on: date | None = None
    body: str = ""
    supplier: str = ""
    device: str = ""
    site: str = ""


class Reject(Value, frozen=True):
    """What could not be read: where, a permanent code, and why in words. `raw` never enters a report, only the file a user asks for."""

    place: Place
    code: str
    reason: str
    raw: str = ""


class Reason(Value, frozen=True):
    """One step of why a text is taken for a name; weights of one match add up to its score."""

    rule: str
    detail: str
    weight: float


class Match(Value, frozen=True):
    """A text taken for an entity. `needs` is a second sign it still wants; `disclaimed` says it is named and denied;
    `evidence` is for the name, code or identifier itself."""

    entity: str
    rule: str
    text: str
    start: int
    end: int
    score: float
    reasons: tuple[Reason, ...]
    product: bool = False
    brand_word: bool = False
    needs: Literal["", "brand", "trade"] = ""
    trade: str = ""
    with_sign: float = 0.0
    disclaimed: str = ""
    detail: str = ""
    evidence: tuple[str, ...] = ()
