"""`collect` prints commands and runs none."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
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
