"""Make the golden inputs of the readers of devices: `python tests/make_devices.py`, then `OFFLIMITS_REWRITE=1 pytest tests/test_cases.py`.

Every line is typed or made here after the published forms of the programs that write such files; none comes from a real network. Zeek's logs
are made after the form in Zeek's documentation, since Debian has no package of Zeek to write them.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import wires

CASES = Path(__file__).with_name("cases")
CAMERA, RECORDER = wires.CAMERA, wires.RECORDER

LINUX = f"""? (192.168.1.64) at {CAMERA} [ether] on eth0
nvr.example.org (192.168.1.108) at {RECORDER} [ether] on eth0
router.lan (192.168.1.1) at {wires.ROUTER} [ether] on eth0
? (192.168.1.77) at <incomplete> on eth0
"""
WINDOWS = """
Schnittstelle: 192.168.1.10 --- 0x5
  Internetadresse       Physische Adresse     Typ
  192.168.1.64          44-19-b6-00-00-01     dynamisch
  192.168.1.255         ff-ff-ff-ff-ff-ff     statisch
  224.0.0.22            01-00-5e-00-00-16     statisch
"""
IP_NEIGH = f"""192.168.1.64 dev eth0 lladdr {CAMERA} REACHABLE
fe80::4619:b6ff:fe00:1 dev eth0 lladdr {CAMERA} STALE
192.168.1.9 dev eth0 FAILED
this line was torn: 192.168.1.10 dev eth0 lladdr 44:19
192.168.1.108 dev eth0 lladdr {RECORDER} DEL\0AY
"""
DNSMASQ_LEASES = f"""1790000000 {CAMERA} 192.168.1.64 cam-gate 01:{CAMERA}
1790000000 {wires.PHONE} 192.168.1.50 * *
duid 00:01:00:01:2c:aa:bb:cc:00:11:22:33:44:55
"""
ISC_LEASES = f"""# The format of this file is documented in the dhcpd.leases(5) manual page.
authoring-byte-order little-endian;

lease 192.168.1.64 {{
  starts 4 2026/11/26 10:00:00;
  ends 4 2026/11/26 22:00:00;
  binding state active;
  hardware ethernet {CAMERA};
  set vendor-class-identifier = "camera";
  client-hostname "cam-gate";
}}
lease 192.168.1.64 {{
  starts 5 2026/11/27 10:00:00;
  ends 5 2026/11/27 22:00:00;
  hardware ethernet {CAMERA};
}}
lease 192.168.1.200 {{
  binding state free;
}}
"""
WINDOWS_LEASES = """#TYPE Microsoft.Management.Infrastructure.CimInstance
"IPAddress","ScopeId","AddressState","ClientId","HostName","LeaseExpiryTime"
"192.168.1.64","192.168.1.0","Active","44-19-b6-00-00-01","cam-gate.example.org","26/11/2026 22:00:00"
"192.168.1.108","192.168.1.0","Active","3c-ef-8c-00-00-02","nvr","26/11/2026 22:00:00"
"192.168.1.109"
"""
PIHOLE = """Nov 25 10:00:00 dnsmasq[123]: query[A] dev.hik-connect.com from 192.168.1.64
Nov 25 10:00:00 dnsmasq[123]: forwarded dev.hik-connect.com to 9.9.9.9
Nov 25 10:00:00 dnsmasq[123]: reply dev.hik-connect.com is 198.51.100.20
Nov 25 10:00:01 dnsmasq[123]: query[A] www.example.org from 192.168.1.50
Nov 25 10:00:01 dnsmasq[123]: cached www.example.org is 203.0.113.5
Nov 25 10:00:02 dnsmasq[123]: query[AAAA] dev.hik-connect.com from 192.168.1.64
"""
BIND = """25-Nov-2026 10:00:00.123 queries: info: client @0x7f8a4c0 192.168.1.64#40000 (dev.hik-connect.com): query: dev.hik-connect.com IN A +E(0)K (192.168.1.1)
25-Nov-2026 10:00:05.001 queries: info: client @0x7f8a4c0 2001:db8::5#40000 (www.example.org): query: www.example.org IN AAAA + (2001:db8::1)
"""
WINDOWS_DNS = (
    """DNS Server log file creation at 11/25/2026 9:00:00 AM
Log file wrap at 11/25/2026 9:00:00 AM

