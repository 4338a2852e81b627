"""Discovery payloads: what each protocol tells, and that no bytes at all make a reader fall over."""

import json

from hypothesis import given
from hypothesis import strategies as st

from offlimits.discovery import READERS, read_dahua_legacy, read_dhip, read_discovery, read_onvif, read_sadp, read_ssdp

SADP = b"<ProbeMatch><Types>inquiry</Types><DeviceDescription>DS-2CD2022WD-I</DeviceDescription><MAC>58-50-ed-00-00-00</MAC></ProbeMatch>"
NOTICE = {
    "mac": "3c:ef:8c:00:00:00",
    "method": "client.notifyDevInfo",
    "params": {"deviceInfo": {"DeviceType": "VTO2000A", "Vendor": "General"}},
}


def dhip(notice: object) -> bytes:
    body = json.dumps(notice).encode()
    return b"\x20\x00\x00\x00DHIP" + bytes(8) + (len(body).to_bytes(4, "little") + bytes(4)) * 2 + body


def texts(payload: bytes) -> list[tuple[str, str]]:
    return [(mention.kind, mention.text) for mention in read_discovery(payload)]


def test_sadp_tells_model_and_address() -> None:
    """The description is a product code and the address a hardware address, each a clue of its own."""
    found = texts(SADP)
    assert ("product-code", "DS-2CD2022WD-I") in found
    assert ("mac", "58-50-ed-00-00-00") in found


def test_dhip_tells_its_framing_whatever_the_vendor_says() -> None:
    """Vendor reads General; the framing is told on the first line."""
    found = texts(dhip(NOTICE))
    assert found[0][0] == "dhip"
    assert found[0][1].startswith("framing: DHIP\n")
    assert ("product-code", "VTO2000A") in found


def test_broken_notice_gives_what_it_holds() -> None:
    """A notice whose JSON lacks a quote still tells model and address."""
    found = texts(dhip(NOTICE)[:-3])
    assert ("product-code", "VTO2000A") in found
    assert ("mac", "3c:ef:8c:00:00:00") in found


def test_legacy_answer_is_read() -> None:
    """The binary answer of UDP 5050: kind at 40, address at 104, lines from 120."""
    head = bytearray(120)
    head[0], head[40:47], head[104:120] = 0xB3, b"Virtual", b"00:11:22:33:44:5"
    assert read_dahua_legacy(bytes(head) + b"5Name:x\r\nDevice:IPC-HDW1230T1\r\n")[1].text == "IPC-HDW1230T1"


def test_onvif_scopes_are_told_apart() -> None:
    """Escapes are undone; the hardware scope is a product code."""
    found = texts(b"onvif://www.onvif.org/name/HIKVISION%20DS-2CD1023G0-I onvif://www.onvif.org/hardware/DS-2CD1023G0-I")
    assert ("text", "HIKVISION DS-2CD1023G0-I") in found
    assert ("product-code", "DS-2CD1023G0-I") in found


def test_ssdp_tells_the_server() -> None:
    """The SERVER line, whatever the case of its name."""
    assert texts(b"NOTIFY * HTTP/1.1\r\nserver: Linux UPnP/1.0 Huawei-ATP-IGD\r\n\r\n") == [("ssdp", "Linux UPnP/1.0 Huawei-ATP-IGD")]


def test_other_protocols_give_nothing() -> None:
    """A WS-Discovery answer without scopes is no SADP; a JSON of another method is no notice."""
    assert not texts(b"<d:ProbeMatch><d:Scopes></d:Scopes></d:ProbeMatch>")
    assert not texts(dhip({"method": "other"}))
    assert not texts(b"")


@given(
    st.binary(max_size=2000),
    st.sampled_from([b"", SADP[:60], dhip(NOTICE)[:40], b"\xb3" + bytes(119) + b"Device:", b"NOTIFY * HTTP/1.1\r\n"]),
)
def test_any_bytes_are_read(tail: bytes, head: bytes) -> None:
    """Total: every payload gives a tuple, and every text is bounded."""
    for reader in READERS:
        assert all(len(mention.text) < 20_000 for mention in reader(head + tail))


@given(st.integers(0, len(dhip(NOTICE))), st.integers(0, 2**32 - 1))
def test_cut_or_lying_lengths_are_no_fault(cut: int, length: int) -> None:
    """A notice cut at any byte, or whose length lies, gives nothing or what it holds."""
    whole = dhip(NOTICE)
    read_dhip(whole[:cut])
    read_dhip(whole[:16] + length.to_bytes(4, "little") + whole[20:])
    read_sadp(SADP[:cut])
    read_onvif(whole[:cut])
    read_ssdp(whole[:cut])
