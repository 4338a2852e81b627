"""How good the evidence is: the share of each class, and every weak spot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from offlimits.registry.data import RegistryData


def source_lines(data: RegistryData) -> Iterator[str]:
    """The classes of all evidence, then every claim that rests on press or community alone, and every disputed link."""
    classes = Counter(source.cls for source in data.evidence.values())
    classes.update(source.cls for measure in data.measures for source in measure.evidence)
    total = classes.total()
    for name in ("primary", "maker", "technical", "press", "community"):
        yield f"  {name:<10} {classes[name]:>5}  {classes[name] / max(total, 1):6.1%}"
    unproven = [measure.id for measure in data.measures if all(source.cls != "primary" for source in measure.evidence)]
    yield f"  measures without a primary source: {len(unproven)} of {len(data.measures)}"
    told = {measure.id: measure.no_primary for measure in data.measures}
    yield from (f"    {key}: {told[key] or 'where one was looked for is not said'}" for key in unproven)
    for entity in data.entities:
        for link in entity.links:
            weak = {data.evidence[key].cls for key in link.evidence} <= {"press", "community"}
            if link.disputed or weak:
                why = f"disputed: {link.disputed}" if link.disputed else "press or community only"
                yield f"    {entity.id} {link.relation} {link.of}: {why}"
