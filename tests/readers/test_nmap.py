"""nmap's XML, damaged and hostile ones too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import make_devices
import pytest
from devices_seen import Seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offlimits.readers import nmap, nmap_tags
from offlimits.readers.base import Options, Progress
from offlimits.readers.nmap import Nmap

Put = Callable[..., Path]
SCAN = make_devices.NMAP


def test_devices_and_clues(put: Put) -> None:
    """Addresses, names, services, titles, realms and certificates become clues; a host that was down is counted."""
    path = put("scan.xml", SCAN)
    assert Nmap().recognise(path, path.read_bytes()) == "a scan by nmap, in XML"
    found = Seen(Nmap(), path)
    camera = found.device("44:19:b6:00:00:01")
    assert (camera["http-server"], camera["http-title"], camera["hostname"]) == ("App-webs/", "login", "cam-gate.example.org")
    assert camera["tls-subject"] == "CN=hikvision.com, O=HIKVISION, C=CN"
    recorder = found.device("3c:ef:8c:00:00:02")
    assert (recorder["realm"], recorder["banner"]) == ("Login to 2J01018PAA00813", "Dahua DVR rtspd")
    assert found.skipped == {"host that was down": 1}
    assert [place for _, place in found.devices] == [1, 2]


def test_damaged_scan(put: Put) -> None:
    """A scan that breaks off keeps the hosts before, and says where."""
    found = Seen(Nmap(), put("scan.xml", SCAN[: SCAN.index("Dahua")]))
    assert len(found.devices) == 1
    assert found.codes == ["cut-short"]


def test_entities_are_not_resolved(put: Put) -> None:
    """Entities, external ones and such as grow without end, stay what they are; deep nesting ends the reading."""
    secret = put("secret.txt", "SECRET")
    bomb = '<!DOCTYPE nmaprun [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
    bomb += f'<!ENTITY f SYSTEM "file://{secret}">]>'
    host = "<host><address addr='192.168.1.7' addrtype='ipv4'/><hostnames><hostname name='x'/></hostnames><os>&c;&f;</os></host>"
    found = Seen(Nmap(), put("scan.xml", f"<?xml version='1.0'?>{bomb}<nmaprun>{host}</nmaprun>"))
    assert "SECRET" not in str(found.devices)
    assert "aaaa" not in str(found.devices)
    deep = Seen(Nmap(), put("deep.xml", "<nmaprun>" + "<host>" * 100_000))
    assert deep.codes == ["cut-short"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(SCAN)), noise=st.binary(max_size=8))
def test_cut_anywhere(put: Put, cut: int, noise: bytes) -> None:
    """Cut anywhere, with noise behind: no crash, at most two devices."""
    assert len(Seen(Nmap(), put("t", SCAN.encode()[:cut] + noise)).devices) <= 2


HEAD, HOSTS = SCAN[: SCAN.index("<host")], SCAN[SCAN.index("<host") :]
MANY = HEAD + HOSTS.replace("</nmaprun>", "") * 3 + "</nmaprun>"


def test_realm_in_a_table(put: Put) -> None:
    """The realm in the table of `http-auth` is whole, whatever stands in it or behind it; other scripts' tables say nothing, and what other
    ports said stays."""

    def script(name: str, said: str, *realms: str) -> str:
        tables = "".join(f'<table><elem key="qop">auth</elem><elem key="realm">{realm}</elem></table>' for realm in realms)
        return f'<port><script id="{name}" output="{said}">{tables}</script></port>'

    ports = script("http-auth", "Basic realm=A b=c") + script(
        "http-auth", "Digest realm=A qop=x odd=1 qop=auth&#xa;  Basic realm=B odd=2", "A qop=x", "B &amp; c"
    )
    ports += script("other", "x", "no")
    found = Seen(Nmap(), put("scan.xml", MANY.replace("</ports>", ports + "</ports>", 1)))
    assert found.devices[0][0]["realm"].split("\n") == ["A b=c", "A qop=x", "B & c"]
    assert len(found.devices) == 2


def test_unknown_encoding(put: Put) -> None:
    """An encoding that nobody knows is told, not fallen over."""
    assert Seen(Nmap(), put("scan.xml", SCAN.replace("UTF-8", "UTB-8"))).codes == ["cut-short"]


def seen(put: Put, text: str, monkeypatch: pytest.MonkeyPatch, piece: int) -> list[object]:
    """Devices, skipped and rejected units of a scan that is read in pieces of so many bytes."""
    monkeypatch.setattr(nmap, "PIECE", piece)
    found = Seen(Nmap(), put("scan.xml", text))
    return [found.devices, found.skipped, found.codes]


@pytest.mark.parametrize("piece", [40, 300, 1000])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace('addrtype="mac"', "addrtype='mac'"),
        lambda text: text.replace("<ports>", "<!-- a comment with <host> in it --><ports>"),
        lambda text: text.replace("App-webs/", "App &gt; &#x41;&amp;webs/"),
        lambda text: text.replace("App-webs/", "App > webs/"),
        lambda text: text.replace('<address addr="', '<address\n  addr = "'),
        lambda text: text.replace("<host ", '<hosthint><address addr="10.9.9.9" addrtype="ipv4"/></hosthint><host '),
        lambda text: text.replace("</nmaprun>", "<open></nmaprun>"),
        lambda text: text.replace(
            "</ports>", '<port><script id="http-auth" output=""><elem key="realm">DVR</elem></script></port></ports>'
        ),
        lambda text: text[: len(text) * 2 // 3],
    ],
    ids=["as-written", "single-quotes", "comment", "references", "greater-than", "blanks", "hints", "broken", "realm", "cut"],
)
def test_by_tags_as_by_parser(put: Put, monkeypatch: pytest.MonkeyPatch, piece: int, change: Callable[[str], str]) -> None:
    """Hosts that are taken by their tags give what the parser's calls give, also where the writing is not nmap's."""
    text = change(MANY)
    quick = seen(put, text, monkeypatch, piece)
    monkeypatch.setattr(nmap_tags.Tags, "hosts", lambda self, piece: None)
    assert seen(put, text, monkeypatch, piece) == quick


HOST = (
    '<host starttime="1790000000" endtime="1790000009"><status state="up" reason="arp-response" reason_ttl="0"/>\n'
    '<address addr="10.0.0.{0}" addrtype="ipv4"/>\n<address addr="44:19:B6:00:00:{0}" addrtype="mac" vendor="A &amp; B"/>\n<hostnames>\n'
    '<hostname name="h{0}" type="PTR"/>\n</hostnames>\n<ports><extraports state="closed" count="9">\n'
    '<extrareasons reason="reset" count="9"/>\n</extraports>\n<port protocol="tcp" portid="80"><state state="open"/>'
    '<service name="http" product="P &#x41;&amp;" version="1"><cpe>cpe:/a:x</cpe></service><script id="http-auth" output="Basic realm=R b=c">'
    '<table>\n<elem key="realm">R &lt;b</elem>\n<elem>basic</elem>\n</table>\n</script></port>\n</ports>\n<os>'
    '<osmatch name="L" accuracy="90"><osclass type="x"/></osmatch>\n</os>\n<times srtt="9" rttvar="9" to="9"/>\n</host>\n'
)
BITS = (
    *(
        "<",
        ">",
        '"',
        "'",
        "&",
        "/",
        "=",
        " ",
        "\n",
        "\r",
        "\t",
        "é",
        "\x01",
        "\ufffe",
        "<!-- -->",
        "<![CDATA[",
        "]]>",
        "<?x?>",
        "<a>",
        "</a>",
        "<a/>",
    ),
    *(
        "&lt;",
        "&#0;",
        "&#x80;",
        "&foo;",
        "<host>",
        "</host>",
        "<host/>",
        "<hosthint>",
        "</hosthint>",
        "<ports>",
        "</ports>",
        '<elem key="realm">',
    ),
    *("</elem>", '<status state="down"/>', '<address addr="fe80::1%a" addrtype="ipv6"/>', ' addr="10.1.1.1"', '<hostname name="q&amp;"/>'),
    *('<service name="x" product="P"/>', '<script id="banner" output="SSH-2"/>', "</nmaprun>"),
)
"""What is put into a scan."""


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hosts=st.integers(2, 6),
    changes=st.lists(st.tuples(st.integers(0, 8_000), st.integers(0, 12), st.sampled_from(BITS)), max_size=4),
    piece=st.sampled_from([40, 900, 1 << 16]),
)
def test_changed_anywhere_by_tags_as_by_parser(put: Put, hosts: int, changes: list[tuple[int, int, str]], piece: int) -> None:
    """A scan that is changed anywhere gives the same events by its tags as by the parser, to the line and column at which it breaks off."""
    text = '<?xml version="1.0"?>\n<nmaprun>\n' + "".join(HOST.format(number) for number in range(10, 10 + hosts)) + "</nmaprun>"
    for place, out, bit in changes:
        text = text[: place % len(text)] + bit + text[place % len(text) + out :]
    path = put("scan.xml", text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(nmap, "PIECE", piece)
        quick = [event for event in Nmap().read(path, Options()) if not isinstance(event, Progress)]
        patched.setattr(nmap_tags.Tags, "hosts", lambda self, piece: None)
        assert [event for event in Nmap().read(path, Options()) if not isinstance(event, Progress)] == quick


def test_what_nmap_writes_needs_no_parser() -> None:
    """Whole hosts as nmap writes them are all taken by their tags, with everything that they say."""
    hosts = nmap_tags.Tags().hosts((HOST.format(10) + HOST.format(11)).rstrip())
    assert hosts is not None
    assert [host.addresses for host in hosts] == [["10.0.0.10"], ["10.0.0.11"]]
    assert hosts[1].mac == "44:19:b6:00:00:11"
    assert hosts[0].names == ["h10"]
    assert hosts[0].clues == [("banner", "P A& 1"), ("realm", "R <b"), ("guess", "L (nmap's guess, 90 %)")]


def test_comment_across_pieces_hides_its_hosts(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host within a comment is none, though the piece before it ends like a host."""
    text = f"<?xml version='1.0'?><nmaprun>{HOST.format(10)}<!-- </host>\n{HOST.format(11)} -->{HOST.format(12)}</nmaprun>"
    monkeypatch.setattr(nmap, "PIECE", 40)
    assert [place for _, place in Seen(Nmap(), put("scan.xml", text)).devices] == [1, 2]


def test_many_hosts_with_every_element(put: Put) -> None:
    """Thousands of hosts with names, scripts and guesses, which are read by the pattern, are all read."""
    host = (
        '<host><status state="up"/><address addr="10.0.{0}.{1}" addrtype="ipv4"/><hostnames><hostname name="h{0}-{1}" type="PTR"/></hostnames>'
        '<ports><port protocol="tcp" portid="80"><state state="open"/><service name="http" product="nginx" method="probed" conf="10"/>'
        '<script id="http-title" output="x"/></port></ports><os><osmatch name="Linux" accuracy="90"/></os></host>\n'
    )
    hosts = "".join(host.format(number // 250, number % 250 + 1) for number in range(3_000))
    found = Seen(Nmap(), put("many.xml", f'<?xml version="1.0"?>\n<nmaprun scanner="nmap">{hosts}</nmaprun>'))
    assert (len(found.devices), found.codes) == (3_000, [])


def test_deep_nesting_is_refused(put: Callable[..., Path]) -> None:
    """Elements within one another without end are a counted reject before they fill the memory."""
    found = Seen(Nmap(), put("deep.xml", b"<nmaprun>" + b"<a>" * 500_000))
    assert found.codes == ["cut-short"]
