"""DHCP leases of four servers, damaged ones too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import make_devices
import pytest
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.readers.leases import Leases

Put = Callable[..., Path]
MAC = "44:19:b6:00:00:01"
FILES = {
    "dnsmasq": make_devices.DNSMASQ_LEASES,
    "isc": make_devices.ISC_LEASES,
    "kea": f"address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n192.168.1.64,{MAC},,3600,1790000000,1,0,0,cam-gate,0,\n",
    "windows": make_devices.WINDOWS_LEASES,
    "windows console": "Client IP Address\tName\tLease Expiration\tType\tUnique ID\tDescription\n192.168.1.64\tcam-gate\t26/11/2026 22:00:00\tDHCP\t4419b6000001\t\n",
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


def test_other_tables_are_not_taken() -> None:
    """A register with such columns but no leases stays a table."""
    for text in ("Name,MAC,IPAddress\ncam,44:19:b6:00:00:01,192.168.1.64\n", "Supplier,Item\n", "1790000000 hello\n"):
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
