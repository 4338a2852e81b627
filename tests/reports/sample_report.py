"""A made sample: a report built by hand that uses every field. The council, its rows, its suppliers and the digests are invented;
the companies and measures are described as their publishers do, shortened, and are no source for anything."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

import msgspec

from offlimits.model import Channel, MeasureKind, Relation, Strength
from offlimits.report import (
    Aggregates,
    Amount,
    At,
    Decision,
    Disclaimed,
    Identity,
    LinkStrength,
    MeasureState,
    RegistryVersion,
    Report,
    ReportDoubt,
    ReportEntity,
    ReportEvidence,
    ReportFinding,
    ReportLead,
    ReportMeasure,
    ReportMention,
    ReportPeriod,
    ReportReject,
    ReportSource,
    ReportStage,
    Step,
    Tool,
    Why,
)

READ = date(2026, 11, 23)
REGISTER, TENDERS, DAMAGED = 0, 1, 2
NOTE = "Made sample: the council, its rows and its suppliers are invented."
Binds = Literal["you", "others", "depends"]


def sha(text: str) -> str:
    """A digest that looks like one."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- evidence -----------------------------------------------------------------------------------

EVIDENCE = {
    "treasury": ReportEvidence(
        publisher="US Treasury, Office of Foreign Assets Control",
        title="Consolidated (non-SDN) list, Hangzhou Hikvision Digital Technology Co., Ltd.",
        url="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/CONS_PRIM.CSV",
        read=READ,
        cls="primary",
        on=date(2025, 12, 19),
        copy="copy of 2025-12-19",
    ),
    "entity-list": ReportEvidence(
        publisher="US Department of Commerce, Bureau of Industry and Security",
        title="Addition of Certain Entities to the Entity List, 84 FR 54002",
        url="https://www.federalregister.gov/documents/2019/10/09/2019-22210/addition-of-certain-entities-to-the-entity-list",
        read=READ,
        cls="primary",
        on=date(2019, 10, 9),
        quote="these entities have been implicated in human rights violations and abuses in the implementation of China's campaign of "
        "repression, mass arbitrary detention, and high-technology surveillance",
    ),
    "hilook": ReportEvidence(
        publisher="Hikvision",
        title="HiLook by Hikvision, about the brand",
        url="https://www.hikvision.com/en/hilook/",
        read=READ,
        cls="maker",
        quote="HiLook by Hikvision",
    ),
    "lorex-deal": ReportEvidence(
        publisher="Skywatch Inc.",
        title="Skywatch completes the acquisition of Lorex from Dahua Technology",
        url="https://www.example.org/made-sample/lorex",
        read=READ,
        cls="press",
        on=date(2023, 2, 6),
    ),
    "lorex-fcc": ReportEvidence(
        publisher="US Federal Communications Commission",
        title="Equipment authorisation, grantee 2AQPR",
        url="https://www.fcc.gov/oet/ea/fccid",
        read=READ,
        cls="technical",
    ),
    "ieee": ReportEvidence(
        publisher="IEEE Registration Authority",
        title="MAC prefix assignments (MA-L)",
        url="https://standards-oui.ieee.org/",
        read=READ,
        cls="technical",
    ),
    "dahua": ReportEvidence(
        publisher="Dahua Technology",
        title="Product selector: IPC-HFW series",
        url="https://www.dahuasecurity.com/products",
        read=READ,
        cls="maker",
    ),
    "forum": ReportEvidence(
        publisher="A camera users’ forum",
        title="Which firmware runs on this one?",
        url="javascript:alert('not a link')",
        read=READ,
        cls="community",
        quote="same board, same firmware",
    ),
    "pl115": ReportEvidence(
        publisher="US Congress",
        title="Public Law 115-232, section 889",
        url="https://www.congress.gov/115/plaws/publ232/PLAW-115publ232.pdf",
        read=READ,
        cls="primary",
        on=date(2018, 8, 13),
    ),
    "wms": ReportEvidence(
        publisher="UK Parliament",
        title="Security Update on Surveillance Equipment, statement HCWS386",
        url="https://questions-statements.parliament.uk/written-statements/detail/2022-11-24/hcws386",
        read=READ,
        cls="primary",
        on=date(2022, 11, 24),
        quote="Departments have therefore been instructed to cease deployment of such equipment onto sensitive sites, where it is "
        "produced by companies subject to the National Intelligence Law of the People's Republic of China.",
    ),
    "huawei-direction": ReportEvidence(
        publisher="UK Department for Digital, Culture, Media and Sport",
        title="Designated vendor direction: Huawei",
        url="https://www.gov.uk/government/publications/huawei-designated-vendor-direction",
        read=READ,
        cls="primary",
        on=date(2022, 10, 13),
    ),
    "fcc-covered": ReportEvidence(
        publisher="US Federal Communications Commission",
        title="List of equipment and services covered by section 2 of the Secure Networks Act",
        url="https://www.fcc.gov/supplychain/coveredlist",
        read=READ,
        cls="primary",
    ),
    "canada-news": ReportEvidence(
        publisher="A law firm’s note",
        title="Canada orders Hikvision Canada to cease operations",
        url="https://www.example.org/made-sample/canada",
        read=READ,
        cls="press",
        on=date(2025, 6, 30),
    ),
}


