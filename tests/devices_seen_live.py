"""The rows of devices that a capture gives, by hardware address."""

from __future__ import annotations

from pathlib import Path

from offlimits.readers.base import Options, Rows
from offlimits.readers.pcap import Pcap


def rows(path: Path) -> dict[str, dict[str, str]]:
    """Each device's filled cells by column."""
    return {
        row[1]: {column.name: cell for column, cell in zip(event.table.columns, row, strict=True) if cell}
        for event in Pcap().read(path, Options())
        if isinstance(event, Rows)
        for row in event.rows
    }
