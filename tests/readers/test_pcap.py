"""Captures: what devices say of themselves and whom they call, in every form of file and link, damaged ones too."""

from __future__ import annotations

import gzip
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import wires
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.errors import SourceTooLarge
from offlimits.readers.base import Note, Options
from offlimits.readers.pcap import Pcap
from offlimits.readers.wire import dns, tls
from offlimits.readers.wire.magic import is_capture

Put = Callable[..., Path]
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ESTATE = wires.estate()
CAMERA, RECORDER, ROUTER = wires.CAMERA, wires.RECORDER, wires.ROUTER
OUT = "198.51.100.20"


def seen(content: bytes) -> Seen:
    """What the reader sees in a capture with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capture"
        path.write_bytes(content)
        return Seen(Pcap(), path)


def one(*frames: bytes, link: int = 1) -> Seen:
    """What it sees in these frames."""
    return seen(wires.pcap([(1_790_000_000.0 + number, frame) for number, frame in enumerate(frames)], link=link))


def check_estate(found: Seen) -> None:
    """The estate is recovered: four devices, each once, with its clues, calls and bytes."""
    assert len(found.devices) == 4
    camera, recorder = found.device(CAMERA), found.device(RECORDER)
    assert camera["model"].split("\n")[0] == "DS-2CD2143G2-I"
    assert (camera["hostname"], camera["dhcp-class"], camera["http-server"], camera["realm"]) == (
        "cam-gate",
        "camera",
        "App-webs/",
        "DS-2CD2143G2-I",
    )
    assert camera["called"] == "dev.hik-connect.com"
    assert recorder["model"] == "NVR5216-4KS2"
    contacts = {(item.device, item.peer, item.port): item for item in found.traffic[0].contacts}
    call = contacts[CAMERA, OUT, 8555]
    assert (call.bytes_out, call.bytes_in, call.opened_by, call.count) == (160, 149, "device", 1)
    assert contacts[CAMERA, "203.0.113.77", 80].opened_by == "peer"
    assert contacts[RECORDER, "203.0.113.9", 8800].bytes_in == 47
    assert found.units == len(ESTATE)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
@pytest.mark.parametrize("write", [wires.pcap, wires.pcapng])
def test_every_form_of_file(write: Callable[..., bytes], order: str, nano: bool) -> None:
    """Both formats, both byte orders, micro- and nanoseconds, plain and gzip give the same estate with the same times."""
    content = write(ESTATE, order=order, nano=nano)
    for packed in (content, gzip.compress(content)):
        found = seen(packed)
        check_estate(found)
        contact = next(item for item in found.traffic[0].contacts if item.peer == OUT)
        assert contact.first == pytest.approx(1_790_000_009.0, abs=1e-5)


def test_recognised_by_content() -> None:
    """Captures are told by their first bytes."""
    assert is_capture(wires.pcap([])) == "a pcap capture, microseconds"
    assert is_capture(wires.pcapng([])) == "a pcapng capture"
    assert Pcap().recognise(Path("x"), gzip.compress(wires.pcap(ESTATE)))
    assert not is_capture(b"Supplier,Item\n")


@pytest.mark.parametrize("write", [wires.pcap, wires.pcapng])
def test_batches_change_nothing(write: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """In however many batches a capture is read, and however often flows are folded meanwhile: the same devices and the same calls."""
    content = write(wires.mixed(4_000))
    whole = seen(content)
    for name, value in {"captures.BATCH": 60_000, "flows.MOST_FLOWS": 100, "flows.MOST_ROWS": 50, "leaps.LEAST": 2_000}.items():
        monkeypatch.setattr(f"offlimits.readers.wire.{name}", value)
    parted = seen(content)
    assert parted.devices == whole.devices
    assert [any(isinstance(event, Note) for event in found.events) for found in (whole, parted)] == [False, True]
    first, second = (sorted(found.traffic[0].contacts, key=lambda item: (item.device, item.peer, item.port)) for found in (whole, parted))
    assert len(first) > 20
    for item, other in zip(first, second, strict=True):
        assert msgspec.structs.replace(other, count=item.count, opened_by=item.opened_by) == item
        assert other.count >= item.count  # a flow that was folded while it went on is counted again
    assert parted.traffic[0].asked == whole.traffic[0].asked


@pytest.mark.parametrize("capture", ["pcapng", "sections"])
def test_other_blocks_between_packets(capture: str) -> None:
    """Blocks that are no packets, a section of the other byte order, a packet of no interface: every packet is counted."""
    packets = list(wires.mixed(3_000))
    one, other = wires.pcapng(packets), wires.pcapng(packets, order=">")
    head = len(wires.pcapng([]))
    stranger = wires.block("<", 6, struct.pack("<IIIII", 7, 0, 0, 4, 4) + b"none")
    content = one + wires.block("<", 4, bytes(8)) + stranger + one[head:] if capture == "pcapng" else one + other + one
    found = seen(content)
    assert found.units == (6_001 if capture == "pcapng" else 9_000)


@pytest.mark.parametrize(("link", "wrap"), [(113, 1), (276, 2)])
def test_cooked_links(link: int, wrap: int) -> None:
    """Linux cooked captures of both versions tell the sender's hardware address."""
    packet = wires.udp("192.168.1.64", "239.255.255.250", 37020, 37020, wires.sadp("DS-2CD2T47G1-L", "192.168.1.64", CAMERA))
    found = one(wires.cooked(CAMERA, packet, wrap), link=link)
    assert found.device(CAMERA)["model"].startswith("DS-2CD2T47G1-L")


