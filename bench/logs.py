"""Zeek's conn.log and nmap's XML: offlimits beside splitting lines, a bare `iterparse`, and python-libnmap. One core, one run.

    uv run --with python-libnmap --with lxml python bench/logs.py [--lines 1000000] [--hosts 100000]

The files are made in the published forms; times are medians of runs taken in turn (`turns.py`). Each runs as its users run it:
`screen` turns Python's cyclic collector off while it reads, and what does nothing needs none; python-libnmap leaves it on.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import os
import sys
import tempfile
from pathlib import Path

from turns import timed

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))


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


def full_scan(path: Path, hosts: int) -> None:
    """A scan of so many hosts with all that `-A` prints: names, versions, scripts' tables, guesses, the way there; little comes twice."""
    with path.open("w") as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" args="nmap -A" version="7.93">\n')
        for number in range(hosts):
            parts = (number >> 16 & 255, number >> 8 & 255, number & 255)
            address = f"10.{parts[0]}.{parts[1]}.{parts[2]}"
            mac = "44:19:B6:" + ":".join(f"{part:02X}" for part in parts)
            stream.write(
                f'<host starttime="{1790000000 + number // 40}" endtime="{1790000100 + number // 37}">'
                f'<status state="up" reason="arp-response" reason_ttl="0"/>\n<address addr="{address}" addrtype="ipv4"/>\n'
                f'<address addr="{mac}" addrtype="mac" vendor="Hangzhou Hikvision Digital Technology"/>\n<hostnames>\n'
                f'<hostname name="h{number}.example.org" type="PTR"/>\n</hostnames>\n'
                f'<ports><extraports state="closed" count="{997 + number % 3}">\n'
                f'<extrareasons reason="reset" count="{997 + number % 3}" proto="tcp" ports="1-21,23-{number % 60000}"/>\n</extraports>\n'
            )
            for port, name, product in ((22, "ssh", "Dropbear sshd"), (80, "http", "App-webs/"), (554, "rtsp", "Hikvision DVR rtspd")):
                stream.write(
                    f'<port protocol="tcp" portid="{port}"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="{name}"'
                    f' product="{product}" version="2.{number % 20}" extrainfo="protocol 2.0" method="probed" conf="10">'
                    f"<cpe>cpe:/a:x:y:2.{number % 20}</cpe></service>"
                )
                if name == "ssh":
                    stream.write(
                        f'<script id="ssh-hostkey" output="&#xa;  2048 {number:x} (RSA)&#xa;"><table>\n<elem key="bits">2048</elem>\n'
                        f'<elem key="key">AAAA{number:x}==</elem>\n<elem key="fingerprint">{number:x}</elem>\n</table>\n</script>'
                    )
                stream.write("</port>\n")
            stream.write(
                f'</ports>\n<os><portused state="open" proto="tcp" portid="22"/>\n<osmatch name="Linux {number % 6}.{number % 20}"'
                f' accuracy="{90 + number % 9}" line="6"><osclass type="general purpose" vendor="Linux" osfamily="Linux"'
                f' accuracy="{90 + number % 9}"><cpe>cpe:/o:linux:linux_kernel</cpe></osclass>\n</osmatch>\n</os>\n'
                f'<uptime seconds="{number * 7}" lastboot="Thu Nov 26 01:54:00 2026"/>\n<distance value="1"/>\n'
                f'<tcpsequence index="{number % 300}" difficulty="Good luck!" values="{number:X},{number + 1:X}"/>\n'
                f'<ipidsequence class="All zeros" values="0,0"/>\n<tcptssequence class="1000HZ" values="{number:X},{number + 9:X}"/>\n'
                f'<trace>\n<hop ttl="1" ipaddr="{address}" rtt="{number % 90 / 100:.2f}"/>\n</trace>\n'
                f'<times srtt="{number % 999}" rttvar="{number % 997}" to="100000"/>\n</host>\n'
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

    def read(reader: Reader, path: Path) -> int:
        return sum(1 for _ in reader.read(path, Options()))

    def libnmap_as_used() -> None:
        gc.enable()
        libnmap(xml)
        gc.disable()

    with tempfile.TemporaryDirectory() as folder:
        log, xml = Path(folder) / "conn.log", Path(folder) / "scan.xml"
        conn_log(log, asked.lines)
        ours, bare = timed(lambda: read(Zeek(), log), lambda: split_lines(log))
        print(f"conn.log, {asked.lines:,} lines: splitting {bare:.2f} s, offlimits {ours:.2f} s: {bare / ours:.2f} of it")
        others = [libnmap_as_used] if importlib.util.find_spec("libnmap") else []
        for said, make, hosts in (("three services each", scan, asked.hosts), ("all that -A prints", full_scan, asked.hosts // 4)):
            make(xml, hosts)
            ours, bare, *peers = timed(lambda: read(Nmap(), xml), lambda: bare_iterparse(xml), *others)
            print(f"nmap, {hosts:,} hosts, {said}: bare iterparse {bare:.2f} s, offlimits {ours:.2f} s: {bare / ours:.2f} of it")
            for seconds in peers:
                print(f"python-libnmap {seconds:.2f} s: offlimits is {seconds / ours:.1f} times as fast")


if __name__ == "__main__":
    main()
