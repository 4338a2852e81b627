"""`--redact`: no hardware address, network address or host name anywhere, in any format."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from offlimits.report import Report
from offlimits.reports import REPORTS
from offlimits.reports.base import Format
from offlimits.reports.redaction import REMOVED, _clean, redact
from offlimits.reports.terminal import print_report

SECRETS = (
    "c0:56:e3:aa:bb:cc", "4419.b6aa.bbcc", "2857BE-AABBCC", "BCAD28AABBCC", "001882010203", "00-18-82-01-02-04", "10.20.30.40", "192.168.77.1",
    "fe80::1882:1ff", "2001:db8:0:1::9", "nvr1.council.example.org", "cam.lan.local", "gate.hikvision.com", "HIKCAM-ROOM9",
)  # fmt: skip
REGISTER = """\
Site,Manufacturer,Model,MAC Address,Hostname,Notes,Cost,Supplier
Depot 10.20.30.40,Hikvision,DS-2CD2143G2-I,c0:56:e3:aa:bb:cc,nvr1.council.example.org,see 192.168.77.1 and fe80::1882:1ff,10,Bolt at cam.lan.local
Depot,,camera,001882010203,HIKCAM-ROOM9,ethernet 001882010203,11,Bolt
Depot,,camera MAC 4419.b6aa.bbcc,00-18-82-01-02-04,,2857BE-AABBCC,12,Bolt
Depot,,camera,,gate.hikvision.com,BCAD28AABBCC at 2001:db8:0:1::9,13,Bolt
Gate 10.20.30.40,,CCTV camera install at nvr1.council.example.org,,,near fe80::1882:1ff,14,Lead cam.lan.local
Depot,,we do not use Hikvision at 192.168.77.1,,,,15,Bolt
"""


@pytest.fixture
def report(run: Callable[..., Report], tmp_path: Path) -> Report:
    """A register with secrets in every column, screened from a folder that is named like one."""
    folder = tmp_path / "share 10.20.30.40"
    folder.mkdir()
    path = folder / "register.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return run(path)


def printed(report: Report) -> str:
    stream = io.StringIO()
    print_report(report, Console(file=stream, width=200))
    return stream.getvalue()


def unpacked(content: bytes) -> str:
    """All text of an output; the parts of a workbook one after another."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def leaks(text: str) -> list[str]:
    """The secrets that stand in a text, whatever their case."""
    return [secret for secret in SECRETS if secret.casefold() in text.casefold()]


def test_the_register_is_full_of_secrets(report: Report) -> None:
    """Without `--redact` the report repeats them, so that the next test can fail; there are findings, leads and a denial to hide them in."""
    assert len(leaks(msgspec.json.encode(report).decode())) > 8
    assert len(report.findings) == 5
    assert report.leads
    assert report.disclaimed


@pytest.mark.parametrize("form", REPORTS, ids=lambda form: form.suffix)
def test_no_format_leaks(form: Format, report: Report) -> None:
    """Every format of the redacted report is free of them, the workbook of the user's own sheet too."""
    assert leaks(unpacked(form.render(redact(report)))) == []


def test_terminal_does_not_leak(report: Report) -> None:
    """Nor does the terminal."""
    assert leaks(printed(redact(report))) == []


def test_redacted_report_says_so_and_stays_useful(report: Report) -> None:
    """Findings, makers, models, counts and places are the same; the report is marked."""
    hidden = redact(report)
    assert hidden.redacted
    assert not report.redacted
    assert [(finding.id, finding.group, finding.strength, finding.at) for finding in hidden.findings] == [
        (finding.id, finding.group, finding.strength, finding.at) for finding in report.findings
    ]
    assert hidden.sources[0].path == "register.csv"
    assert hidden.sources[0].units == report.sources[0].units
    assert "DS-2CD2143G2-I" in msgspec.json.encode(hidden).decode()


def test_keys_of_addresses_are_emptied(report: Report) -> None:
    """A hash of a hardware address can be searched for: findings that rest on one lose their key, others keep it."""
    hidden = redact(report)
    by_address = [finding for finding in hidden.findings if any(REMOVED in mention.text for mention in finding.mentions)]
    assert by_address
    assert all(finding.review_key == "" for finding in by_address)
    assert all(finding.review_key for finding in report.findings)


def test_redacting_twice_changes_nothing(report: Report) -> None:
    """The second time there is nothing left to remove."""
    assert redact(redact(report)) == redact(report)


@pytest.mark.parametrize("secret", [*SECRETS[:4], *SECRETS[5:13], "00:18:82:ff:fe:01:02:03", "::ffff:10.1.2.3"])
def test_each_form_is_removed(secret: str) -> None:
    """In the middle of a sentence, in brackets, at the end."""
    for text in (f"camera {secret} in the lobby", f"camera ({secret})", f"see {secret}.", f"http://{secret}/x"):
        assert secret not in _clean(text), text
        assert REMOVED in _clean(text)


@pytest.mark.parametrize(
    "text", ["DS-2CD2143G2-I(2.8mm)", "order 123456789012", "£1,234.50", "3.5 MP, 12 V", "Hikvision UK", "IPC-HFW2431S-S-S2", "v4.30.085"]
)
def test_what_is_no_address_stays(text: str) -> None:
    """Model numbers, money and order numbers are no addresses."""
    assert _clean(text) == text


def test_columns_that_become_alike_are_both_kept(report: Report) -> None:
    """Two columns named after hosts stay two."""
    source = msgspec.structs.replace(report.sources[0], columns={"a.example.org": "text", "b.example.org": "text"})
    hidden: Any = redact(msgspec.structs.replace(report, sources=[source]))
    assert list(hidden.sources[0].columns) == [REMOVED, f"{REMOVED} 2"]
    assert not re.search("example", str(hidden.sources))
