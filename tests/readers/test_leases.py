"""DHCP leases of four servers, damaged ones too."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import make_devices
import pytest
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.model import Reject
from offlimits.readers.base import Options
from offlimits.readers.leases import MAX_LEASE_LINES, Leases
from offlimits.readers.neighbours import Neighbours
from offlimits.readers.opened import MAX_LINE
from offlimits.readers.querylog import QueryLog

Put = Callable[..., Path]
MAC = "44:19:b6:00:00:01"
FILES = {
    "dnsmasq": make_devices.DNSMASQ_LEASES,
    "isc": make_devices.ISC_LEASES,
    "kea": f"address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n192.168.1.64,{MAC},,3600,1790000000,1,0,0,cam-gate,0,\n",
    "windows": make_devices.WINDOWS_LEASES,
    "windows console": "Client IP Address\tName\tLease Expiration\tType\tUnique ID\tDescription\n192.168.1.64\tcam-gate\t26/11/2026 22:00:00\tDHCP\t4419b6000001\t\n",
    "windows console, German": "Client-IP-Adresse\tName\tLeaseablauf\tTyp\tEindeutige ID\tBeschreibung\n192.168.1.64\tcam-gate\t26.11.2026 22:00:00\tDHCP\t4419b6000001\t\n",
    "windows, semicolons": make_devices.WINDOWS_LEASES.replace('","', '";"'),
    "netsh": "IP Address      - Subnet Mask    - Unique ID           - Lease Expires        -Type -Name\n=====\n192.168.1.64    - 255.255.255.0  - 44-19-b6-00-00-01   -11/27/2026 10:00:00 AM -D-  cam-gate.example.org\n\nNo of Clients(version 4): 1 in the Scope : 192.168.1.0.\n",
    "PowerShell": "IPAddress       ScopeId         ClientId             HostName             AddressState\n---------       -------         --------             --------             ------------\n192.168.1.64    192.168.1.0     44-19-b6-00-00-01    cam-gate             Active\n192.168.1.3     192.168.1.0     44-19-b6-00-00-03                         Active\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_server(put: Put, name: str) -> None:
    """The camera is found with its name and its address in the leases of each server."""
    path = put("leases", FILES[name])
    assert "leases" in Leases().recognise(path, path.read_bytes())
    found = Seen(Leases(), path)
    assert found.device(MAC)["hostname"].startswith("cam-gate")
    assert any(bond.mac == MAC and bond.address == "192.168.1.64" for bond in found.traffic[0].bonds)


def test_isc_leases_join(put: Put) -> None:
    """Leases of one device are one entry, with the span of time in which the address was its; the class it gave is kept."""
    found = Seen(Leases(), put("leases", make_devices.ISC_LEASES))
    assert found.device(MAC)["dhcp-class"] == "camera"
    bond = found.traffic[0].bonds[0]
    assert (bond.first, bond.last) == (1795687200.0, 1795816800.0)


REGISTER = "IP\tName\tMade by\tModel\tMAC\n192.168.1.64\tcam\tHikvision\tDS-2CD2143G2\t4419b6000001\n"
AXIS = "ac:cc:8e:01:02:03"
OPEN = f"lease 192.168.1.70 {{\n  starts 4 2026/11/26 10:00:00;\n  hardware ethernet {AXIS};\n"
NEXT = f'lease 192.168.1.64 {{\n  hardware ethernet {MAC};\n  client-hostname "cam-gate";\n}}\n'


@pytest.mark.parametrize("torn", ["", "  uid", '  client-hostname "ax', "  set x = ", "  on expiry {\n", "}{ {\n"])
def test_a_lease_that_is_not_closed_takes_nothing_of_the_next(put: Put, torn: str) -> None:
    """Where the next lease begins, also within a torn line, the open one ends: each device keeps its own address, and the fault counts."""
    found = Seen(Leases(), put("leases", OPEN + torn + NEXT))
    assert {(bond.mac, bond.address) for bond in found.traffic[0].bonds} == {(AXIS, "192.168.1.70"), (MAC, "192.168.1.64")}
    assert found.device(MAC)["hostname"] == "cam-gate"
    assert "hostname" not in found.device(AXIS)
    assert found.codes == ["open-lease"] * (torn[:1] != "}")


def test_why_a_lease_is_open(put: Put) -> None:
    """A reject says where the open lease begins and what ended it; a second hardware address, or lines without end, end it too."""
    long = OPEN + "  x y;\n" * MAX_LEASE_LINES + f"  hardware ethernet {MAC};\n}}\n"
    for text, why in ((OPEN + NEXT, "line 4"), (OPEN, "file ends"), (OPEN + NEXT.partition("\n")[2], "two hardware"), (long, "200 lines")):
        (reject,) = [event for event in Seen(Leases(), put("leases", text)).events if isinstance(event, Reject)]
        assert (reject.place.line, why in reject.reason) == (1, True)
    assert [row["mac"] for row, _ in Seen(Leases(), put("leases", long)).devices] == [AXIS]


def test_names_with_quotes(put: Put) -> None:
    """A name that holds quotes, as dhcpd escapes them, is read whole."""
    found = Seen(Leases(), put("leases", make_devices.ISC_LEASES.replace('"cam-gate"', r'"the \"gate\" cam"')))
    assert found.devices[0][0]["hostname"] == 'the "gate" cam'


def test_blocks_within_a_lease(put: Put) -> None:
    """A block within a lease neither ends it nor speaks for it; braces in texts and comments are none."""
    inner = f'  on expiry or release {{\n    set x = "}}";\n    hardware ethernet {AXIS};\n    }}\n  uid "\\"}}{{"; # }}\n'
    found = Seen(Leases(), put("leases", NEXT.replace("  client", inner + "  client") + "lease 192.168.1.3 { on commit { x; } }\n"))
    assert [row["device"] for row, _ in found.devices] == [f"192.168.1.64 · cam-gate · {MAC}"]
    assert (found.codes, found.skipped) == ([], {"lease without a hardware address": 1})


def test_lines_too_long(put: Put) -> None:
    """A line whose rest is dropped is a reject, in every form; the lines around it are read."""
    for before in (f"1790000000 {MAC} 192.168.1.64 cam *\n", NEXT, FILES["kea"]):
        found = Seen(Leases(), put("leases", before + "1790000000 44:19:b6:00:00:07 192.168.1.65 " + "c" * MAX_LINE + " *\n"))
        assert (found.codes, len(found.devices)) == (["line-too-long"], 1)
    path = put("leases", FILES["dnsmasq"].partition("\n")[0] + "\n" + "1790000000 " * 30_000)
    assert Leases().recognise(path, path.read_bytes()[: 1 << 18]) == "leases of dnsmasq"


def test_blank_lines_are_counted_together(put: Put) -> None:
    """A file of blank lines is few events, whatever its length, and every line counts."""
    found = Seen(Leases(), put("leases", FILES["dnsmasq"] + "\n" * 300_000))
    assert (found.units, len(found.events) < 20) == (FILES["dnsmasq"].count("\n") + 300_000, True)


def test_other_tables_are_not_taken() -> None:
    """A register with such columns but no leases stays a table."""
    for text in ("Name,MAC,IPAddress\ncam,44:19:b6:00:00:01,192.168.1.64\n", "Supplier,Item\n", "1790000000 hello\n", REGISTER):
        assert Leases().recognise(Path("x"), text.encode()) == ""


def test_damaged_leases(put: Put) -> None:
    """A lease that is not closed, a row cut short, a torn line: rejected, with the rest read."""
    assert Seen(Leases(), put("a", make_devices.ISC_LEASES[:230])).codes == ["open-lease"]
    assert Seen(Leases(), put("b", FILES["windows"])).codes == ["wrong-cell-count"]
    assert Seen(Leases(), put("c", FILES["dnsmasq"] + "179000\n")).codes == ["unknown-line"]


def test_end_in_other_digits(put: Put) -> None:
    """An end that is no number in plain digits is no time; the lease stands."""
    found = Seen(Leases(), put("d", FILES["kea"].replace("1790000000", "\u00b2")))
    assert found.device(MAC)["hostname"] == "cam-gate"
    assert found.traffic[0].bonds[0].last is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(FILES)), cut=st.integers(0, 800), noise=st.text(alphabet='{};,"\0ab1:\n', max_size=20))
def test_cut_anywhere(put: Put, name: str, cut: int, noise: str) -> None:
    """Cut anywhere, with noise behind: no crash, and never more devices than the file holds."""
    assert len(Seen(Leases(), put("t", FILES[name][:cut] + noise)).devices) <= 2


def test_packed_files_that_break_off_keep_what_came_before(put: Put) -> None:
    """A gzip cut near its end gives the lines before, and one reject that says so; so do neighbours and logs of questions."""
    for reader, text in (
        (Leases(), FILES["dnsmasq"]),
        (Neighbours(), make_devices.IP_NEIGH.replace("this line was torn: 192.168.1.10 dev eth0 lladdr 44:19\n", "")),
        (QueryLog(), make_devices.PIHOLE),
    ):
        whole = Seen(reader, put("whole", text))
        cut = Seen(reader, put("cut.gz", gzip.compress(text.encode())[:-6]))
        assert cut.devices == whole.devices
        assert cut.codes == [*whole.codes, "cut-short"]


def test_form_is_found_once(put: Put) -> None:
    """A list that lines too long stand in is read by the form that its first lines have."""
    rows = "".join(f"192.168.1.{n} - 255.255.255.0 - 44-19-b6-00-00-{n:02x} - 11/26/2026 10:00:00 AM - D\n" for n in range(10, 29))
    text = rows + "x\n" * 18 + ("y" * (MAX_LINE + 9) + "\n") * 2 + "z\n" * 6
    for _ in Leases().read(put("l.txt", text), Options()):
        pass
