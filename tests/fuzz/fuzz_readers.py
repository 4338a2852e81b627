"""Coverage-guided fuzzing of the binary parsers: `uv run --with atheris python tests/fuzz/fuzz_readers.py TARGET CORPUS -max_total_time=300`.

Targets: capture (a whole file), dns, tls, certificate, dhcp, discovery, heads, zeek, nmap. `python tests/fuzz/fuzz_readers.py seed CORPUS` writes seeds.
Anything but a known error is a find.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

TARGETS = ("capture", "dns", "tls", "certificate", "dhcp", "discovery", "heads", "zeek", "nmap")


def seeds() -> dict[str, bytes]:
    """First inputs by name."""
    import make_devices
    import wires

    estate = wires.estate()
    return {
        "capture-pcap": wires.pcap(estate), "capture-ng": wires.pcapng(estate, order=">", nano=True),
        "capture-cooked": wires.pcap([(1.0, wires.cooked(wires.CAMERA, frame[14:], 2)) for _, frame in estate], link=276),
        "dns-answer": wires.dns("dev.hik-connect.com", "198.51.100.20", "2001:db8::1"), "tls-hello": wires.client_hello("a.example"),
        "tls-server": wires.server_hello(b"\x30\x03\x02\x01\x01"), "dhcp-ack": wires.dhcp(wires.CAMERA, "x", b"y", "10.0.0.1"),
        "discovery-sadp": wires.sadp("DS-2CD", "10.0.0.1", wires.CAMERA), "discovery-dhip": wires.dhip("NVR", wires.RECORDER),
        "discovery-wsd": wires.wsd("onvif://www.onvif.org/hardware/x"), "heads-http": b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<title>y</title>",
        "zeek-conn": make_devices.CALLS.encode(), "zeek-dns": make_devices.DNS_JSON.encode(),
        "nmap-scan": make_devices.NMAP.encode(), "certificate-none": b"\x30\x03\x02\x01\x01",
    }  # fmt: skip


def call_of(target: str) -> Callable[[bytes], object]:
    """What one input is given to."""
    from offlimits.errors import SourceError
    from offlimits.readers.base import Options
    from offlimits.readers.nmap import Nmap
    from offlimits.readers.pcap import Pcap
    from offlimits.readers.wire import discovery, dns, heads, tls
    from offlimits.readers.zeek import Zeek

    scratch = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)) / "input"

    def file(reader: Pcap | Zeek | Nmap, data: bytes) -> None:
        scratch.write_bytes(data)
        try:
            for _ in reader.read(scratch, Options()):
                pass
        except SourceError:
            pass

    calls: dict[str, Callable[[bytes], object]] = {
        "capture": lambda data: file(Pcap(), data),
        "dns": dns.read_dns,
        "tls": tls.read_hello,
        "certificate": tls.read_certificate,
        "dhcp": discovery.read_dhcp,
        "discovery": lambda data: [
            call(data) for call in (discovery.sadp_clues, discovery.dhip_clues, discovery.wsd_clues, discovery.snmp_clues)
        ],
        "heads": lambda data: [call(data) for call in (heads.server_clues, heads.request_host, heads.ssdp_clues, heads.banner_clue)],
        "zeek": lambda data: file(Zeek(), data),
        "nmap": lambda data: file(Nmap(), data),
    }
    return calls[target]


def main() -> None:
    """Fuzz one target, or write the seeds."""
    target, corpus = sys.argv[1], Path(sys.argv[2])
    if target == "seed":
        for name, data in seeds().items():
            folder = corpus / name.split("-")[0]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        return
    import atheris

    with atheris.instrument_imports(include=["offlimits"]):
        call = call_of(target)
    atheris.Setup([sys.argv[0], str(corpus / target), *sys.argv[3:]], lambda data: call(data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