@pytest.mark.parametrize("link", [101, 12, 228])
def test_raw_links(link: int) -> None:
    """Without a link layer a device is known by its address; what it says its hardware address is, is kept."""
    found = one(wires.udp("192.168.1.64", "239.255.255.250", 37020, 37020, wires.sadp("DS-2CD2T47G1-L", "192.168.1.64", CAMERA)), link=link)
    assert found.device(CAMERA)["device"].startswith("192.168.1.64")


def test_tags_and_ipv6() -> None:
    """VLAN tags are stepped over; IPv6 is read as IPv4 is, extension heads too."""
    hello = wires.tcp("fd00::64", "2001:db8::20", 50000, 443, wires.client_hello("dev.hik-connect.com"))
    extended = hello[:6] + b"\0" + hello[7:40] + b"\x06\0\1\4\0\0\0\0" + hello[40:]
    extended = extended[:4] + struct.pack(">H", len(extended) - 40) + extended[6:]
    for packet in (hello, extended):
        found = one(wires.ethernet(CAMERA, ROUTER, packet, tags=3))
        assert found.device(CAMERA)["called"] == "dev.hik-connect.com"
        assert found.traffic[0].contacts[0].peer == "2001:db8::20"


def test_too_many_tags_are_counted() -> None:
    """A packet of nothing but tags ends as a reject."""
    found = one(wires.ethernet(CAMERA, ROUTER, wires.udp("10.0.0.1", "10.0.0.2", 1, 2, b""), tags=300))
    assert found.codes == ["too-many-heads"]


def test_fragments_count_as_bytes() -> None:
    """Later fragments have no ports; their bytes count for the address, and nothing is decoded from their middle."""
    later = wires.ip("192.168.1.64", OUT, 17, b"\0\x35\0\x35" + wires.dns("x.example", answers=False), fragment=100)
    found = one(wires.ethernet(CAMERA, ROUTER, later))
    assert [(item.port, item.bytes_out) for item in found.traffic[0].contacts] == [(-1, len(later))]
    assert "called" not in found.device(CAMERA)


def test_certificate_over_several_packets() -> None:
    """A server's certificate is put together from its segments, also when they come out of order."""
    der = wires.certificate("HIKVISION", "hikvision.com")
    data = wires.server_hello(der)
    parts = [(start, data[start : start + 80]) for start in range(0, len(data), 80)]
    parts[1], parts[2] = parts[2], parts[1]
    frames = [
        wires.ethernet(CAMERA, ROUTER, wires.tcp("192.168.1.64", "192.168.1.5", 443, 50000, part, sequence=1000 + start))
        for start, part in parts
    ]
    assert one(*frames).device(CAMERA)["tls-subject"] == "O=HIKVISION, CN=hikvision.com"