# --- entities -----------------------------------------------------------------------------------


def company(name: str, group: str, *names: str, evidence: str, **more: str) -> ReportEntity:
    """One company or brand."""
    fields = {"kind": "company", "country": "CN", "origin": "registry", "statement": "", "note": ""} | more
    return ReportEntity(name=name, group=group, short=names[0] if names else name, names=list(names), evidence=[evidence], **fields)


ENTITIES = {
    "hikvision": company(
        "Hangzhou Hikvision Digital Technology Co., Ltd.",
        "hikvision",
        "Hikvision",
        "杭州海康威视数字技术股份有限公司",
        "HIK",
        evidence="treasury",
        statement="“Hikvision takes all reports regarding human rights very seriously” (company statement, shortened for this sample).",
    ),
    "hilook": company("HiLook", "hikvision", "HiLook by Hikvision", evidence="hilook", kind="brand", country=""),
    "dahua": company(
        "Zhejiang Dahua Technology Co., Ltd.", "dahua", "Dahua", "Dahua Technology", "浙江大华技术股份有限公司", evidence="dahua"
    ),
    "lorex": company(
        "Lorex Technology Inc.",
        "dahua",
        "Lorex",
        evidence="lorex-deal",
        country="CA",
        note="Sold by Dahua; devices made before the sale carry Dahua’s hardware.",
    ),
    "huawei": company("Huawei Technologies Co., Ltd.", "huawei", "Huawei", "华为技术有限公司", evidence="huawei-direction"),
    "watchlist-4711": company(
        "Northlight Vision Ltd", "watchlist-4711", evidence="forum", country="GB", origin="our-own-watchlist.csv (no dates, no links)"
    ),
}


# --- measures -----------------------------------------------------------------------------------


def measure(
    jurisdiction: str, kind: MeasureKind, title: str, authority: str, evidence: str, since: date | None, **more: object
) -> ReportMeasure:
    """One measure, its defaults filled."""
    fields: dict[str, object] = {
        "effect": "",
        "proven": True,
        "reported_by": [],
        "names": ["hikvision"],
        "class_named": "",
        "binds_text": "",
        "condition": "",
        "doubts": [],
        "stages": [],
        "note": "",
        "periods": [ReportPeriod(since=since, until=None)] if since else [],
    }
    base = {"jurisdiction": jurisdiction, "kind": kind, "title": title, "authority": authority, "evidence": [evidence]}
    return msgspec.convert(fields | more | base | {"url": EVIDENCE[evidence].url}, ReportMeasure, from_attributes=True)


