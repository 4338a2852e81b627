"""Zeek's conn.log and nmap's XML: offlimits beside splitting lines, a bare `iterparse`, and python-libnmap. One core, one run.

    uv run --with python-libnmap --with lxml python bench/logs.py [--lines 1000000] [--hosts 100000]

The files are made in the published forms. Each is read twice; the better time counts. Each runs as its users run it: `screen` turns
Python's cyclic collector off while it reads, and what does nothing needs none; python-libnmap leaves it on.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))


def timed(call: Callable[[], object]) -> float:
    """The better of two runs, in seconds."""
    best = float("inf")
    for _ in range(2):
        before = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - before)
    return best


def conn_log(path: Path, lines: int) -> None:
    """A conn.log of so many connections, of 400 devices with 2,000 peers."""
    import make_devices

    with path.open("w") as stream:
        stream.write(make_devices.conn())
        for number in range(lines):
            device, peer = f"10.1.{number % 4}.{number % 100 + 1}", f"198.51.{number % 8}.{number % 250 + 1}"
            out, back = number % 5000, number % 90000
            ends = f"{device}\t{30000 + number % 30000}\t{peer}\t443\ttcp\tssl\t1.5\t{out}\t{back}"
            rest = f"SF\t-\t-\t0\tShADadFf\t12\t{out + 400}\t10\t{back + 400}\t-"
            stream.write(f"{1790000000 + number / 100:.6f}\tC{number:x}\t{ends}\t{rest}\n")


def split_lines(path: Path) -> int:
    """Split every line and do nothing."""
    count = 0
    with path.open("rb") as stream:
        for line in stream:
            line.split(b"\t")
            count += 1
    return count


def scan(path: Path, hosts: int) -> None:
    """A scan of so many hosts, with three ports each."""
    with path.open("w") as stream:
        stream.write('<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" args="nmap" start="1790000000" version="7.93">\n')
        for number in range(hosts):
            ports = "".join(
                f'<port protocol="tcp" portid="{port}"><state state="open" reason="syn-ack" reason_ttl="64"/>'
                f'<service name="{name}" product="{product}" method="probed" conf="10"/></port>'
                for port, name, product in ((80, "http", "App-webs/"), (443, "https", "nginx"), (554, "rtsp", "Hikvision DVR rtspd"))
            )
            parts = (number >> 16 & 255, number >> 8 & 255, number & 255)
            mac = "44:19:B6:" + ":".join(f"{part:02X}" for part in parts)
            stream.write(
                f'<host starttime="1790000000" endtime="1790000001"><status state="up" reason="arp-response" reason_ttl="0"/>'
                f'<address addr="10.{parts[0]}.{parts[1]}.{parts[2]}" addrtype="ipv4"/><address addr="{mac}" addrtype="mac"/>'
                f"<hostnames></hostnames><ports>{ports}</ports></host>\n"
            )
        stream.write('<runstats><finished time="1790000060" elapsed="60" exit="success"/></runstats></nmaprun>\n')


def bare_iterparse(path: Path) -> int:
    """Parse, and free each host; nothing else."""
    from lxml import etree

    count = 0
    for _, host in etree.iterparse(path, tag="host"):
        host.clear()
        while host.getprevious() is not None:
            del host.getparent()[0]
        count += 1
    return count


def libnmap(path: Path) -> int:
    """python-libnmap's report."""
    from libnmap.parser import NmapParser

    return len(NmapParser.parse_fromfile(str(path)).hosts)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--hosts", type=int, default=100_000)
    asked = parser.parse_args()
    from offlimits.readers.base import Options, Reader
    from offlimits.readers.nmap import Nmap
    from offlimits.readers.zeek import Zeek

    gc.disable()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    def read(reader: Reader, path: Path) -> float:
        return timed(lambda: sum(1 for _ in reader.read(path, Options())))

    with tempfile.TemporaryDirectory() as folder:
        log, xml = Path(folder) / "conn.log", Path(folder) / "scan.xml"
        conn_log(log, asked.lines)
        ours, bare = read(Zeek(), log), timed(lambda: split_lines(log))
        print(f"conn.log, {asked.lines:,} lines: splitting {bare:.2f} s, offlimits {ours:.2f} s: {bare / ours:.2f} of it")
        scan(xml, asked.hosts)
        ours, bare = read(Nmap(), xml), timed(lambda: bare_iterparse(xml))
        print(f"nmap, {asked.hosts:,} hosts: bare iterparse {bare:.2f} s, offlimits {ours:.2f} s: {bare / ours:.2f} of it")
        if importlib.util.find_spec("libnmap"):
            gc.enable()
            other = timed(lambda: libnmap(xml))
            print(f"python-libnmap {other:.2f} s: offlimits is {other / ours:.1f} times as fast")


if __name__ == "__main__":
    main()
