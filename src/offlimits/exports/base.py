"""What every export promises: bytes from a `Registry`, judged on the day of its edition, and a word on whatever it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from offlimits.model import Entity, Evidence, Measure
from offlimits.registry import Registry


class Export(Protocol):
    """One form in which others take the registry. The same registry gives the same bytes."""

    name: str
    about: str
    """One line of help: what it is, for whom."""

    def file(self, registry: Registry) -> bytes | None:
        """The whole export as one file; None where it is always a folder."""

    def folder(self, registry: Registry) -> Mapping[str, bytes]:
        """The export as a folder: path inside it, with `/`, to content."""

    def left_out(self, registry: Registry) -> list[str]:
        """What the registry says and this form has no place for, counted, in words."""


def edition_day(registry: Registry) -> date:
    """The day on which exports judge: the registry's edition where that is a day, else the last day on which a source was read."""
    try:
        return date.fromisoformat(registry.version)
    except ValueError:
        return max((source.read for source in all_sources(registry)), default=date.min)


def all_sources(registry: Registry) -> list[Evidence]:
    """Every piece of evidence: that of companies, of the MAC table, of measures, of corrected claims."""
    data = registry.data
    claims = [measure.evidence for measure in data.measures] + [claim.evidence for claim in data.not_measures]
    return [*data.evidence.values(), *(source for sources in claims for source in sources)]


def web(sources: Iterable[Evidence]) -> list[str]:
    """The addresses of sources, each once, in their order; what is no web address is left out."""
    return list(dict.fromkeys(source.url for source in sources if source.url.startswith("http")))


def evidence_keys(entity: Entity) -> list[str]:
    """Ids of all evidence for an entity, its names, identifiers, products and look-alikes, each once. Links bring their own."""
    families = (entity.names, entity.identifiers, entity.products, entity.lookalikes)
    return list(dict.fromkeys([*entity.evidence, *(key for family in families for part in family for key in part.evidence)]))


def nameless(registry: Registry) -> list[Measure]:
    """The measures that name no company: they speak of a class, or of a claim at court."""
    return [measure for measure in registry.data.measures if not measure.names]


def counted(number: int, one: str, many: str) -> list[str]:
    """`["31 measures"]`; nothing for none."""
    return [f"{number:,} {one if number == 1 else many}"] if number else []