MEASURES = {
    "us-889a": measure(
        "US",
        "procurement-ban",
        "NDAA FY2019 section 889(a)(1)(A), ban on federal procurement",
        "US Congress",
        "pl115",
        date(2019, 8, 13),
        names=["hikvision", "dahua", "huawei"],
        effect="Federal executive agencies may not buy covered telecommunications or video surveillance equipment or services.",
        binds_text="federal executive agencies",
        condition="as a substantial or essential component of a system, or as critical technology",
        stages=[
            ReportStage(on=date(2018, 8, 13), text="signed into law"),
            ReportStage(on=date(2020, 8, 13), text="part B: contractors’ own use"),
        ],
    ),
    "us-entity-list": measure(
        "US",
        "export-control",
        "Entity List, additions of 9 October 2019",
        "US Department of Commerce, Bureau of Industry and Security",
        "entity-list",
        date(2019, 10, 9),
        names=["hikvision", "dahua"],
        effect="Items subject to the Export Administration Regulations need a licence for export to the listed companies.",
        binds_text="exporters of US items",
    ),
    "us-fcc": measure(
        "US",
        "equipment-authorisation",
        "FCC Covered List and the ban on new authorisations",
        "US Federal Communications Commission",
        "fcc-covered",
        date(2021, 3, 12),
        names=["hikvision", "dahua", "huawei"],
        effect="New equipment of these makers gets no authorisation, so it may not be imported or marketed.",
        binds_text="importers and sellers",
        doubts=[
            ReportDoubt(
                since=date(2024, 4, 2), until=date(2025, 11, 1), why="a court sent the definition of “critical infrastructure” back"
            )
        ],
        stages=[ReportStage(on=date(2022, 11, 25), text="order on equipment authorisation adopted")],
    ),
    "gb-wms": measure(
        "GB",
        "use-ban",
        "Written statement on surveillance equipment at sensitive sites",
        "Cabinet Office",
        "wms",
        date(2022, 11, 24),
        names=[],
        class_named="producers subject to the National Intelligence Law of the People’s Republic of China",
        effect="Central departments were told to stop deploying such equipment at sensitive sites, and to consider removing it.",
        binds_text="central government departments",
        condition="the site is a sensitive one",
        stages=[ReportStage(on=date(2025, 4, 30), text="date by which removal was foreseen")],
        note="Local authorities were not addressed.",
    ),
    "gb-huawei": measure(
        "GB",
        "use-ban",
        "Designated vendor direction: Huawei",
        "Secretary of State for Digital, Culture, Media and Sport",
        "huawei-direction",
        date(2022, 10, 13),
        names=["huawei"],
        effect="Named telecom operators must remove Huawei equipment from 5G networks in steps.",
        binds_text="telecom operators named in the direction",
        stages=[
            ReportStage(on=date(2023, 12, 31), text="out of the core"),
            ReportStage(on=date(2027, 12, 31), text="out of all 5G networks"),
        ],
    ),
    "ca-closure": measure(
        "CA",
        "closure-order",
        "Order to close Hikvision Canada",
        "Government of Canada",
        "canada-news",
        date(2025, 6, 27),
        proven=False,
        reported_by=["A law firm’s note", "a trade paper"],
        effect="Hikvision Canada Inc. was ordered to cease operations.",
        binds_text="Hikvision Canada Inc.",
        doubts=[ReportDoubt(since=date(2025, 7, 7), until=None, why="a challenge in court was reported; its state is not known to us")],
    ),
    "us-state-bill": measure(
        "US",
        "proposed",
        "A state bill on cameras in schools",
        "A state senate",
        "canada-news",
        None,
        proven=False,
        effect="Would bar schools from buying such cameras.",
        stages=[ReportStage(on=date(2026, 2, 1), text="introduced")],
    ),
    "us-expired": measure(
        "US",
        "investment-ban",
        "Executive order 13959, before its amendment",
        "US President",
        "treasury",
        None,
        periods=[ReportPeriod(since=date(2021, 1, 11), until=date(2021, 8, 2))],
        effect="US persons may not buy securities of named companies.",
        binds_text="US persons",
    ),
}

BINDS: dict[str, dict[str, Binds]] = {
    "us-federal-contractor": {"us-889a": "depends", "us-fcc": "you"},
    "us-federal-agency": {"us-889a": "you", "us-fcc": "depends"},
    "uk-central-government": {"gb-wms": "depends"},
}


def states(profile: str, *ids: str) -> list[MeasureState]:
    """What the measures of these ids say for this profile."""
    return [state(profile, id) for id in ids]


def state(profile: str, id: str) -> MeasureState:
    """One measure's state."""
    in_force: Literal["yes", "no", "unknown"] = "no" if id == "us-expired" else "unknown" if id in {"us-fcc", "ca-closure"} else "yes"
    reasons = {"yes": "in force since its period began", "no": "its period ended", "unknown": "a challenge in court was reported"}
    binds = BINDS.get(profile, {}).get(id, "others")
    return MeasureState(
        id=id, in_force=in_force, reason=reasons[in_force], binds=binds, condition=MEASURES[id].condition if binds == "depends" else ""
    )


