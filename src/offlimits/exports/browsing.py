"""What the pages of the site ask of the registry: which entity has a page, where things stand, which measures reach whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from offlimits.exports.base import all_sources, edition_day, web
from offlimits.folding import report_measure
from offlimits.measures import InForce, in_force, is_proven, touches
from offlimits.model import Entity, Evidence, EvidenceClass, Link, Measure, Name, NotAMeasure
from offlimits.registry import Registry
from offlimits.registry.data import proven
from offlimits.report import ReportMeasure
from offlimits.reports.words import jurisdiction

LETTERS: dict[EvidenceClass, str] = {"primary": "P", "maker": "M", "technical": "T", "press": "R", "community": "C"}
"""One letter for each class of evidence, as the marks of sources carry it; every page says what they stand for."""

LANGUAGES = {
    "ar": "Arabic", "bo": "Tibetan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fa": "Persian", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "mk": "Macedonian", "mn": "Mongolian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "ug": "Uyghur",
    "ug-Arab": "Uyghur", "ug-Latn": "Uyghur (Latin)", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
    "zh-Hans": "Chinese (simplified)", "zh-Hant": "Chinese (traditional)", "zh-Latn": "Chinese (pinyin)",
}  # fmt: skip
RIGHT_TO_LEFT = ("ar", "fa", "he", "ug", "ur")

KIND_WORDS = {"company": "company", "brand": "brand", "body": "public body"}


def direction(lang: str) -> str:
    """`rtl` for languages written from right to left, else nothing."""
    return "rtl" if lang.partition("-")[0] in RIGHT_TO_LEFT else ""


def profile_words(profile: str) -> str:
    """A profile as people say it: `US federal contractor`."""
    return " ".join(word.upper() if len(word) == 2 else word for word in profile.split("-"))


class Notes:
    """The sources of one page, numbered in the order in which they are first named."""

    def __init__(self) -> None:
        self.numbers: dict[Evidence, int] = {}

    def __call__(self, sources: Iterable[Evidence]) -> list[tuple[int, Evidence]]:
        """Each source with its number on this page, no source twice."""
        return [(self.numbers.setdefault(source, len(self.numbers) + 1), source) for source in dict.fromkeys(sources)]


class Reach(msgspec.Struct, frozen=True):
    """A measure that touches an entity: by name, or through somebody it names (`through`)."""

    measure: Measure
    through: str = ""


class Browsing:
    """The registry as the site shows it, judged on the day of its edition."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.day = edition_day(registry)
        self.entities = registry.entities
        self.measures = registry.data.measures
        self.claims = registry.data.not_measures

    # --- where things stand ---

    @cached_property
    def holding(self) -> set[str]:
        """Ids of everybody on whom another entity hangs."""
        return {link.of for entity in self.registry.data.entities for link in entity.links}

    @cached_property
    def named(self) -> set[str]:
        """Ids of everybody whom a measure names."""
        return {name for measure in self.measures for name in measure.names}

    def has_page(self, entity: Entity) -> bool:
        """Groups, and entities of weight: whom a measure names, on whom others hang, who has product codes, words of its own or
        look-alikes. All others stand on the page of their group."""
        own_words = entity.statement or entity.products or entity.lookalikes
        return bool(entity.id == entity.group or entity.id in self.named or entity.id in self.holding or own_words)

    def paged(self) -> list[Entity]:
        """Entities with a page of their own."""
        return [entity for entity in self.registry.data.entities if self.has_page(entity)]

    def groups(self) -> list[Entity]:
        """The listed groups, by name."""
        return sorted((self.entities[group] for group in self.registry.groups), key=lambda entity: self.short(entity.id).casefold())

    def members(self, group: str) -> list[Entity]:
        """Everybody in a group but its root."""
        return [entity for entity in self.registry.data.entities if entity.group == group and entity.id != group]

    def path(self, entity: str) -> str:
        """Where an entity's page lies."""
        return f"companies/{entity}.html"

    def href(self, entity: str) -> str:
        """Where an entity is described: its page, or its place on the group's."""
        found = self.entities[entity]
        return self.path(entity) if self.has_page(found) else f"{self.path(found.group)}#entity-{entity}"

    def places(self) -> list[str]:
        """Countries, the EU, and the rest: codes of jurisdiction pages, by name. States and provinces stand with their country."""
        return sorted({self.place(measure) for measure in self.measures}, key=lambda code: (code == "INTL", jurisdiction(code)))

    def place(self, measure: Measure) -> str:
        """The jurisdiction page on which a measure stands."""
        return measure.jurisdiction.partition("-")[0]

    def place_path(self, code: str) -> str:
        """Where a jurisdiction's page lies."""
        return f"jurisdictions/{code.lower()}.html"

    def measure_href(self, measure: Measure) -> str:
        """Where a measure is described."""
        return f"{self.place_path(self.place(measure))}#{measure.id}"

    # --- who is who ---

    def short(self, entity: str) -> str:
        """What to call an entity where there is little room: its shortest short name in Latin letters, or a brand or acronym that is a part
        of its name; else its name. Not any brand: a company's product is not the company."""
        found = self.entities[entity]
        own = {name.text for name in found.names if name.kind == "short" and name.weight != "context"}
        own |= {name.text for name in found.names if name.kind in ("brand", "acronym") and name.text in found.name.split()}
        return min((text for text in own if text.isascii()), key=lambda text: (len(text), text), default=found.name)

    def native(self, entity: Entity, most: int) -> list[Name]:
        """The first names of an entity in scripts other than Latin."""
        return [name for name in entity.names if all(ord(char) > 0x250 for char in name.text if char.isalpha())][:most]

    def ties(self, entity: Entity) -> list[tuple[Entity, Link]]:
        """Every tie of an entity, its own first, then those to it; for a group those of all its members."""
        inside = {entity.id, *(member.id for member in self.members(entity.id))} if entity.id == entity.group else {entity.id}
        everybody = self.registry.data.entities
        own = [(other, link) for other in everybody for link in other.links if other.id in inside]
        return own + [(other, link) for other in everybody for link in other.links if other.id not in inside and link.of in inside]

    def prefixes(self, entity: str) -> dict[str, list[str]]:
        """MAC prefixes assigned to an entity, by the organisation's name as registered."""
        found: dict[str, list[str]] = {}
        for mac in self.registry.data.macs:
            if mac.entity == entity:
                found.setdefault(mac.organisation, []).append(mac.prefix)
        return found

    def sources(self, keys: Iterable[str]) -> list[Evidence]:
        """Evidence by its ids."""
        return self.registry.evidence_of(keys)

    # --- measures ---

    def force(self, measure: Measure) -> tuple[InForce, str]:
        """Whether a measure is in force on the day of the edition, and why."""
        return in_force(measure, self.day)

    def proven(self, measure: Measure) -> bool:
        """Whether a primary source of it was read."""
        return is_proven(measure)

    def reporters(self, measure: Measure) -> str:
        """The publishers of a measure without a primary source."""
        return ", ".join(dict.fromkeys(source.publisher for source in measure.evidence))

    def address(self, measure: Measure) -> str:
        """Where the measure itself can be read: its primary source first."""
        return next(iter(web(sorted(measure.evidence, key=lambda source: source.cls != "primary"))), "")

    def reaching(self, entity: Entity) -> list[Reach]:
        """Measures that name an entity, or a member of its group where it is the group; then those that reach it through others."""
        inside = {entity.id, *(member.id for member in self.members(entity.id))} if entity.id == entity.group else {entity.id}
        by_name = [Reach(measure) for measure in self.measures if inside & set(measure.names)]
        return [*_sorted(by_name), *_sorted(self._through(entity, {reach.measure.id for reach in by_name}))]

    def _through(self, entity: Entity, known: set[str]) -> Iterator[Reach]:
        for measure in self.measures:
            for path in () if measure.id in known else self.registry.paths(entity.id, self.day):
                if touches(measure, path):
                    yield Reach(measure, next(hop.link.of for hop in path.hops if hop.link.of in measure.names))
                    break

    def at(self, code: str) -> dict[str, list[Measure]]:
        """The measures of a jurisdiction's page, those of the country first, then by state."""
        found: dict[str, list[Measure]] = {}
        for measure in _in_order(measure for measure in self.measures if self.place(measure) == code):
            found.setdefault(measure.jurisdiction, []).append(measure)
        return dict(sorted(found.items(), key=lambda item: (item[0] != code, jurisdiction(item[0]))))

    def drawn(self, measures: Iterable[Measure]) -> dict[str, list[ReportMeasure]]:
        """Measures as the timeline takes them: by the name of their jurisdiction, countries before states, the earliest first."""
        groups: dict[str, list[ReportMeasure]] = {}
        for measure in sorted(_in_order(measures), key=lambda m: ("-" in m.jurisdiction, jurisdiction(m.jurisdiction))):
            groups.setdefault(jurisdiction(measure.jurisdiction), []).append(report_measure(measure))
        return groups

    def states(self, measures: Iterable[Measure]) -> Counter[str]:
        """How many are in force, not, or not known."""
        return Counter(self.force(measure)[0] for measure in measures)

    def unproven(self, measures: Iterable[Measure]) -> int:
        """How many of these have no primary source."""
        return sum(not is_proven(measure) for measure in measures)

    def claims_on(self, entity: Entity) -> list[NotAMeasure]:
        """What is often claimed of an entity and is not so."""
        return [claim for claim in self.claims if entity.id in claim.names]

    # --- sources ---

    @cached_property
    def classes(self) -> Counter[str]:
        """How much evidence there is of each class."""
        return Counter(source.cls for source in all_sources(self.registry))

    def publishers(self) -> list[tuple[str, int, list[str]]]:
        """Publishers with the number of their addresses and the classes of their evidence, the most cited first."""
        urls: dict[str, set[str]] = {}
        classes: dict[str, set[str]] = {}
        for source in all_sources(self.registry):
            urls.setdefault(source.publisher, set()).add(source.url)
            classes.setdefault(source.publisher, set()).add(source.cls)
        order: list[str] = list(LETTERS)
        rows = [(name, len(found), sorted(classes[name], key=order.index)) for name, found in urls.items()]
        return sorted(rows, key=lambda row: (-row[1], row[0].casefold()))

    def reported(self) -> list[Measure]:
        """Measures without a primary source."""
        return [measure for measure in self.measures if not is_proven(measure)]

    def weak_ties(self) -> list[tuple[Entity, Link, str]]:
        """Ties that are disputed, in part uncertain, or rest on press and community alone, each with the reason."""
        return [(entity, link, why) for entity in self.registry.data.entities for link in entity.links if (why := self.weakness(link))]

    def weakness(self, link: Link) -> str:
        """Why a tie is weak, in words; nothing where it is not."""
        sources = self.sources(link.evidence)
        if link.disputed:
            return f"disputed: {link.disputed}"
        if link.uncertain:
            return f"uncertain: {link.uncertain}"
        if any(source.cls in ("primary", "maker", "technical") for source in sources):
            return ""
        return "press and community only" if proven(sources) else "one source, press or community"


def _in_order(measures: Iterable[Measure]) -> list[Measure]:
    """The earliest first; what has no day last."""
    return sorted(measures, key=lambda measure: (not measure.periods, min((str(p.since) for p in measure.periods), default=""), measure.id))


def _sorted(reaches: Iterable[Reach]) -> list[Reach]:
    found = {reach.measure.id: reach for reach in reaches}
    return [found[measure.id] for measure in _in_order(reach.measure for reach in found.values())]
