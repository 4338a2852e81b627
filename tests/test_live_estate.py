"""A live estate in network namespaces: simulated devices speak over real sockets, tcpdump and dumpcap capture, nmap scans, `ip neigh` lists.

Needs root, `ip`, `tcpdump` and `nmap`; skipped by name where one is missing. Nothing leaves the namespaces, which have no way out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import live_actor
import pytest
import wires
from conftest import Runner

from offlimits.report import Call, CallHome, Report

NEEDED = ("ip", "tcpdump", "nmap")
MISSING = [name for name in NEEDED if not shutil.which(name)]
HARDWARE = {"camera": wires.CAMERA, "recorder": wires.RECORDER, "outside": wires.ROUTER, "desk": "00:16:3e:00:00:05"}
ADDRESSES = {"camera": live_actor.CAMERA, "recorder": live_actor.RECORDER, "outside": live_actor.GATEWAY, "desk": live_actor.DESK}


def ip(*words: str) -> None:
    """Run `ip`; skips the test where namespaces may not be made."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, timeout=20)
    if done.returncode:
        pytest.skip(f"no network namespaces here: ip {' '.join(words)}: {done.stderr.strip()}")


class Estate:
    """The namespaces, and what runs in them."""

    def __init__(self) -> None:
        self.name = f"olt{os.getpid()}"
        self.running: list[subprocess.Popen[bytes]] = []

    def build(self) -> None:
        """A switch, and the actors plugged into it, each with its hardware address."""
        ip("netns", "add", f"{self.name}s")
        self.inside("s", "ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        self.inside("s", "ip", "link", "set", "br0", "up")
        for number, (actor, hardware) in enumerate(HARDWARE.items()):
            space, port = f"{self.name}{number}", f"{self.name[-6:]}p{number}"
            ip("netns", "add", space)
            ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", space)
            ip("link", "set", port, "netns", f"{self.name}s")
            self.inside("s", "ip", "link", "set", port, "master", "br0", "up")
            self.inside(str(number), "ip", "link", "set", "lo", "up")
            self.inside(str(number), "ip", "link", "set", "eth0", "address", hardware, "up")
            self.inside(str(number), "ip", "addr", "add", f"{ADDRESSES[actor]}/24", "dev", "eth0")
            if actor == "outside":
                self.inside(str(number), "ip", "addr", "add", f"{live_actor.OUTSIDE}/32", "dev", "lo")
            else:
                self.inside(str(number), "ip", "route", "add", "default", "via", live_actor.GATEWAY)

    def inside(self, space: str, *words: str, timeout: float = 60) -> str:
        """Run a command in a namespace to its end."""
        call = ["ip", "netns", "exec", self.name + space, *words]
        done = subprocess.run(call, capture_output=True, text=True, timeout=timeout)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def start(self, space: str, *words: str) -> subprocess.Popen[bytes]:
        """Start a command in a namespace; it is ended with the estate."""
        call = ["ip", "netns", "exec", self.name + space, *words]
        process = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.running.append(process)
        return process

    def actor(self, name: str) -> tuple[str, ...]:
        """The words that start an actor."""
        return (sys.executable, str(Path(__file__).with_name("live_actor.py")), name)

    def close(self) -> None:
        """End what was started here, and take the namespaces down."""
        for process in self.running:
            process.send_signal(signal.SIGINT)
        for process in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            process.wait(5)
        for space in ("s", *map(str, range(len(HARDWARE)))):
            subprocess.run(["ip", "netns", "del", self.name + space], capture_output=True, timeout=20)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what the live estate gave: captures, a scan, a table of neighbours."""
    if MISSING or os.geteuid() != 0:
        pytest.skip(f"the live estate needs root and {', '.join(MISSING) or 'nothing else'}")
    folder = tmp_path_factory.mktemp("live")
    estate = Estate()
    try:
        estate.build()
        capture(estate, folder)
        scan(estate, folder)
    finally:
        estate.close()
    return folder


def capture(estate: Estate, folder: Path) -> None:
    """All actors play their part once, while the switch is listened to."""
    listening = [estate.start("s", "tcpdump", "-i", "br0", "-U", "-Z", "root", "-w", str(folder / "live.pcap"))]
    if shutil.which("dumpcap"):
        listening.append(estate.start("s", "dumpcap", "-q", "-i", "br0", "-w", str(folder / "live.pcapng")))
    estate.start("2", *estate.actor("outside"))
    time.sleep(2.5)
    for number, name in enumerate(("camera", "recorder")):
        estate.start(str(number), *estate.actor(name))
    time.sleep(2.5)
    estate.inside("3", *estate.actor("desk"))
    time.sleep(1.5)
    for process in listening:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def scan(estate: Estate, folder: Path) -> None:
    """nmap and `ip neigh` at the desk."""
    scripts = "http-title,http-server-header,http-auth,ssl-cert"
    words = ("nmap", "-n", "-sT", "-p", "80,443,554", "--script", scripts, "--host-timeout", "20s", "-oA", str(folder / "scan"))
    estate.inside("3", *words, live_actor.CAMERA, live_actor.RECORDER)
    (folder / "neigh.txt").write_text(estate.inside("3", "ip", "neigh", "show"))


def home(report: Report) -> CallHome:
    """Its calls."""
    assert report.aggregates.call_home is not None
    return report.aggregates.call_home


def calls_of(report: Report, hardware: str) -> list[Call]:
    """The calls of one device."""
    return [call for call in home(report).calls if home(report).devices[call.device].mac == hardware]


@pytest.mark.parametrize("name", ["live.pcap", "live.pcapng"])
def test_live_capture(run: Runner, files: Path, name: str) -> None:
    """Each device once, the right maker, the right calls: from real packets."""
    if not (files / name).exists():
        pytest.skip("dumpcap is not installed")
    report = run(files / name)
    made = {device.mac: device.makers for device in home(report).devices if device.makers}
    assert made == {wires.CAMERA: ["hikvision"], wires.RECORDER: ["dahua"]}
    assert len([item for item in report.findings if item.strength == "exact"]) == 2
    camera = next(item for item in report.findings if item.group == "hikvision")
    kinds = {mention.kind for mention in camera.mentions}
    assert {"mac", "product-code", "called"} <= kinds
    (platform,) = [call for call in calls_of(report, wires.CAMERA) if call.port == live_actor.PLATFORM]
    assert (platform.hosts, platform.named_by, platform.opened_by) == ([live_actor.HOST], "tls", "device")
    assert (platform.group, platform.connections) == ("hikvision", 1)
    assert (platform.bytes_out or 0) > live_actor.SENT
    (relay,) = [call for call in calls_of(report, wires.RECORDER) if call.port == live_actor.RELAY]
    assert (relay.bytes_out, relay.bytes_in) == (28 + 32, 28 + 19)
    assert (relay.named_by, relay.owner) == ("other-dns", ""), "a name that only another device was told gives no owner"


def test_live_bytes_are_tsharks(run: Runner, files: Path) -> None:
    """Bytes each way are those that tshark adds up from the same capture."""
    if not shutil.which("tshark"):
        pytest.skip("tshark is not installed")
    shown = subprocess.run(
        ["tshark", "-n", "-r", str(files / "live.pcap"), "-Y", f"tcp.port == {live_actor.PLATFORM}", "-T", "fields", "-e", "ip.src", "-e", "ip.len"],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    sums = {live_actor.CAMERA: 0, live_actor.OUTSIDE: 0}
    for line in shown.splitlines():
        address, size = line.split("\t")
        sums[address] += int(size)
    (platform,) = [call for call in calls_of(run(files / "live.pcap"), wires.CAMERA) if call.port == live_actor.PLATFORM]
    assert (platform.bytes_out, platform.bytes_in) == (sums[live_actor.CAMERA], sums[live_actor.OUTSIDE])


def test_live_clues(run: Runner, files: Path) -> None:
    """What the devices said over real sockets is all there: banners, realms, certificate, scope, lease."""
    from devices_seen_live import rows

    found = rows(files / "live.pcap")
    camera, recorder = found[wires.CAMERA], found[wires.RECORDER]
    assert (camera["http-server"], camera["tls-subject"]) == ("App-webs/", "O=HIKVISION, CN=hikvision.com")
    assert set(camera["realm"].split("\n")) == {"DS-2CD2143G2-I", "Hikvision"}
    assert (camera["hostname"], camera["dhcp-class"]) == ("cam-gate", "camera")
    assert camera["onvif-scope"] == "onvif://www.onvif.org/hardware/DS-2CD2143G2-I"
    assert (recorder["rtsp"], recorder["realm"], recorder["model"]) == ("Dahua Rtsp Server", "Login to 2J01018PAA00813", "NVR5216-4KS2")


def test_live_scan_and_neighbours(run: Runner, files: Path) -> None:
    """The scan by real nmap, as XML and as text, and the real table of neighbours find the same two devices."""
    for name in ("scan.xml", "scan.nmap", "neigh.txt"):
        report = run(files / name)
        assert {item.group for item in report.findings if item.strength != "possible"} == {"hikvision", "dahua"}, name
    for name in ("scan.xml", "scan.nmap"):
        camera = next(item for item in run(files / name).findings if item.group == "hikvision")
        assert {"mac", "tls-subject"} <= {mention.kind for mention in camera.mentions}
    assert run(files / "scan.gnmap").sources[0].entries == 2


def test_live_estate_is_one(run: Runner, files: Path) -> None:
    """All files together: each device counts once."""
    census = run(files).aggregates.census
    assert census is not None
    assert census.firm == 2