# --- findings -----------------------------------------------------------------------------------

HIKVISION = ("us-889a", "us-entity-list", "us-fcc", "ca-closure", "us-expired", "gb-wms")
DAHUA = ("us-889a", "us-entity-list", "us-fcc", "gb-wms")
HUAWEI = ("us-889a", "us-fcc", "gb-huawei")


def step(source: str, relation: str, to: str, *evidence: str, **more: object) -> Step:
    """One link of a chain."""
    fields: dict[str, object] = {"since": None, "until": None, "share": "", "scope": "", "disputed": "", "uncertain": ""}
    return msgspec.convert(fields | more | {"from": source, "relation": relation, "to": to, "evidence": list(evidence)}, Step)


CHAINS: dict[str, list[Step]] = {
    "hikvision": [],
    "dahua": [],
    "huawei": [],
    "hilook": [step("hilook", "brand of", "hikvision", "hilook", since=date(2017, 1, 1))],
    "hilook-code": [
        step("IPC-B140H", "product of", "hilook", "hilook", scope="model codes IPC-B…, IPC-T…"),
        step("hilook", "brand of", "hikvision", "hilook", since=date(2017, 1, 1)),
    ],
    "mac": [step("4C:BD:8F (MAC prefix)", "assigned to", "hikvision", "ieee")],
    "lorex": [
        step(
            "lorex",
            "subsidiary of",
            "dahua",
            "lorex-deal",
            "lorex-fcc",
            since=date(2018, 2, 1),
            until=date(2022, 12, 29),
            share="100 %",
            scope="devices sold before the sale of the company",
        )
    ],
    "oem": [
        step(
            "N41BK22",
            "made by",
            "dahua",
            "forum",
            "dahua",
            scope="model N41BK22 only",
            disputed="one of two sources is a forum; the seller answered that the maker changed in 2021",
        )
    ],
}


def finding(
    n: int,
    at: At,
    entity: str,
    relation: Relation,
    pair: tuple[Strength, Strength],
    mentions: list[ReportMention],
    chain: str,
    profile: str,
    *,
    amount: str | None = None,
    decision: Decision | None = None,
    ask: str = "",
    quantity: str | None = None,
    channel: Channel = "install",
) -> ReportFinding:
    """One finding; its weights add up to its identity score."""
    group = ENTITIES[entity].group
    touching = {"hikvision": HIKVISION, "dahua": DAHUA, "huawei": HUAWEI}[group]
    order = ("exact", "likely", "possible")
    why = [
        Why(rule="name-distinctive-token", detail=f"“{mentions[0].text}” holds a word only {ENTITIES[group].names[0]} uses", weight=0.7),
        Why(rule="product-code-family", detail="a model code of the family stands beside it", weight=0.32),
        Why(rule="foreign-words", detail="words beside it that are not theirs", weight=-0.05),
    ]
    return ReportFinding(
        id=f"F{n:04d}",
        review_key=sha(f"{mentions[0].text}{entity}")[:16],
        at=at,
        channel=channel,
        mentions=mentions,
        entity=entity,
        group=group,
        relation=relation,
        strength=max(pair, key=order.index),
        identity=Identity(strength=pair[0], score=0.97),
        link=LinkStrength(strength=pair[1]),
        why=why,
        evidence=[],
        path=CHAINS[chain],
        measures=states(profile, *touching),
        amount=Amount(value=amount, currency="GBP") if amount else None,
        quantity=quantity,
        on=date(2021, 3, 1 + n % 28),
        body="Northmoor Borough Council",
        supplier="Castlegate Security Systems Ltd" if n % 3 else "",
        ask=ask,
        decision=decision,
    )


def cell(row: int) -> At:
    """A row of the register."""
    return At(source=REGISTER, sheet="CCTV 2026", row=row)


def said(**fields: str) -> list[ReportMention]:
    """Mentions by column."""
    kinds = {"Make": "name", "Model": "product-code", "MAC": "mac", "Description": "text"}
    return [ReportMention(field=field, kind=kinds[field], text=text) for field, text in fields.items()]


