"""One capture on its way: its packets become devices, with what they say of themselves and whom they call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import attrgetter

import numpy as np

from offlimits.model import Place, Reject
from offlimits.readers.base import Asked, Contact, Event, Skipped
from offlimits.readers.devices import Device, Estate, Span, device_table, earlier, later, many_own, own_questions, plain_mac
from offlimits.readers.wire.addresses import address_of, is_private, is_single, mac_text
from offlimits.readers.wire.captures import Packets
from offlimits.readers.wire.flows import MOST_FLOWS, Flows, Talk
from offlimits.readers.wire.frames import ARP, FAULTS, ICMP6, UNKNOWN_LINK, Frames, read_frames
from offlimits.readers.wire.streams import Clue, Leased, Named, Payloads

MOST_TOLD = 400_000

CODES = ("", "bad-packet", "lying-length", "too-many-heads", "unknown-link-layer", "bad-packet")


class Reading:
    """One capture on its way."""

    def __init__(self) -> None:
        self.estate = Estate(device_table("frame"))
        self.flows = Flows()
        self.payloads = Payloads()
        self.told: list[Clue | Leased] = []
        self.bound: dict[tuple[int, str], tuple[int, float | None, float | None]] = {}
        self.faults: Counter[int] = Counter()
        self.packets = 0
        self.left_out = 0
        self.squeeze_at = MOST_TOLD // 4

    def take(self, packets: Packets) -> Iterator[Reject]:
        """Add a batch; broken packets come back as rejects."""
        frames = read_frames(packets)
        self.packets += len(packets.starts)
        for row in np.flatnonzero(frames.fault).tolist():
            code = int(frames.fault[row])
            self.faults[code] += 1
            if code != UNKNOWN_LINK or self.faults[code] == 1:
                yield Reject(place=Place(frame=packets.first + row), code=CODES[code], reason=FAULTS[code])
        self._bind_neighbours(packets, frames)
        self.payloads.add(packets, frames, self.flows.add(packets, frames))
        self._keep_told()

    def _keep_told(self) -> None:
        room = MOST_TOLD - len(self.told)
        self.told += self.payloads.told[:room]
        self.left_out += max(len(self.payloads.told) - room, 0)
        self.payloads.told = []
        if len(self.told) > self.squeeze_at:
            self.told = list(_squeezed(self.told))
            self.squeeze_at = min(max(MOST_TOLD // 4, 2 * len(self.told)), MOST_TOLD - 1)

    def _bind_neighbours(self, packets: Packets, frames: Frames) -> None:
        """Who says of himself that an address is his: senders of ARP (RFC 826), and of IPv6 neighbour advertisements (RFC 4861, 4.4)."""
        rows = np.flatnonzero((frames.kind == ARP) & (frames.fault == 0))
        for row in rows.tolist():
            at = int(frames.network[row])
            body = packets.data[at : min(at + 28, int(packets.starts[row] + packets.captured[row]))]
            if len(body) == 28 and body[:6] == b"\0\1\x08\0\6\4" and any(body[14:18]):
                self._bind(int.from_bytes(body[8:14], "big"), ".".join(map(str, body[14:18])), packets, row)
        for row in np.flatnonzero((frames.protocol == ICMP6) & (frames.fault == 0)).tolist():
            at = int(frames.network[row]) + 40
            if packets.data[at : at + 1] == b"\x88" and at + 24 <= int(frames.end[row]):
                high, low = (int.from_bytes(packets.data[at + start : at + start + 8], "big") for start in (8, 16))
                self._bind(int(frames.mac[row]), address_of(high, low), packets, row)

    def _bind(self, mac: int, address: str, packets: Packets, row: int) -> None:
        time, frame = float(packets.times[row]), packets.first + row
        told = None if time != time else time
        known = self.bound.get((mac, address))
        if known is None and len(self.bound) >= MOST_TOLD:
            self.left_out += 1
            return
        frame, first, last = known or (frame, None, None)
        self.bound[mac, address] = (frame, earlier(first, told), later(last, told))

    # --- at the end ----------------------------------------------------------------------------

    def finish(self) -> Iterator[Event]:
        """Devices, contacts and clues, once all is known of who had which address."""
        self.payloads.flush()
        self._keep_told()
        named = own_questions(list(self.payloads.named.values()), attrgetter("address"), self.payloads.resolvers)
        said = sorted([*self.told, *named], key=attrgetter("frame"))
        self.flows.fold()
        self.senders = list(self.flows.senders())
        self._own_addresses()
        self._devices()
        for item in said:
            self._tell(item)
        for talk in self.flows.talks():
            self._contact(talk)
        events = list(self.estate.events(self._notes()))
        told = self.faults.total() - max(self.faults[UNKNOWN_LINK] - 1, 0)
        positions = len({device.position for device in self.estate.devices.values()})
        if (rest := self.packets - told - positions) > 0:
            yield Skipped(reason="packet", count=rest)
        yield from events

    def _notes(self) -> Iterator[str]:
        if self.faults[UNKNOWN_LINK]:
            yield f"{self.faults[UNKNOWN_LINK]:,} packets are of a link layer that is not decoded, and say nothing here"
        if self.flows.early:
            yield f"more than {MOST_FLOWS:,} flows are open at once: a long one may count as several, and who began it may be taken wrongly"
        if left := self.left_out + self.flows.left_out + self.payloads.left_out:
            yield f"{left:,} clues and contacts beyond what is kept were left out"

    def _own_addresses(self) -> None:
        """Hardware address of each address of the estate: as ARP and DHCP say; else as its sender, where that is no router."""
        self.owner: dict[str, str] = {}
        self.keys: dict[tuple[int, str], str] = {}
        leased = [item for item in self.told if isinstance(item, Leased) and item.address]
        for (mac, address), (_, first, last) in self.bound.items():
            self._own(mac_text(mac), address, first, last)
        for item in leased:
            time = None if item.time != item.time else item.time
            self._own(item.mac, item.address, time, time)
        for said in self.told:  # without a link layer a device may still say which hardware address its own is
            if isinstance(said, Clue) and said.kind == "mac" and not said.mac:
                self._own(plain_mac(said.text), said.address, None, None)
        senders: dict[int, dict[str, Span]] = {}
        outside: set[int] = set()
        for sender in self.senders:
            mac, address = sender.mac, sender.address
            if is_private(address) and not address.startswith(("fe80:", "169.254.")):
                senders.setdefault(mac, {})[address] = (sender.first, sender.last)
            elif mac not in outside and not is_private(address) and is_single(address) and address not in self.owner:
                outside.add(mac)
        self.routers = {mac for mac, addresses in senders.items() if many_own(addresses) or (mac in outside and len(addresses) > 1)}
        for sender in self.senders:
            address, own = sender.address, mac_text(sender.mac)
            if own and self.owner.get(address, own) == own and sender.mac not in self.routers and is_private(address):
                self._own(own, address, sender.first, sender.last)

    def _own(self, mac: str, address: str, first: float | None, last: float | None) -> None:
        if mac and is_single(address):
            self.owner.setdefault(address, mac)
            self.estate.bind(mac, address, first, last)

    def _key(self, mac: int, address: str) -> str:
        """The device that sent from an address: empty for one that is not of the estate."""
        key = self.keys.get((mac, address))
        if key is None:
            own = mac_text(mac)
            if own and (own, address) in self.estate.bonds:
                key = own
            else:
                key = self.owner.get(address) or (address if is_private(address) and is_single(address) else "")
            self.keys[mac, address] = key
        return key

    def _device(self, mac: int, address: str, frame: int) -> Device | None:
        key = self._key(mac, address)
        if not key:
            return None
        return self.estate.see(key, frame, key if ":" in key and key == mac_text_of(key) else "", address)

    def _devices(self) -> None:
        seen = [(sender.frame, sender.mac, sender.address) for sender in self.senders]
        seen += [(frame, mac, address) for (mac, address), (frame, _, _) in self.bound.items()]
        for frame, mac, address in sorted(seen):
            self._device(mac, address, frame)

    def _tell(self, item: Clue | Named | Leased) -> None:
        if isinstance(item, Leased):
            device = self.estate.see(item.mac, item.frame, item.mac, item.address)
            for kind, text in item.clues if device else ():
                device.add(kind, text)  # type: ignore[union-attr]
        elif isinstance(item, Named):
            if device := self._device(item.mac, item.address, item.frame):
                addresses, how, count = tuple(item.addresses), item.how, max(item.count, item.answers)
                self.estate.ask(Asked(device.key, item.host, addresses, how, count, item.first, item.last, item.frame))  # type: ignore[arg-type]
        elif device := self._clued(item):
            if item.kind != "mac":
                device.add(item.kind, item.text)
            elif not device.mac:
                device.mac = item.text

    def _clued(self, item: Clue) -> Device | None:
        if not item.address:
            key = mac_text(item.mac)
            return self.estate.see(key, item.frame, key) if key else None
        return self._device(item.mac, item.address, item.frame)

    def _contact(self, talk: Talk) -> None:
        """A talk with the outside as a contact of the device on this side of it."""
        ours, theirs = self._key(talk.mac, talk.caller), self._key(talk.peer_mac, talk.callee)
        if bool(ours) == bool(theirs) or not is_single(talk.caller) or not is_single(talk.callee):
            return
        if ours:
            key, peer, sent, received, opener = ours, talk.callee, talk.bytes_out, talk.bytes_in, "device"
        else:
            key, peer, sent, received, opener = theirs, talk.caller, talk.bytes_in, talk.bytes_out, "peer"
        opened = opener if talk.opened else "unknown"
        contact = Contact(key, peer, talk.port, talk.protocol, sent, received, talk.count, talk.first, talk.last, opened, talk.frame)  # type: ignore[arg-type]
        self.estate.contacts.append(contact)


def mac_text_of(key: str) -> str:
    """The key, where it is a hardware address and no IPv6 one."""
    return key if len(key) == 17 and key.count(":") == 5 else ""


def _squeezed(told: list[Clue | Leased]) -> Iterator[Clue | Leased]:
    """The same without repetitions: of what was said before by the same sender only the first is kept."""
    seen: set[tuple[object, ...]] = set()
    for item in told:
        key = (item.mac, item.address, item.kind, item.text) if isinstance(item, Clue) else (item.mac, item.address, *item.clues)
        if key not in seen:
            seen.add(key)
            yield item
