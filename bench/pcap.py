"""Reading a capture: offlimits beside dpkt, tshark, nfstream, and a bare walk over the record heads. One core, one run.

    uv run --with dpkt --with nfstream python bench/pcap.py [--packets 560000] [--keep FILE]

The capture is made (tests/wires.py): video, encrypted and plain web, DNS. What is not installed is said and left out. Times are
medians of runs taken in turn (`turns.py`); memory is the peak of a process of its own, for the whole capture and for its first half.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import mmap
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from turns import timed

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))


def bare(path: Path) -> int:
    """Walk the record heads and do nothing: the physical limit of this language."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        position, end, count, head = 24, len(data), 0, struct.Struct("<IIII").unpack_from
        while position + 16 <= end:
            position += 16 + head(data, position)[2]
            count += 1
    return count


def ours(path: Path) -> int:
    """Everything the reader does: flows, clues, devices; without a search for garbage cycles meanwhile, as in every run of the program."""
    gc.disable()
    from offlimits.readers.base import Options, Rows
    from offlimits.readers.pcap import Pcap

    return sum(len(event.rows) for event in Pcap().read(path, Options()) if isinstance(event, Rows))


def dpkt_decode(path: Path) -> int:
    """dpkt: each packet decoded to its transport layer, bytes added up by flow."""
    import dpkt

    flows: dict[tuple[object, ...], int] = {}
    with path.open("rb") as stream:
        for _, data in dpkt.pcap.Reader(stream):
            network = dpkt.ethernet.Ethernet(data).data
            above = getattr(network, "data", None)
            if isinstance(above, dpkt.tcp.TCP | dpkt.udp.UDP):
                key = (network.src, network.dst, above.sport, above.dport)
                flows[key] = flows.get(key, 0) + network.len
    return len(flows)


def tshark_fields(path: Path) -> int:
    """tshark: the fields one would need, printed to nowhere."""
    fields = (
        "frame.time_epoch",
        "eth.src",
        "ip.src",
        "ip.dst",
        "tcp.dstport",
        "udp.dstport",
        "ip.len",
        "dns.qry.name",
        "tls.handshake.extensions_server_name",
    )
    call = ["tshark", "-n", "-r", str(path), "-T", "fields", *(part for field in fields for part in ("-e", field))]
    subprocess.run(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return 0


def nfstream_flows(path: Path) -> int:
    """nfstream: its flows, with its own dissection of names."""
    from nfstream import NFStreamer

    return sum(1 for _ in NFStreamer(source=str(path), n_meters=1))


def peak(path: Path) -> int:
    """Peak memory in bytes of a process that reads the capture."""
    child = os.fork()
    if child == 0:
        ours(path)
        os._exit(0)
    _, _, usage = os.wait4(child, 0)
    return usage.ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--packets", type=int, default=560_000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    import wires

    folder = Path(tempfile.mkdtemp())
    path = asked.keep or folder / "mixed.pcap"
    if not path.exists():
        path.write_bytes(wires.pcap(wires.mixed(asked.packets)))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    size = path.stat().st_size
    calls: dict[str, Callable[[Path], int] | None] = {
        "bare walk over record heads": bare,
        "offlimits": ours,
        "dpkt": dpkt_decode if importlib.util.find_spec("dpkt") else None,
        "tshark": tshark_fields if shutil.which("tshark") else None,
        "nfstream": nfstream_flows if importlib.util.find_spec("nfstream") else None,
    }
    print(f"{size / 1e6:.0f} MB, {bare(path):,} packets")
    found = {name: call for name, call in calls.items() if call}
    took = dict(zip(found, timed(*(partial(call, path) for call in found.values())), strict=True))
    for name in calls:
        if name in took:
            faster = took[name] / took["offlimits"]
            print(f"{name:30} {took[name]:8.2f} s {size / took[name] / 1e6:8.0f} MB/s   offlimits is {faster:.2f} times as fast")
        else:
            print(f"{name:30} not installed")
    half = folder / "half.pcap"
    half.write_bytes(path.read_bytes()[: size // 2])
    print(f"peak memory: {peak(half) / 1e6:.0f} MB for half, {peak(path) / 1e6:.0f} MB for the whole")
    shutil.rmtree(folder)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
