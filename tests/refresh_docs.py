"""Writes the generated stretches of the documents anew: the help texts, the demo's output, the weak spots of the evidence; with `--picture` the picture of the page.

Run it as `python tests/refresh_docs.py`. A generated stretch stands between `<!-- generated: NAME -->` and `<!-- end -->`;
tests/test_docs.py compares each with what the program says today.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from offlimits.model import Entity
from offlimits.registry import Registry, load_registry

ROOT = Path(__file__).resolve().parents[1]
MARKED = re.compile(r"(?<=<!-- generated: )(?P<name>[a-z -]+)(?P<open> -->\n).*?(?=<!-- end -->)", re.DOTALL)
COMMANDS = (
    "", "screen", "collect", "explain", "compare", "measures", "diff", "decide", "funds", "funds index", "funds holders", "lists", "lists list", "lists update", "lists diff", "lists import",
    "registry", "registry check", "registry export", "registry pack", "registry install", "registry uninstall", "demo",
)  # fmt: skip
CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
SHOWN_LINES = 16


def say(*arguments: str, folder: Path | None = None) -> str:
    """What the installed script prints, 80 columns wide."""
    script = Path(sys.executable).with_name("offlimits")
    command = [str(script) if script.exists() else "offlimits", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env={**os.environ, "COLUMNS": "80"}, timeout=120, check=True)
    return done.stdout


def help_texts() -> str:
    """Every command's `--help` under a heading of its own."""
    parts = []
    for command in COMMANDS:
        text = "\n".join(line.rstrip() for line in say(*command.split(), "--help").rstrip().splitlines())
        parts.append(f"### offlimits {command}".rstrip() + f"\n\n```text\n{text}\n```\n")
    return "\n" + "\n".join(parts) + "\n"


def demo_output() -> str:
    """The demo's output as the README shows it: the beginning, and everything after the findings."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [line.rstrip() for line in say("demo", folder=Path(folder)).rstrip().splitlines()]
    rest = next(number for number, line in enumerate(lines) if line.startswith("What binds you"))
    left_out = rest - SHOWN_LINES - 1
    shown = [*lines[:SHOWN_LINES], f"[{left_out} lines of output are left out here]", "", *lines[rest:]]
    return "```text\n$ offlimits demo\n" + "\n".join(shown) + "\n```\n"


def without_hash(text: str) -> str:
    """A text without the registry's hash, which every change of the evidence changes."""
    return re.sub(r"\([0-9a-f]{12}\)", "(…)", text)


def weak_spots() -> str:
    """What the registry itself says is doubtful."""
    registry = load_registry()
    sections = (
        ("Measures known only from reports", _reported(registry)),
        ("Times for which nobody could show whether a measure held", _doubts(registry)),
        ("Ties that are disputed", _ties(registry, "disputed")),
        ("Ties of which a part is uncertain", _ties(registry, "uncertain")),
    )
    return "\n" + "\n".join(f"### {title}\n\n" + "\n".join(lines) + "\n" for title, lines in sections)


def _reported(registry: Registry) -> Iterator[str]:
    for measure in registry.data.measures:
        if all(source.cls != "primary" for source in measure.evidence):
            publishers = ", ".join(sorted({source.publisher for source in measure.evidence}))
            yield f"- `{measure.id}`: {measure.title} (reported by {publishers}). {measure.no_primary}".rstrip()


def _doubts(registry: Registry) -> Iterator[str]:
    for measure in registry.data.measures:
        for doubt in measure.doubts:
            until = f" until {doubt.until}" if doubt.until else ""
            yield f"- `{measure.id}`, from {doubt.since}{until}: {doubt.why}"


def _ties(registry: Registry, field: str) -> Iterator[str]:
    for entity in registry.data.entities:
        for link in entity.links:
            if why := getattr(link, field):
                yield f"- {_name(entity)}: {link.relation} of {_name(registry.entities[link.of])}: {why}"


def _name(entity: Entity) -> str:
    return f"{entity.name} (`{entity.id}`)"


GENERATED: dict[str, Callable[[], str]] = {"help": help_texts, "demo": demo_output, "weak spots": weak_spots}


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md"), *(ROOT / "bench").rglob("*.md")])


def refreshed(text: str) -> str:
    """A document with its generated stretches written anew."""
    return MARKED.sub(lambda found: found["name"] + found["open"] + GENERATED[found["name"]](), text)


def browser() -> str | None:
    """Chromium, by whichever name it is installed."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def take_picture(target: Path) -> None:
    """The first screens of the demo's page, as Chromium draws them."""
    program = browser()
    if program is None:
        sys.exit("no Chromium here: the picture stays as it is")
    with tempfile.TemporaryDirectory() as folder:
        say("demo", folder=Path(folder))
        page = Path(folder) / "offlimits-demo" / "report.html"
        options = [f"--user-data-dir={folder}/profile", "--window-size=1280,1600", f"--screenshot={target}"]
        subprocess.run([program, *CHROMIUM, *options, page.as_uri()], check=True, capture_output=True, timeout=120)


def main() -> None:
    """Refresh every document in place; with `--picture` the picture too."""
    for path in documents():
        before = path.read_text(encoding="utf-8")
        after = refreshed(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"refreshed {path.relative_to(ROOT)}")
    if "--picture" in sys.argv:
        take_picture(ROOT / "docs" / "images" / "report.png")


if __name__ == "__main__":
    main()
