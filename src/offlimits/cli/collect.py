"""`offlimits collect`: the read-only commands that produce files to screen. It prints them; it runs nothing."""

from __future__ import annotations

import sys
from typing import Literal

import click

System = Literal["linux", "macos", "windows", "openwrt", "pihole", "zeek"]
Step = tuple[str, str]

ZEEK = (
    "for log in conn dns ssl x509 http dhcp software known_hosts known_services known_certs known_devices; do "
    'for file in /opt/zeek/logs/2*/$log.*; do day=${file%/*}; cp "$file" "${day##*/}.${file##*/}"; done; done'
)
"""For any POSIX shell. A kind of log that was never kept is a complaint of `cp`, and the others are copied."""

COMMANDS: dict[str, tuple[Step, ...]] = {
    "linux": (
        ("neighbours that this machine has spoken to (IPv4 and IPv6)", "ip neigh show > neighbours.txt"),
        ("leases that this machine's DHCP server gave (whichever there is)", "cp /var/lib/misc/dnsmasq.leases /var/lib/dhcp/dhcpd.leases /var/lib/kea/kea-leases4.csv . 2>/dev/null"),
        ("DNS questions of a local unbound or BIND, where they are logged", "journalctl -u unbound -u named -u bind9 -o short-iso --since -7d > dns.log"),
        ("a capture of ten minutes, heads and names only (needs root; on a mirror port it sees the whole network; of several interfaces name one with -i, or bytes count twice)", "sudo timeout 600 tcpdump -s 1600 -w capture.pcap 'not port 22'"),
    ),
    "macos": (
        ("neighbours that this machine has spoken to", "arp -a > neighbours.txt"),
        ("IPv6 neighbours", "ndp -an > neighbours6.txt"),
        ("a capture of ten minutes (needs an administrator's password)", "sudo tcpdump -i en0 -s 1600 -G 600 -W 1 -w capture.pcap 'not port 22'"),
    ),
    "windows": (
        ("neighbours that this machine has spoken to", "arp -a > neighbours.txt"),
        ("IPv6 neighbours", "netsh interface ipv6 show neighbors > neighbours6.txt"),
        ("leases, on the DHCP server, in PowerShell", "Get-DhcpServerv4Scope | Get-DhcpServerv4Lease | Export-Csv -NoTypeInformation -Encoding UTF8 leases.csv"),
        ("DNS questions, on the DNS server: where its debug log stands, if one is kept", "Get-DnsServerDiagnostics | Select-Object EnableLoggingForPluginDllEvent, LogFilePath, Queries"),
        ("a capture, where Wireshark is installed", '"C:\\Program Files\\Wireshark\\dumpcap.exe" -i 1 -s 1600 -a duration:600 -w capture.pcapng'),
    ),
    "openwrt": (
        ("neighbours", "ssh root@ROUTER 'ip neigh show' > neighbours.txt"),
        ("leases", "ssh root@ROUTER 'cat /tmp/dhcp.leases' > dnsmasq.leases"),
        ("DNS questions, where dnsmasq logs them", "ssh root@ROUTER 'logread -e dnsmasq' > dnsmasq.log"),
    ),
    "pihole": (
        ("DNS questions", "cp /var/log/pihole/pihole.log* ."),
        ("leases, where it gives them", "cp /etc/pihole/dhcp.leases dnsmasq.leases"),
    ),
    "zeek": (("the last days' logs, packed as they are; each is named by its day, since every day has the same names", f"sh -c '{ZEEK}'"),),
}  # fmt: skip
"""By system: what a file holds, and the command that makes it. Each only reads; those that write do so in the folder one stands in."""

SCAN = (
    "a scan of networks that are yours, and only with leave: it knocks at doors, nothing else here does",
    "nmap -sV -oX scan.xml NETWORK",
)


@click.command()
@click.option("--system", type=click.Choice([*COMMANDS, "all"]), default=None, help="For this system. Default: the one this runs on.")
@click.option("--with-scan", is_flag=True, help="Also print a scan by nmap, which is not passive: it asks every address of a network.")
def collect(system: str | None, with_scan: bool) -> int:
    """Print the read-only commands that produce files to screen: neighbours, leases, DNS questions, captures. Runs nothing.

    What they write names devices of your network and whom they call: keep it on your machine, and collect on networks that are yours.

    Exit code 0.
    """
    names = list(COMMANDS) if system == "all" else [system or _here()]
    for name in names:
        click.echo(f"# {name}")
        for what, command in (*COMMANDS[name], *([SCAN] if with_scan else [])):
            click.echo(f"\n# {what}\n{command}")
        click.echo("")
    click.echo("# then\nofflimits screen . -o report.html")
    return 0


def _here() -> System:
    return "windows" if sys.platform == "win32" else "macos" if sys.platform == "darwin" else "linux"
