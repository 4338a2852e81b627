"""The commands of the program: some in files of their own, read when they are asked for; what happens when who reads the output goes."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

PIPE_CLOSED = 141
"""As shells say it: 128 + SIGPIPE."""


def hush() -> None:
    """Send what is still to be printed nowhere: whoever read it has gone (`offlimits … | head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


HOMES = {name: f"offlimits.cli.{name}" for name in ("collect", "funds", "lists", "registry")}
"""Commands in files of their own, read when they are asked for."""


class Group(click.Group):
    """Commands whose closed pipe reaches `main`; click itself would end them with 1, which here says 'findings'."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*self.commands, *HOMES])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in HOMES:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(importlib.import_module(HOMES[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            hush()
            return PIPE_CLOSED
