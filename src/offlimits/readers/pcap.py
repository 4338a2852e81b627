"""pcap and pcapng: which devices speak, what they say of themselves, and whom they call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from offlimits.readers.base import Event, Options
from offlimits.readers.opened import plain_head
from offlimits.readers.wire.magic import is_capture


class Pcap:
    """Reads captures."""

    name = "pcap"
    cannot_show: tuple[str, ...] = (
        "what was not sent while the capture ran, or not past the place where it was taken",
        "what is inside encrypted connections; names in QUIC and in encrypted hellos",
        "the hardware address of a device behind a router",
        "to whom an address belongs that was reached without a name",
    )

    def recognise(self, path: Path, head: bytes) -> str:
        return is_capture(plain_head(head))

    def read(self, path: Path, options: Options) -> Iterator[Event]:
        from offlimits.readers.wire.captures import Packets, read_packets
        from offlimits.readers.wire.reading import Reading

        reading = Reading()
        yield reading.estate.table
        for event in read_packets(path):
            if isinstance(event, Packets):
                yield from reading.take(event)
            else:
                yield event
        yield from reading.finish()
