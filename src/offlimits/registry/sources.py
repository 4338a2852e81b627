"""How good the evidence is: the share of each class, and every weak spot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from offlimits.registry.data import RegistryData


def source_lines(data: RegistryData) -> Iterator[str]:
    """The classes of all evidence; every measure without a primary source, with what was looked for; every link that is disputed, or rests
    on press or community alone."""
    classes = Counter(source.cls for source in data.evidence.values())
    classes.update(source.cls for measure in data.measures for source in measure.evidence)
    total = classes.total()
    for name in ("primary", "maker", "technical", "press", "community"):
        yield f"  {name:<10} {classes[name]:>5}  {classes[name] / max(total, 1):6.1%}"
    unproven = [measure for measure in data.measures if all(source.cls != "primary" for source in measure.evidence)]
    share = 1 - len(unproven) / max(len(data.measures), 1)
    yield f"  measures with a primary source: {len(data.measures) - len(unproven)} of {len(data.measures)} ({share:.1%})"
    yield f"  measures without one, which never bind: {len(unproven)}"
    yield from (f"    {measure.id}: {measure.no_primary}" for measure in unproven)
    yield from _link_lines(data)


def _link_lines(data: RegistryData) -> Iterator[str]:
    links = [(entity, link) for entity in data.entities for link in entity.links]
    kinds = Counter(link.relation for _, link in links)
    disputed, ended = sum(bool(link.disputed) for _, link in links), sum(bool(link.until) for _, link in links)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    yield f"  links: {len(links)} ({counted}); {ended} ended, {disputed} disputed"
    for entity, link in links:
        weak = {data.evidence[key].cls for key in link.evidence} <= {"press", "community"}
        if link.disputed or weak:
            why = f"disputed: {link.disputed}" if link.disputed else "press or community only"
            yield f"    {entity.id} {link.relation} {link.of}: {why}"