def findings(profile: str) -> list[ReportFinding]:
    """Two dozen lines of a register and a tender list."""
    hik = [
        ("DS-2CD2143G2-I", "Town Hall, main entrance"),
        ("DS-2CD2387G2-LU", "Leisure centre car park"),
        ("DS-7616NI-K2", "Control room"),
        ("DS-2DE4425IW-DE", "Market Square"),
        ("DS-2CD2143G2-I", "Library, east door"),
        ("DS-2CD2T47G2-L", "Depot gate"),
        ("DS-2CD2143G2-I", "Bus station, stand A"),
    ]
    rows = [
        finding(
            i,
            cell(13 + i),
            "hikvision",
            "product" if i % 2 else "same",
            ("exact", "exact"),
            said(Make="HIKVISION", Model=model, Description=where),
            "hikvision",
            profile,
            amount=f"{180 + 37 * i}.50",
            quantity="2" if i == 3 else None,
        )
        for i, (model, where) in enumerate(hik, 1)
    ]
    ask_hilook = "Which company made the HiLook cameras you installed for us in 2021, and what would a replacement of another make cost?"
    ask_lorex = "When was the Lorex recorder at Mill Lane bought, and does its firmware or board come from Dahua?"
    rows += [
        finding(
            8, cell(41), "hilook", "brand", ("exact", "likely"), said(Make="Hi-Look", Model="IPC-B140H"), "hilook", profile, amount="64.00"
        ),
        finding(
            9, cell(42), "hilook", "product", ("likely", "likely"), said(Model="IPC-B140H (2.8mm)"), "hilook-code", profile, ask=ask_hilook
        ),
        finding(
            10, cell(57), "hikvision", "product", ("exact", "likely"), said(MAC="4C:BD:8F:12:9A:01"), "mac", profile, channel="connect"
        ),
        finding(
            11, cell(60), "dahua", "same", ("exact", "exact"), said(Make="Dahua", Model="IPC-HFW2431T-ZS"), "dahua", profile, amount="212"
        ),
        finding(12, cell(61), "dahua", "same", ("exact", "exact"), said(Make="DAHUA TECH", Model="NVR4216-16P-4KS2"), "dahua", profile),
        finding(
            13, cell(71), "lorex", "former", ("exact", "possible"), said(Make="Lorex", Model="N841A8"), "lorex", profile, ask=ask_lorex
        ),
        finding(14, cell(72), "dahua", "made-by", ("likely", "possible"), said(Model="N41BK22"), "oem", profile),
        finding(15, cell(73), "dahua", "mention", ("possible", "exact"), said(Description="integrates w/ Dahua NVRs"), "dahua", profile),
        finding(
            16,
            At(source=TENDERS, line=212),
            "huawei",
            "same",
            ("exact", "exact"),
            said(Description="Huawei AirEngine 5761 access points ×40"),
            "huawei",
            profile,
            amount="18400.00",
            quantity="40",
            channel="buy",
            decision=Decision(verdict="confirmed", why="delivery note of March 2021 seen", on=date(2026, 11, 20), by="procurement desk"),
        ),
        finding(
            17,
            At(source=TENDERS, line=230),
            "dahua",
            "same",
            ("possible", "exact"),
            said(Description="Dahua Road footbridge repairs"),
            "dahua",
            profile,
            channel="buy",
            decision=Decision(
                verdict="dismissed", why="a street name in a twin town’s project", on=date(2026, 11, 20), by="procurement desk"
            ),
        ),
    ]
    return rows


# --- the report ---------------------------------------------------------------------------------


def sources() -> list[ReportSource]:
    """Three files: a register, a tender list, and one that is damaged."""
    register = ReportSource(
        path="made-sample/northmoor-asset-register.xlsx",
        sha256=sha("register"),
        size_bytes=184_320,
        reader="workbook",
        chosen="zip with xl/workbook.xml inside",
        units=1_284,
        entries=1_251,
        rejects=2,
        skipped=31,
        columns={"Make": "name", "Model": "product-code", "MAC": "mac", "Description": "text", "Installed": "date", "Asset no.": "ignored"},
        cannot_show=[
            "Equipment that nobody wrote into the register: leased, landlord’s or contractors’ systems.",
            "Who made a device whose row names only an installer or a brand not in this registry.",
        ],
        notes=[NOTE, "31 rows skipped: blank, or sub-totals.", "Sheet “Lookup” is hidden and was read."],
    )
    tenders = ReportSource(
        path="made-sample/northmoor-spend-over-500.csv",
        sha256=sha("tenders"),
        size_bytes=96_114,
        reader="csv",
        chosen="comma, UTF-8, header in line 1",
        units=812,
        entries=808,
        rejects=4,
        skipped=0,
        columns={"Supplier": "name", "Description": "text", "Amount": "amount", "Directorate": "ignored", "Ref": "ignored"},
        cannot_show=[
            "What was delivered: a spending line names the supplier, seldom the maker.",
            "Payments below £500, and subcontractors.",
        ],
        notes=[NOTE],
    )
    damaged = ReportSource(
        path="made-sample/old-register-2014.xls",
        sha256=sha("damaged"),
        size_bytes=2_048,
        reader="",
        chosen="",
        units=1,
        entries=0,
        rejects=1,
        skipped=0,
        columns={},
        cannot_show=[],
        notes=[NOTE],
    )
    return [register, tenders, damaged]