def test_plain_heads() -> None:
    """Banners of HTTP, RTSP and SSH, titles, realms, announcements and answers of SNMP are kept as clues."""

    def said(port: int, data: bytes) -> bytes:
        return wires.ethernet(CAMERA, ROUTER, wires.tcp("192.168.1.64", "192.168.1.5", port, 50000, data, sequence=port))

    page = b"HTTP/1.1 200 OK\r\nServer: DNVRS-Webs\r\nContent-Type: text/html\r\n\r\n<html><title> NVR &amp; more</title>"
    oid = bytes.fromhex("06082b06010201010200") + b"\x06\x08\x2b\x06\x01\x04\x01\x82\xb1\x7d"
    descr = bytes.fromhex("06082b06010201010100") + b"\x04\x0cVRP Software"
    frames = [
        said(80, page),
        said(
            554,
            b'RTSP/1.0 401 Unauthorized\r\nServer: Dahua Rtsp Server\r\nWWW-Authenticate: Digest realm="Login to 2J0", nonce="1"\r\n\r\n',
        ),
        said(22, b"SSH-2.0-HUAWEI-1.5\r\n"),
        wires.ethernet(
            CAMERA,
            ROUTER,
            wires.udp("192.168.1.64", "239.255.255.250", 1900, 1900, b"NOTIFY * HTTP/1.1\r\nSERVER: Linux UPnP/1.0 Hikvision\r\n\r\n"),
        ),
        wires.ethernet(CAMERA, ROUTER, wires.udp("192.168.1.64", "192.168.1.5", 161, 50000, descr + oid)),
        wires.ethernet(
            CAMERA,
            ROUTER,
            wires.udp("192.168.1.64", "192.168.1.5", 3702, 50000, wires.wsd("onvif://www.onvif.org/hardware/DS-2CD1023G0-I")),
        ),
    ]
    row = one(*frames).device(CAMERA)
    assert (row["http-server"], row["http-title"], row["rtsp"], row["realm"]) == (
        "DNVRS-Webs",
        "NVR & more",
        "Dahua Rtsp Server",
        "Login to 2J0",
    )
    assert (row["ssh"], row["ssdp"], row["model"]) == ("SSH-2.0-HUAWEI-1.5", "Linux UPnP/1.0 Hikvision", "DS-2CD1023G0-I")
    assert row["snmp"] == "VRP Software\n1.3.6.1.4.1.39165"


def test_router_does_not_own_whom_it_carries() -> None:
    """Addresses behind a router are devices of their own, without a hardware address; the router's is not given to them."""
    frames = [wires.ethernet(ROUTER, CAMERA, wires.udp(f"10.9.0.{n}", OUT, 5000, 123, b"x")) for n in range(1, 20)]
    found = one(*frames)
    assert len(found.devices) == 19
    assert not any("mac" in row for row, _ in found.devices)


def test_address_over_time() -> None:
    """An address that goes from one device to another is bound to both, each for its time."""
    frames = [wires.arp(CAMERA, "192.168.1.64"), wires.arp(RECORDER, "192.168.1.64")]
    bonds = one(*frames).traffic[0].bonds
    assert {(item.mac, item.first) for item in bonds} == {(CAMERA, 1_790_000_000.0), (RECORDER, 1_790_000_001.0)}


def test_unknown_link_is_told_once() -> None:
    """Packets of a link layer that is not decoded are counted, with one reject that says so."""
    found = one(*[b"x" * 60] * 5, link=105)
    assert found.codes == ["unknown-link-layer"]
    assert found.units == 5


# --- damaged and hostile -------------------------------------------------------------------------

WHOLE = wires.pcap(ESTATE)
WHOLE_NG = wires.pcapng(ESTATE)


