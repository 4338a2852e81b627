"""How captures begin. Apart from what reads them, since whoever asks what a file is must not wait for numpy."""

from __future__ import annotations

PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 1e-6),
    b"\xa1\xb2\xc3\xd4": (">", 1e-6),
    b"\x4d\x3c\xb2\xa1": ("<", 1e-9),
    b"\xa1\xb2\x3c\x4d": (">", 1e-9),
}
PCAPNG = b"\x0a\x0d\x0d\x0a"


def is_capture(head: bytes) -> str:
    """The kind of capture that starts so, in words; empty for anything else."""
    if head[:4] in PCAP:
        return f"a pcap capture, {'micro' if PCAP[head[:4]][1] == 1e-6 else 'nano'}seconds"
    return "a pcapng capture" if head[:4] == PCAPNG and head[8:12] in (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a") else ""
