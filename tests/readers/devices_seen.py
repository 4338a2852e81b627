"""What tests of readers of devices ask: rows as dictionaries, traffic, counts."""

from __future__ import annotations

from pathlib import Path

from offlimits.readers.base import Event, Options, Reader, Rows, Skipped, Table, Traffic


class Seen:
    """Everything that a reader hands out for one file."""

    def __init__(self, reader: Reader, path: Path) -> None:
        self.events: list[Event] = list(reader.read(path, Options()))
        self.devices = [
            ({column.name: cell for column, cell in zip(event.table.columns, row, strict=True) if cell}, place)
            for event in self.events
            if isinstance(event, Rows)
            for row, place in zip(event.rows, event.places, strict=True)
        ]
        self.traffic = [event for event in self.events if isinstance(event, Traffic)]
        self.skipped = {event.reason: event.count for event in self.events if isinstance(event, Skipped)}
        self.codes = [event.code for event in self.events if hasattr(event, "code")]
        self.tables = [event for event in self.events if isinstance(event, Table)]

    def device(self, mac: str) -> dict[str, str]:
        """The one device with this hardware address."""
        found = [row for row, _ in self.devices if row.get("mac") == mac]
        assert len(found) == 1
        return found[0]

    @property
    def units(self) -> int:
        """Everything counted: entries, rejects, skipped."""
        return len(self.devices) + len(self.codes) + sum(event.count for event in self.events if isinstance(event, Skipped))