@QUICK
@given(cut=st.integers(0, len(WHOLE)))
def test_pcap_cut_anywhere(cut: int) -> None:
    """Cut at any byte: every whole packet before the cut is counted, and the rest is a reject."""
    found = seen(WHOLE[:cut])
    sizes = [16 + len(frame) for _, frame in ESTATE]
    ends = [24 + sum(sizes[: number + 1]) for number in range(len(sizes))]
    whole = sum(end <= cut for end in ends)
    assert found.units >= whole
    assert ("cut-short" in found.codes) == (cut not in (24, *ends))


@QUICK
@given(cut=st.integers(0, len(WHOLE_NG)), packed=st.booleans())
def test_pcapng_cut_anywhere(cut: int, packed: bool) -> None:
    """The same for pcapng, and for gzip cut at any byte: no crash, counted."""
    content = gzip.compress(WHOLE_NG, mtime=0) if packed else WHOLE_NG
    assert seen(content[: min(cut, len(content))]).units >= 0


@QUICK
@given(position=st.integers(24, len(WHOLE) - 1), value=st.integers(0, 255), extra=st.binary(max_size=40))
def test_wrong_bytes(position: int, value: int, extra: bytes) -> None:
    """Any bytes of a capture changed: no crash."""
    seen(WHOLE[:position] + bytes([value]) + extra + WHOLE[position + 1 + len(extra) :])


@QUICK
@given(frames=st.lists(st.binary(max_size=120), max_size=8), link=st.sampled_from([0, 1, 12, 101, 113, 228, 229, 276, 9999]))
def test_any_frames(frames: list[bytes], link: int) -> None:
    """Whatever the frames hold: each is counted once."""
    assert one(*frames, link=link).units == len(frames)


@QUICK
@given(
    payload=st.binary(max_size=300),
    port=st.sampled_from([53, 67, 161, 1900, 3702, 5050, 5353, 37020, 37810]),
    start=st.sampled_from([b"", b"\x20\0\0\0DHIP", b"<ProbeMatch>", b"\xb3"]),
)
def test_any_datagram(payload: bytes, port: int, start: bytes) -> None:
    """Whatever a datagram holds on a port that is decoded: no crash."""
    one(wires.ethernet(CAMERA, ROUTER, wires.udp("192.168.1.64", "192.168.1.5", port, port, start + payload)))


@QUICK
@given(
    payload=st.binary(max_size=300),
    start=st.sampled_from(
        [
            b"HTTP/1.1 ",
            b"GET / ",
            b"RTSP/1.0 ",
            b"SSH-",
            b"\x16\3\1",
            b"\x16\3\3\0\x50\x01\0\0\x4c",
            b"\x16\3\3\1\0\x0b\0\0\xfc\0\0\xf9\0\0\xf6",
        ]
    ),
)
def test_any_stream(payload: bytes, start: bytes) -> None:
    """Whatever a stream holds that begins like one that is decoded: no crash."""
    one(wires.ethernet(CAMERA, ROUTER, wires.tcp("192.168.1.64", "192.168.1.5", 80, 50000, start + payload)))


def test_lying_lengths() -> None:
    """An IP packet longer than its frame, a record longer than any packet: told, not followed."""
    packet = bytearray(wires.ethernet(CAMERA, ROUTER, wires.udp("192.168.1.64", OUT, 1, 2, b"abc")))
    packet[16:18] = b"\xff\xff"
    assert one(bytes(packet)).codes == ["lying-length"]
    record = WHOLE[:24] + struct.pack("<IIII", 1, 1, 0x7FFFFFFF, 60) + bytes(100)
    assert seen(record).codes == ["bad-capture"]
    assert seen(WHOLE_NG[:28] + struct.pack("<II", 6, 13)).codes


def test_repeated_announcements_are_not_the_gateways() -> None:
    """A gateway that repeats what a device of another network announced is not that device: the address told is."""
    said = wires.udp("192.168.1.1", "224.0.0.251", 5353, 5353, wires.dns("cam-gate.local", "192.168.2.64"))
    found = one(wires.arp(ROUTER, "192.168.1.1"), wires.ethernet(ROUTER, CAMERA, said))
    assert "hostname" not in found.device(ROUTER)
    assert [row["hostname"] for row, _ in found.devices if row["device"].startswith("192.168.2.64")] == ["cam-gate"]


