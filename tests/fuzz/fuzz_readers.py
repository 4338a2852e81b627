"""Coverage-guided fuzzing of the parsers; anything but a known error is a find. With `uv run --with atheris python tests/fuzz/fuzz_readers.py`:

    seed CORPUS               write seeds and the kept corpus (corpus.zip) into a folder, one folder a target
    TARGET CORPUS [OPTIONS]   fuzz one target, with libFuzzer's options (-max_total_time=3600)
    all CORPUS SECONDS        fuzz all binary parsers, so many seconds together, side by side
    keep CORPUS               pack into corpus.zip what reaches something that nothing shorter reaches

Targets: capture (a whole file), dns, tls, certificate, dhcp, discovery, heads, zeek, nmap.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from types import FrameType
from unittest.mock import patch

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

import der_values  # noqa: E402

BINARY = ("capture", "dns", "tls", "certificate", "dhcp", "discovery", "heads")
TARGETS = (*BINARY, "zeek", "nmap")
WATCHED = ("offlimits", "cryptography")
"""Packages whose ways through the code say that an input reached something new: ours, and the library that reads certificates for us."""
KEPT = Path(__file__).resolve().parent / "corpus.zip"
"""Inputs that reached something new in hours of fuzzing, each target's in a folder of its own."""


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
        "certificate-own": wires.certificate("HIKVISION", "hikvision.com"), "tls-shown": wires.server_hello(wires.certificate("a", "b")),
        "heads-rtsp": b'RTSP/1.0 401 x\r\nWWW-Authenticate: Digest realm="Login to x"\r\n\r\n', "heads-ssh": b"SSH-2.0-HUAWEI-1.5\r\n",
        "heads-ssdp": b"NOTIFY * HTTP/1.1\r\nSERVER: Linux UPnP/1.0 Huawei-ATP-IGD\r\n\r\n",
        "discovery-snmp": bytes.fromhex("302902010004067075626c6963a21c02010102010002010030113"
                                        "00f06082b06010201010100040361626300"),
    }  # fmt: skip


def kept() -> dict[str, list[bytes]]:
    """The kept corpus by target."""
    found: dict[str, list[bytes]] = {target: [] for target in TARGETS}
    with zipfile.ZipFile(KEPT) as packed:
        for name in packed.namelist():
            found[name.partition("/")[0]].append(packed.read(name))
    return found


def call_of(target: str) -> Callable[[bytes], object]:
    """What one input is given to."""
    from offlimits.errors import SourceError
    from offlimits.readers.base import Options, Progress
    from offlimits.readers.nmap import Nmap
    from offlimits.readers.pcap import Pcap
    from offlimits.readers.wire import discovery, dns, heads, tls
    from offlimits.readers.zeek import Zeek

    scratch = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)) / "input"

    def file(reader: Pcap | Zeek, data: bytes) -> None:
        scratch.write_bytes(data)
        try:
            for _ in reader.read(scratch, Options()):
                pass
        except SourceError:
            pass

    def capture(data: bytes) -> None:
        """Stretches and batches so short that small captures have several."""
        with patch.multiple("offlimits.readers.wire.leaps", LEAST=64, FEWEST=3), patch("offlimits.readers.wire.captures.BATCH", 1024):
            file(Pcap(), data)

    def scan(data: bytes) -> None:
        """By its tags, in short pieces, and by the parser: both say the same."""
        scratch.write_bytes(data)
        with patch("offlimits.readers.nmap.PIECE", 64):
            by_tags = [event for event in Nmap().read(scratch, Options()) if not isinstance(event, Progress)]
            with patch("offlimits.readers.nmap_tags.Tags.hosts", lambda tags, piece: None):
                assert by_tags == [event for event in Nmap().read(scratch, Options()) if not isinstance(event, Progress)]

    calls: dict[str, Callable[[bytes], object]] = {
        "capture": capture,
        "dns": dns.read_dns,
        "tls": tls.read_hello,
        "certificate": tls.read_certificate,
        "dhcp": discovery.read_dhcp,
        "discovery": lambda data: [
            call(data) for call in (discovery.sadp_clues, discovery.dhip_clues, discovery.wsd_clues, discovery.snmp_clues)
        ],
        "heads": lambda data: [call(data) for call in (heads.server_clues, heads.request_host, heads.ssdp_clues, heads.banner_clue)],
        "zeek": lambda data: file(Zeek(), data),
        "nmap": scan,
    }
    return calls[target]