11/25/2026 10:00:00 AM 0FD4 PACKET  0000022A7D4F5B10 UDP Rcv 192.168.1.64    0001   Q [0001   D   NOERROR] A      (3)dev(11)hik-connect(3)com(0)
11/25/2026 10:00:00 AM 0FD4 PACKET  0000022A7D4F5B10 UDP Snd 192.168.1.64    0001 R Q [8081   DR  NOERROR] A      (3)dev(11)hik-connect(3)com(0)
"""
    + "\0" * 20
    + "torn\n"
)
ZEEK = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t{path}\n#open\t2026-11-25-10-00-00\n#fields\t{fields}\n#types\t{types}\n"
CONN_FIELDS = [
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "proto",
    "service",
    "duration",
    "orig_bytes",
    "resp_bytes",
    "conn_state",
    "local_orig",
    "local_resp",
    "missed_bytes",
    "history",
    "orig_pkts",
    "orig_ip_bytes",
    "resp_pkts",
    "resp_ip_bytes",
    "tunnel_parents",
]
CONN_TYPES = [
    "time",
    "string",
    "addr",
    "port",
    "addr",
    "port",
    "enum",
    "string",
    "interval",
    "count",
    "count",
    "string",
    "bool",
    "bool",
    "count",
    "string",
    "count",
    "count",
    "count",
    "count",
    "set[string]",
]


def conn(*lines: tuple[str, str, str, int, str, int, str, int, int]) -> str:
    """A conn.log with these connections: time, uid, from, port, to, port, protocol, bytes of IP out and in."""
    rows = [
        "\t".join(map(str, (*line[:7], "-", "1.5", line[7] - 40, line[8] - 40, "SF", "-", "-", 0, "ShADad", 1, line[7], 1, line[8], "-")))
        for line in lines
    ]
    return ZEEK.format(path="conn", fields="\t".join(CONN_FIELDS), types="\t".join(CONN_TYPES)) + "".join(f"{row}\n" for row in rows)


CALLS = conn(
    ("1790000000.100000", "C1", "192.168.1.64", 50000, "198.51.100.20", 8555, "tcp", 460, 200),
    ("1790000060.100000", "C2", "192.168.1.64", 50001, "198.51.100.20", 8555, "tcp", 140, 100),
    ("1790000061.000000", "C3", "203.0.113.77", 60000, "192.168.1.64", 80, "tcp", 400, 4000),
    ("1790000062.000000", "C4", "192.168.1.50", 60001, "192.168.1.64", 80, "tcp", 400, 4000),
)
DNS_JSON = '{"ts":1790000000.0,"uid":"C9","id.orig_h":"192.168.1.64","id.orig_p":40000,"id.resp_h":"192.168.1.1","id.resp_p":53,"proto":"udp","query":"dev.hik-connect.com","qtype_name":"A","answers":["198.51.100.20"]}\n{"ts":1790000001.0,"uid":\n[]\n'
DHCP = ZEEK.format(path="dhcp", fields="ts\tuids\tclient_addr\tmac\thost_name\tassigned_addr\tmsg_types", types="time\tset[string]\taddr\tstring\tstring\taddr\tvector[string]") + f"1790000000.0\tC1\t-\t{CAMERA}\tcam-gate\t192.168.1.64\tREQUEST,ACK\n"  # fmt: skip
NMAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/share/nmap/nmap.xsl" type="text/xsl"?>
<nmaprun scanner="nmap" args="nmap -sV -oX scan.xml 192.168.1.0/24" start="1790000000" version="7.93" xmloutputversion="1.05">
<host starttime="1790000000"><status state="up" reason="arp-response"/>
<address addr="192.168.1.64" addrtype="ipv4"/><address addr="{CAMERA.upper()}" addrtype="mac" vendor="Hangzhou Hikvision Digital Technology"/>
<hostnames><hostname name="cam-gate.example.org" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="80"><state state="open"/><service name="http" method="probed"/><script id="http-server-header" output="App-webs/"/><script id="http-title" output="login&#xa;Requested resource was /doc/page/login.asp"/></port>
<port protocol="tcp" portid="443"><state state="open"/><service name="https"/><script id="ssl-cert" output="Subject: commonName=hikvision.com/organizationName=HIKVISION/countryName=CN&#xa;Issuer: commonName=hikvision.com/organizationName=HIKVISION"/></port></ports></host>
<host><status state="up"/><address addr="192.168.1.108" addrtype="ipv4"/><address addr="{RECORDER.upper()}" addrtype="mac"/>
<ports><port protocol="tcp" portid="554"><state state="open"/><service name="rtsp" product="Dahua DVR rtspd"/><script id="http-auth" output="&#xa;HTTP/1.1 401 Unauthorized&#xa;  Digest realm=Login to 2J01018PAA00813"/></port></ports></host>
<host><status state="down" reason="no-response"/><address addr="192.168.1.2" addrtype="ipv4"/></host>
<runstats><finished time="1790000060"/></runstats>
</nmaprun>
"""