def test_hardware_address_told_without_a_link_layer() -> None:
    """Raw IP: who says in a discovery answer which hardware address is his, and who leased the address for it, are one device."""
    frames = [
        wires.udp("192.168.1.1", "192.168.1.64", 67, 68, wires.dhcp(CAMERA, "cam-gate", given="")),
        wires.udp("192.168.1.64", "239.255.255.250", 37020, 37020, wires.sadp("DS-2CD2143G2-I", "192.168.1.64", CAMERA)),
    ]
    assert len([row for row, _ in one(*frames, link=101).devices if row.get("mac") == CAMERA]) == 1


def test_link_type_with_check_sums() -> None:
    """The field of the link type may also say that frames end with a check sum."""
    content = bytearray(wires.pcap(ESTATE))
    content[20:24] = struct.pack("<I", 0x24000001)
    check_estate(seen(bytes(content)))


def test_dns_loops_end() -> None:
    """Pointers that lead forward, to themselves or in a circle give no name."""
    head = struct.pack(">6H", 1, 0x8180, 1, 0, 0, 0)
    for loop in (b"\xc0\x0c", b"\1a\xc0\x0c", b"\xc0\x0e\xc0\x0c", b"\xff\xff", b"\x3f"):
        assert dns.read_dns(head + loop + b"\0\1\0\1") is None
    assert dns.read_name(b"\1a\0" + b"\1b\xc0\0", 3) == ("b.a", 7)


def test_tls_records_that_lie() -> None:
    """Records and messages that say they are longer than they are, or than any may be, end the reading."""
    hello = wires.client_hello("a.example")
    assert tls.read_hello(hello).host == "a.example"
    assert tls.read_hello(hello[:3] + b"\xff\xff" + hello[5:]).done
    assert tls.read_hello(hello[:6] + b"\xff\xff\xff" + hello[9:]).host == ""
    assert tls.read_certificate(b"\x30\x82\xff\xff") == ("", "")
    whole = wires.certificate("HIKVISION", "hikvision.com")
    assert tls.read_certificate(whole.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x6e", 1)) == ("", "")  # no such version
    for cut in range(len(hello)):
        assert tls.read_hello(hello[:cut]).host == ""


def test_bomb_is_refused(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gzip stream that unpacks without end is refused after a bound, not unpacked."""
    monkeypatch.setattr("offlimits.readers.opened.FREE_BYTES", 1 << 20)
    path = put("bomb.pcap.gz", gzip.compress(wires.pcap([(1.0, bytes(200_000))] * 40)))
    with pytest.raises(SourceTooLarge):
        list(Pcap().read(path, Options()))


def test_what_lies_behind_a_packet_is_not_read(put: Put) -> None:
    """A frame that ends with its tag or its type says nothing by the bytes of the next record; both forms of capture say the same."""
    head = bytes.fromhex("ffffffffffff0000aa000001")
    for kind, body in (("8100", b""), ("0800", b""), ("86dd", b"")):
        frames = [(float(0x33800000 + n), head + bytes.fromhex(kind) + body) for n in range(2)]
        codes = {tuple(Seen(Pcap(), put(f"short.{make.__name__}", make(frames))).codes) for make in (wires.pcap, wires.pcapng)}
        assert codes == {("bad-packet",) * 2}


def test_members_of_a_byte_take_no_time(put: Put) -> None:
    """A gzip of tens of thousands of members, each of a byte, is read in blocks as any other."""
    whole = wires.pcap(wires.estate())
    packed = (
        gzip.compress(whole[:24] + b"\0" * 8 + (15_000_000).to_bytes(4, "little") * 2 + bytes(14_900_000)) + gzip.compress(b"\0") * 20_000
    )
    assert Seen(Pcap(), put("members.pcap.gz", packed)).codes == ["cut-short"]
