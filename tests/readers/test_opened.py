"""What readers of lines share: byte order marks and encodings are gone before a reader sees a line."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from devices_seen import Seen

from offlimits.readers.base import Reader
from offlimits.readers.leases import Leases
from offlimits.readers.neighbours import Neighbours
from offlimits.readers.nmap_text import NmapText
from offlimits.readers.opened import line_batches
from offlimits.readers.querylog import QueryLog
from offlimits.readers.zeek import Zeek

Put = Callable[..., Path]
MAC = "44:19:b6:00:00:01"
FIRST: tuple[tuple[Reader, str], ...] = (
    (Neighbours(), f"192.168.1.64 dev eth0 lladdr {MAC} REACHABLE\r\n"),
    (Leases(), f"1790000000 {MAC} 192.168.1.64 cam *\n"),
    (Leases(), f"lease 192.168.1.64 {{\n  hardware ethernet {MAC};\n}}\n"),
    (NmapText(), "Host: 192.168.1.64 ()\tPorts: 80/open/tcp//http//App-webs/\n# Nmap done at x\n"),
    (QueryLog(), "Nov 26 10:00:00 dnsmasq[8]: query[A] dev.hik-connect.com from 192.168.1.64\n"),
    (Zeek(), f'{{"ts":1790000000,"mac":"{MAC}","dhcp_host_name":"cam"}}\n'),
    (Zeek(), f"#separator \\x09\n#path\tknown_devices\n#fields\tts\tmac\n1790000000\t{MAC}\n"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")


@pytest.mark.parametrize(("reader", "text"), FIRST)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("packed", [False, True])
def test_first_line_behind_a_mark_is_read(put: Put, reader: Reader, text: str, encoding: str, packed: bool) -> None:
    """A file that begins with a byte order mark is told and read like one without, packed or not: its first line is a device."""
    content = text.encode(encoding)
    path = put("input", gzip.compress(content) if packed else content)
    assert reader.recognise(path, path.read_bytes())
    found = Seen(reader, path)
    assert (len(found.devices), found.codes) == (1, [])


def test_marks_between_files_put_together(put: Put) -> None:
    """A mark at the beginning of any line is gone, one inside a line stays."""
    path = put("input", b"\xef\xbb\xbfa\n\xef\xbb\xbfb\xef\xbb\xbfc\n")
    assert [line for batch in line_batches(path) for line in batch] == [b"a", b"b\xef\xbb\xbfc"]
