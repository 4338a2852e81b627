"""A reader to copy: JSON Lines, one flat object a line. Each object becomes a row; a line that is no object becomes a reject."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from offlimits.errors import UnreadableSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Options, Rows, Skipped
from offlimits.readers.columns import recognise_columns

SAMPLE = 200
"""So many objects are looked at before the columns are named."""


class JsonLines:
    """Reads JSON Lines."""

    name = "jsonl"
    cannot_show: tuple[str, ...] = ("what is inside a product", "subcontractors")

    def recognise(self, path: Path, head: bytes) -> str:
        first = head.split(b"\n", 1)[0]
        return "one JSON object a line" if first.lstrip().startswith(b"{") and first.rstrip().endswith(b"}") else ""

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError as error:
            raise UnreadableSource(str(error.strerror), "check that the file is there and that you may read it") from error
        objects: list[tuple[int, dict[str, object]]] = []
        for number, line in enumerate(lines[: -1 if not lines[-1] else None], start=1):
            event = _take(number, line, objects)
            if event is not None:
                yield event
        names = list(dict.fromkeys(name for _, item in objects[:SAMPLE] for name in item))
        rows = [["" if item.get(name) is None else str(item[name]) for name in names] for _, item in objects]
        table = recognise_columns(names, rows[:SAMPLE], options)
        yield table
        yield Rows(table=table, rows=rows, places=[number for number, _ in objects])


def _take(number: int, line: str, objects: list[tuple[int, dict[str, object]]]) -> Event | None:
    """Keep a good line; give back what becomes of any other, so that every line is counted once."""
    if not line.strip():
        return Skipped(reason="blank")
    try:
        item = json.loads(line)
    except ValueError as error:
        return Reject(place=Place(line=number), code="not-json", reason=str(error), raw=line[:2000])
    if not isinstance(item, dict):
        return Reject(place=Place(line=number), code="not-an-object", reason="the line holds no JSON object", raw=line[:2000])
    objects.append((number, item))
    return None
