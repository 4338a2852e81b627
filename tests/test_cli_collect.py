"""`collect` prints commands and runs none."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from offlimits.cli.collect import COMMANDS, collect

Cli = Callable[..., Any]
WRITING = ("rm ", "mv ", "dd ", "kill", "curl", "wget", "chmod", "systemctl", "Set-", "Remove-", "Stop-", "-delete", "sudo su")


@pytest.mark.parametrize("system", COMMANDS)
def test_commands_only_read(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every system has commands that read; nothing is started; a scan is only printed when asked for."""
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("something was run"))
    shown = CliRunner().invoke(collect, ["--system", system]).output
    assert not [word for word in WRITING if word in shown]
    assert "nmap -s" not in shown
    assert "nmap -sV" in CliRunner().invoke(collect, ["--system", system, "--with-scan"]).output


def test_collect_through_the_script(cli: Cli) -> None:
    """The command line knows it, for the system it runs on and for all."""
    done = cli("collect")
    assert done.code == 0
    assert "offlimits screen" in done.out
    assert all(f"# {name}" in cli("collect", "--system", "all").out for name in COMMANDS)


def test_days_of_zeek_are_all_kept(tmp_path: Path) -> None:
    """Logs of several days, which have the same names, are all copied; what is missing is complained of, and nothing else is touched."""
    for day in ("2026-11-25", "2026-11-26"):
        for log in ("conn", "known_hosts", "weird"):
            (tmp_path / "logs" / day).mkdir(parents=True, exist_ok=True)
            (tmp_path / "logs" / day / f"{log}.10:00:00-11:00:00.log.gz").write_text(day)
    here = tmp_path / "here"
    here.mkdir()
    command = COMMANDS["zeek"][0][1].replace("/opt/zeek", str(tmp_path))
    done = subprocess.run(["sh", "-c", command], cwd=here, capture_output=True, text=True, timeout=20)
    hour = "10:00:00-11:00:00.log.gz"
    days = ("2026-11-25", "2026-11-26")
    assert {path.name: path.read_text() for path in here.iterdir()} == {
        f"{day}.{log}.{hour}": day for day in days for log in ("conn", "known_hosts")
    }
    assert "ssl" in done.stderr