def leads() -> list[ReportLead]:
    """Lines that name no maker."""
    ask = (
        "Dear Sir or Madam,\n\nunder contract NM-2209 you maintain CCTV for us. Please tell us, for each camera and recorder: "
        "the maker, the model number, and the MAC address.\n\nYours faithfully"
    )
    return [
        ReportLead(
            kind="cctv",
            body="Northmoor Borough Council",
            supplier="Castlegate Security Systems Ltd",
            lines=46,
            amount=[Amount(value="118240.75", currency="GBP"), Amount(value="900", currency="EUR")],
            at=[At(source=TENDERS, line=n) for n in range(100, 146)],
            example="CCTV MAINTENANCE Q3",
            ask=ask,
        ),
        ReportLead(
            kind="door entry",
            body="Northmoor Borough Council",
            supplier="",
            lines=3,
            amount=[],
            at=[cell(n) for n in (88, 89, 90)],
            example="Video door station, Elm Court",
            ask="Which company made the video door stations at Elm Court?",
        ),
    ]


def disclaimed() -> list[Disclaimed]:
    """Named, but not as there."""
    clause = "No Hikvision or Dahua equipment shall be supplied under this contract."
    return [
        Disclaimed(
            at=At(source=TENDERS, line=77),
            field="Description",
            text=clause,
            entity="hikvision",
            rule="negated-clause",
            detail="the sentence says that it shall not be supplied",
        ),
        Disclaimed(
            at=cell(120),
            field="Description",
            text="Axis P3265 (replaced Hikvision 06/2025)",
            entity="hikvision",
            rule="replaced",
            detail="the row says that it was replaced",
        ),
    ]


def rejects() -> list[ReportReject]:
    """What could not be read."""
    rows = [
        ReportReject(at=At(source=TENDERS, line=n), code="wrong-cell-count", reason="7 cells where the header has 5")
        for n in (301, 302, 640, 641)
    ]
    rows += [ReportReject(at=cell(n), code="bad-date", reason="“31/02/2021” is no date") for n in (399, 400)]
    return [*rows, ReportReject(at=At(source=DAMAGED), code="damaged-source", reason="the workbook ends in the middle of a stream")]


def sample_report(profile: str = "uk-local-authority") -> Report:
    """The made sample for one profile; `us-federal-contractor` has measures that bind, `neutral` has none said to."""
    return Report(
        format="offlimits.report/1",
        tool=Tool(version="0.1.0", registry=RegistryVersion(version="2026.11.23-sample", sha256=sha("registry"))),
        as_of=READ,
        profile=profile,
        coverage="partly-read",
        sources=sources(),
        entities=ENTITIES,
        measures=MEASURES,
        evidence=EVIDENCE,
        findings=findings(profile),
        disclaimed=disclaimed(),
        leads=leads(),
        aggregates=Aggregates(),
        rejects=rejects(),
        rejects_by_code={"wrong-cell-count": 4, "bad-date": 2, "damaged-source": 1},
    )


def empty_report(profile: str = "uk-local-authority") -> Report:
    """The same files with nothing found: the register alone, all of it read."""
    source = msgspec.structs.replace(sources()[REGISTER], units=1_282, rejects=0)
    return msgspec.structs.replace(
        sample_report(profile),
        coverage="all-read",
        sources=[source],
        entities={},
        measures={},
        evidence={},
        findings=[],
        disclaimed=[],
        leads=[],
        rejects=[],
        rejects_by_code={},
    )