def write_seeds(corpus: Path) -> None:
    """Seeds and the kept corpus as files."""
    inputs = [(name.partition("-")[0], name, data) for name, data in seeds().items()]
    inputs += [(target, f"kept-{number}", data) for target, some in kept().items() for number, data in enumerate(some)]
    for target, name, data in inputs:
        folder = corpus / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def keep(corpus: Path) -> None:
    """Of the inputs of a folder, the shortest first, pack those that go a way through the code that none before went; always the same."""
    part = KEPT.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for target in TARGETS:
            call, gone, count = call_of(target), set[tuple[str, int, int]](), 0
            for data in sorted({path.read_bytes() for path in (corpus / target).glob("*")}, key=lambda data: (len(data), data)):
                way = ways(call, data)
                if way - gone:
                    packed.writestr(zipfile.ZipInfo(f"{target}/{count:04}"), data, zipfile.ZIP_DEFLATED)
                    gone |= way
                    count += 1
            print(f"{target:<12} {count} kept")
    os.replace(part, KEPT)


def ways(call: Callable[[bytes], object], data: bytes) -> set[tuple[str, int, int]]:
    """Every step from one line of a watched package to the next that an input makes it go."""
    gone: set[tuple[str, int, int]] = set()

    def entered(frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        if not any(package in frame.f_code.co_filename for package in WATCHED):
            return None
        last = [0]

        def stepped(frame: FrameType, event: str, _: object) -> Callable[..., object]:
            if event == "line":
                gone.add((frame.f_code.co_filename, last[0], frame.f_lineno))
                last[0] = frame.f_lineno
            return stepped

        return stepped

    sys.settrace(entered)
    try:
        call(data)
    finally:
        sys.settrace(None)
    return gone


def fuzz_all(corpus: Path, seconds: int) -> int:
    """All binary parsers, so many seconds together, as many at once as there are cores; how many failed."""
    write_seeds(corpus)

    def run(target: str) -> tuple[str, int, str]:
        each = [f"-max_total_time={max(seconds // len(BINARY), 1)}", f"-artifact_prefix={corpus}/found-{target}-"]
        done = subprocess.run([sys.executable, __file__, target, str(corpus), *each], capture_output=True, text=True, errors="replace")
        lines = [line for line in done.stderr.splitlines() if line.startswith("Done ")]
        return target, done.returncode, lines[-1] if lines and not done.returncode else done.stderr[-4000:]

    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for target, code, said in pool.map(run, BINARY):
            print(f"{target:<12} {said}", flush=True)
            failed += code != 0
    return failed


def main() -> None:
    """Seeds, all targets, keeping, or one target."""
    target, corpus = sys.argv[1], Path(sys.argv[2])
    if target == "seed":
        write_seeds(corpus)
    elif target == "keep":
        keep(corpus)
    elif target == "all":
        sys.exit(fuzz_all(corpus, int(sys.argv[3])))
    else:
        fuzz(target, corpus, sys.argv[3:])


def fuzz(target: str, corpus: Path, options: list[str]) -> None:
    """Fuzz one target until libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=list(WATCHED)):
        call = call_of(target)

    def inside(data: bytes, limit: int, seed: int) -> bytes:
        return der_values.changed(data, lambda content: atheris.Mutate(content, len(content) + 64), Random(seed))[:limit]

    own = {"custom_mutator": inside} if target == "certificate" else {}
    atheris.Setup([sys.argv[0], str(corpus / target), *options], lambda data: call(data) and None, **own)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
