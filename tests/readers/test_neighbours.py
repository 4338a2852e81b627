"""ARP and neighbour tables of every system, damaged ones too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.readers.neighbours import Neighbours
from offlimits.readers.opened import MAX_LINE

Put = Callable[..., Path]
MAC = "44:19:b6:00:00:01"
TABLES = {
    "arp -a on Linux": "? (192.168.1.64) at 44:19:b6:00:00:01 [ether] on eth0\n",
    "arp -a on macOS": "cam.lan (192.168.1.64) at 44:19:b6:0:0:1 on en0 ifscope [ethernet]\n? (192.168.1.3) at (incomplete) on en0 ifscope [ethernet]\n",
    "arp -a on Windows": "\nInterface: 192.168.1.10 --- 0x5\n  Internet Address      Physical Address      Type\n  192.168.1.64          44-19-b6-00-00-01     dynamic   \n",
    "arp -n": "Address                  HWtype  HWaddress           Flags Mask            Iface\n192.168.1.64             ether   44:19:b6:00:00:01   C                     eth0\n",
    "ip neigh": "192.168.1.64 dev eth0 lladdr 44:19:b6:00:00:01 router REACHABLE\n192.168.1.3 dev eth0 FAILED\n",
    "ip -6 neigh": "fe80::1 dev eth0 lladdr 44:19:b6:00:00:01 STALE\n",
    "Get-NetNeighbor": "ifIndex IPAddress      LinkLayerAddress      State       PolicyStore\n------- ---------      ----------------      -----       -----------\n5       192.168.1.64   44-19-B6-00-00-01     Reachable   ActiveStore\n",
    "/proc/net/arp": "IP address       HW type     Flags       HW address            Mask     Device\n192.168.1.64     0x1         0x2         44:19:b6:00:00:01     *        eth0\n",
    "ndp -a": "Neighbor                                Linklayer Address  Netif Expire    St Flgs Prbs\nfe80::1%en0                             44:19:b6:0:0:1       en0 23h59m58s S  R\n",
    "arp-scan": "Interface: eth0, type: EN10MB, MAC: 00:11:22:33:44:55, IPv4: 192.168.1.5\nStarting arp-scan 1.9.7 with 256 hosts\n192.168.1.64\t44:19:b6:00:00:01\tHangzhou Hikvision Digital Technology Co.,Ltd.\n\n1 packets received by filter, 0 packets dropped by kernel\nEnding arp-scan 1.9.7: 256 hosts scanned in 2.1 seconds. 1 responded\n",
    "show ip arp": "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  192.168.1.64            10   4419.b600.0001  ARPA   Vlan10\nInternet  192.168.1.9              0   Incomplete      ARPA\n",
    "get system arp": "Address           Age(min)   Hardware Addr      Interface\n192.168.1.64      0          44:19:b6:00:00:01 internal\n",
    "show arp, Juniper": "MAC Address       Address         Name                      Interface               Flags\n44:19:b6:00:00:01 192.168.1.64    192.168.1.64              ge-0/0/1.0              none\nTotal entries: 1\n",
    "show arp, HP": " IP ARP table\n\n  IP Address       MAC Address       Type    Port\n  ---------------  ----------------- ------- ----\n  192.168.1.64     4419b6-000001     dynamic 12\n",
    "display arp": "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE\n                                          VLAN/CEVLAN\n------------------------------------------------------------------------------\n192.168.1.64    4419-b600-0001  20        D-0         GE0/0/1\nTotal:1         Dynamic:1       Static:0     Interface:0\n",
    "/ip arp print": "Flags: X - disabled, I - invalid, H - DHCP, D - dynamic, P - published, C - complete \n #    ADDRESS         MAC-ADDRESS       INTERFACE\n 0 DC 192.168.1.64    44:19:B6:00:00:01 bridge\n",
    "arp -a on Linux, German": "? (192.168.1.64) auf 44:19:b6:00:00:01 [ether] auf eth0\n? (192.168.1.9) auf <unvollständig> auf eth0\n",
    "arp -a on Linux, French": "cam (192.168.1.64) à 44:19:b6:00:00:01 [ether] sur eth0\n",
    "arp -n, German": "Adresse                  Hardware-Typ Hardware-Adresse    Optionen Maske           Schnittstelle\n192.168.1.64             ether   44:19:b6:00:00:01   C                     eth0\n192.168.1.9                      (unvollständig)                              eth0\n",
    "ip neigh, BusyBox": "192.168.1.64 dev br-lan lladdr 44:19:b6:00:00:01 ref 1 used 0/0/0 probes 1 REACHABLE\n192.168.1.7 dev br-lan  used 0/0/0 probes 6 FAILED\n",
    "ip -s neigh": "192.168.1.64 dev eth0 lladdr 44:19:b6:00:00:01 used 1133/1130/1105 probes 4 STALE \n192.168.1.9 dev eth0  FAILED \n",
    "ndp -an": "Neighbor                                Linklayer Address  Netif Expire    St Flgs Prbs\nfe80::1%en0                             44:19:b6:0:0:1       en0 23h59m58s S  R\nfe80::1%lo0                             (incomplete)         lo0 permanent R  \n",
    "netsh": "\nInterface 11: Ethernet\n\nInternet Address                              Physical Address   Type\n--------------------------------------------  -----------------  -----------\nfe80::1                                       44-19-b6-00-00-01  Reachable (Router)\nfe80::9                                       00-00-00-00-00-00  Unreachable\nfe80::8                                       Unreachable        Unreachable\n",
    "netsh, French": "\nInterface 11 : Ethernet\n\nfe80::1                                       44-19-b6-00-00-01  Périmé\nfe80::8                                       Inaccessible       Inaccessible\n",
    "Get-NetNeighbor of 2012": "ifIndex IPAddress      LinkLayerAddress      State       PolicyStore\n------- ---------      ----------------      -----       -----------\n12      192.168.1.64   4419B6000001          Reachable   ActiveStore\n12      192.168.1.65                         Unreachable ActiveStore\n",
    "show ip arp, NX-OS": "Flags: * - Adjacencies learnt on non-active FHRP router\n       + - Adjacencies synced via CFSoE\n\nIP ARP Table for context default\nTotal number of entries: 3\nAddress         Age       MAC Address     Interface       Flags\n192.168.1.64    00:12:33  4419.b600.0001  Vlan10          \n192.168.1.64    1d03h     4419.b600.0001  Vlan10\n192.168.1.9     00:00:12  INCOMPLETE      Vlan10\n",
    "show ip arp, with its prompt": "SW1#show ip arp\nProtocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  192.168.1.64            10   4419.b600.0001  ARPA   Vlan10\nSW1#\n",
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_system(put: Put, name: str, encoding: str) -> None:
    """The device is found in the table of each system, also as PowerShell writes files; every line is counted."""
    path = put("table.txt", TABLES[name].encode(encoding))
    assert Neighbours().recognise(path, path.read_bytes()) == "an ARP or neighbour table"
    found = Seen(Neighbours(), path)
    assert found.device(MAC)["device"].startswith(("192.168.1.64", "fe80::1"))
    assert found.units == TABLES[name].count("\n")
    assert not found.codes


def test_a_switch_s_table(put: Put) -> None:
    """A table of a switch has no network addresses; each device is there by its hardware address, heads are counted."""
    text = "          Mac Address Table\n-------------------------------------------\n\nVlan    Mac Address       Type        Ports\n----    -----------       --------    -----\n  10    4419.b600.0001    DYNAMIC     Gi1/0/1\n All    0100.0ccc.cccc    STATIC      CPU\n"
    path = put("table.txt", text)
    assert Neighbours().recognise(path, path.read_bytes())
    found = Seen(Neighbours(), path)
    assert found.device(MAC)["device"] == MAC
    assert (found.units, found.skipped["group address"], found.codes) == (text.count("\n"), 1, [])


def test_switches_that_part_addresses_by_hyphens(put: Put) -> None:
    """`display mac-address` and `show mac-address` have no network addresses and part hardware addresses in three or two."""
    text = "MAC Address    VLAN/VSI/BD   Learned-From        Type\n4419-b600-0001 10/-/-        GE0/0/1             dynamic\n  3cef8c-000002 12     1\n"
    path = put("table.txt", text)
    assert Neighbours().recognise(path, path.read_bytes())
    assert [device["mac"] for device, _ in Seen(Neighbours(), path).devices] == [MAC, "3c:ef:8c:00:00:02"]


def test_arp_scan_s_maker_is_a_clue(put: Put) -> None:
    """What arp-scan says of the maker stands beside the hardware address."""
    assert Seen(Neighbours(), put("t", TABLES["arp-scan"])).device(MAC)["maker"] == "Hangzhou Hikvision Digital Technology Co.,Ltd."


def test_names_instead_of_addresses(put: Put) -> None:
    """`arp` without `-n` has names: they are clues, and no addresses."""
    head = "Address                  HWtype  HWaddress           Flags Mask            Iface\n"
    line = "cam1.lan                 ether   44:19:b6:00:00:01   C                     eth0\n"
    path = put("t", head + line + "printer                          (incomplete)                              eth0\n")
    assert Neighbours().recognise(path, path.read_bytes())
    found = Seen(Neighbours(), path)
    assert (found.device(MAC)["hostname"], found.traffic[0].bonds, found.codes) == ("cam1.lan", [], [])
    assert found.skipped == {"header": 1, "silent neighbour": 1}


@pytest.mark.parametrize(
    "prompt",
    ["SW1#show ip arp", "SW1(config)# do show arp", "<Huawei>display arp", "[admin@gw] > /ip arp print", "root@x2:~# arp -an", "C:\\>arp -a",
     "PS C:\\Users\\x> Get-NetNeighbor", "FGT60 # get system arp", "user1@fw1> show arp"],
)  # fmt: skip
def test_prompts_are_heads(put: Put, prompt: str) -> None:
    """The line in which the command was given is counted with the heads; one that holds more than a command is not."""
    found = Seen(Neighbours(), put("t", f"{prompt}\n192.168.1.64 dev e lladdr {MAC} STALE\n{prompt} 192.168.1.3 at {MAC}\n"))
    assert (found.skipped, found.codes) == ({"header": 1}, ["unknown-line"])


def test_lines_too_long(put: Put) -> None:
    """A line whose rest is dropped is a reject, whatever its beginning is like; the lines around it are read."""
    line = f"192.168.1.64 dev e lladdr {MAC} STALE\n"
    found = Seen(Neighbours(), put("t", line + "192.168.1.9 dev " + "x" * MAX_LINE + f" lladdr {MAC}\n" + line.replace("01 ", "02 ")))
    assert (found.codes, len(found.devices)) == (["line-too-long"], 2)


def test_one_device_several_addresses(put: Put) -> None:
    """Lines of one hardware address are one device, bound to all its addresses."""
    found = Seen(Neighbours(), put("t", f"192.168.1.64 dev e lladdr {MAC} STALE\nfe80::1 dev e lladdr {MAC} STALE\n"))
    assert len(found.devices) == 1
    assert {bond.address for bond in found.traffic[0].bonds} == {"192.168.1.64", "fe80::1"}


HOSTS = "127.0.0.1    localhost\n192.168.1.64    camera\n192.168.1.9     printer floor\n"
REGISTER = "Name\tIP\tMAC\tModel\ncam\t192.168.1.64\t44:19:b6:00:00:01\tDS-2CD2143G2\n"


def test_other_texts_are_not_taken() -> None:
    """Tables with addresses in them are somebody else's."""
    for text in (
        "Name,MAC,IP\ncam,44:19:b6:00:00:01,192.168.1.64\n",
        "Supplier,Item\nAcme,chair\n",
        "",
        "Dear all\n\nsee 192.168.1.64\n",
        HOSTS,
        REGISTER,
    ):
        assert Neighbours().recognise(Path("x"), text.encode()) == ""


def test_damaged_lines_are_rejected(put: Put) -> None:
    """Torn lines are rejects with their place; the others are read."""
    found = Seen(
        Neighbours(), put("t", f"192.168.1.64 dev e lladdr {MAC} STALE\n192.168.1.3 dev e lladdr 44:1\0\n? (192.168.1.9) at 44:19\n")
    )
    assert found.codes == ["unknown-line"] * 2
    assert len(found.devices) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="0123456789abcdef:.-() atdevethlladdr\n\0é", max_size=300))
def test_any_text(put: Put, text: str) -> None:
    """Whatever stands in it: every line is counted once."""
    assert Seen(Neighbours(), put("t", text)).units == text.count("\n") + bool(text and not text.endswith("\n"))