NMAP_TEXT = f"""# Nmap 7.93 scan initiated Mon Sep 21 13:33:20 2026 as: nmap -sV -sC -O -oN scan.txt 192.168.1.0/24
Nmap scan report for cam-gate.example.org (192.168.1.64)
Host is up (0.00031s latency).
Not shown: 997 closed tcp ports (reset)
PORT     STATE    SERVICE  VERSION
80/tcp   open     http
|_http-server-header: App-webs/
| http-title: login
|_Requested resource was /doc/page/login.asp
443/tcp  open     ssl/http
| ssl-cert: Subject: commonName=hikvision.com/organizationName=HIKVISION/countryName=CN
| Issuer: commonName=hikvision.com/organizationName=HIKVISION
| Not valid before: 2014-01-01T00:00:00
|_Not valid after:  2034-01-01T00:00:00
8000/tcp filtered http-alt
MAC Address: {CAMERA.upper()} (Hangzhou Hikvision Digital Technology)

Nmap scan report for 192.168.1.108
Host is up (0.00040s latency).

PORT    STATE SERVICE VERSION
554/tcp open  rtsp    Dahua DVR rtspd
| http-auth:
| HTTP/1.1 401 Unauthorized\\x0D
|_  Digest realm=Login to 2J01018PAA00813
MAC Address: {RECORDER.upper()} (Zhejiang Dahua Technology)
Aggressive OS guesses: Linux 3.2 - 4.9 (97%), AXIS 210A or 211 Network Camera (Linux 2.6.17) (94%)
Service Info: Device: webcam

Nmap scan report for 192.168.1.70
Host is up (0.00040s latency).

PORT     STATE SERVICE VERSION
8099/tcp open  unknown
1 service unrecognized despite returning data. If you know the service/version, please submit the following fingerprint:
SF-Port8099-TCP:V=7.93%I=7%D=9/21%Time=6B07CEED%P=x86_64-pc-linux-gnu%r(Get
SF:Request,A7,"HTTP/1\\.0\\x20401\\x20Unauthorized\\r\\nServer:\\x20DNVRS-Webs\\
SF:x20\\r\\nWWW-Authenticate:\\x20Digest\\x20realm=\\"DVRNVRDVS\\"\\r\\n\\r\\n")%
SF:r(RTSPRequest,10,"junk\\x01");

Nmap scan report for 192.168.1.2 [host down, received no-response]

Service detection performed. Please report any incorrect results at https://nmap.org/submit/ .
# Nmap done at Mon Sep 21 13:34:20 2026 -- 256 IP addresses (3 hosts up) scanned in 60.00 seconds
""".replace("\\\\", "\\")
NMAP_GREPABLE = (
    "# Nmap 7.93 scan initiated Mon Sep 21 13:33:20 2026 as: nmap -sV -oG scan.txt 192.168.1.0/24\n"
    "Host: 192.168.1.64 (cam-gate.example.org)\tStatus: Up\n"
    "Host: 192.168.1.64 (cam-gate.example.org)\tPorts: 80/open/tcp//http//Hikvision IP camera httpd/, 443/closed/tcp//https//x/"
    "\tIgnored State: closed (997)\n"
    "Host: 192.168.1.108 ()\tPorts: 554/open/tcp//rtsp//Dahua DVR rtspd/\tOS: Linux 3.2 - 4.9\n"
    "Host: 192.168.1.2 ()\tStatus: Down\n"
    "# Nmap done at Mon Sep 21 13:34:20 2026 -- 256 IP addresses (2 hosts up) scanned in 60.00 seconds\n"
)


def cases() -> dict[str, str | bytes]:
    """Every golden input, by its path under `tests/cases`."""
    whole = wires.pcap(wires.estate())
    return {
        "neighbours/linux-arp/input.txt": LINUX,
        "neighbours/windows-in-german-utf-16/input.txt": WINDOWS.replace("\n", "\r\n").encode("utf-16"),
        "neighbours/damaged-ip-neigh/input.txt": IP_NEIGH,
        "leases/dnsmasq/input.leases": DNSMASQ_LEASES,
        "leases/isc-twice-and-free/input.leases": ISC_LEASES,
        "leases/damaged-windows/input.csv": WINDOWS_LEASES,
        "querylog/pihole/input.log": PIHOLE,
        "querylog/bind/input.log": BIND,
        "querylog/damaged-windows/input.log": WINDOWS_DNS,
        "zeek/conn-gzipped/input.gz": gzip.compress(CALLS.encode(), mtime=0),
        "zeek/dhcp/input.log": DHCP,
        "zeek/damaged-dns-json/input.log": DNS_JSON,
        "nmap/two-devices/input.xml": NMAP,
        "nmap/no-hosts/input.xml": NMAP[: NMAP.index("<host ")] + "</nmaprun>\n",
        "nmap/damaged-cut-short/input.xml": NMAP[: NMAP.index('<hostname name="cam') + 10].replace(
            "<host starttime", "<host><address addr='192.168.1.7' addrtype='ipv4'/></host><host starttime"
        ),
        "nmap-text/printed/input.txt": NMAP_TEXT,
        "nmap-text/grepable-utf-16/input.gnmap": NMAP_GREPABLE.encode("utf-16"),
        "nmap-text/damaged-cut-short/input.nmap": NMAP_TEXT[: NMAP_TEXT.index("| Issuer")],
        "pcap/estate/input.pcap": whole,
        "pcap/pcapng-nanoseconds-big-endian/input.pcapng": wires.pcapng(wires.estate(), order=">", nano=True),
        "pcap/damaged-cut-and-lying/input.pcap": wires.pcap([*wires.estate()[:6], (1.0, wires.estate()[8][1][:40]), (2.0, b"\1\2\3")])
        + whole[60:75],
    }


def main() -> None:
    """Write them all."""
    for name, content in cases().items():
        path = CASES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


if __name__ == "__main__":
    main()
