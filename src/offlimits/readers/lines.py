"""Lines of a text one by one, with their numbers: blank ones are counted together, those that are too long are rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from offlimits.errors import DamagedSource
from offlimits.model import Place, Reject
from offlimits.readers.base import Event, Progress, Skipped
from offlimits.readers.opened import MAX_LINE, line_blocks, lines_of

LINE_ENDS = re.compile(rb"(?:\r?\n)*+")
Item = tuple[int, str] | Event
"""A line with its number, or what became of lines that say nothing."""


def numbered_lines(path: Path) -> Iterator[Item]:
    """Every line that may say something, as text; raises as `line_blocks`, but where packed bytes break off: that is a reject.

    A file of nothing but line ends costs hardly more than reading it: blank lines are told once a block.
    """
    number = 0
    blocks = line_blocks(path)
    while True:
        try:
            block = next(blocks)
        except StopIteration:
            return
        except DamagedSource as error:
            yield Reject(place=Place(line=number + 1), code="cut-short", reason=error.message)
            return
        ends = LINE_ENDS.match(block)
        start = ends.end() if ends else 0
        number += (blank := block.count(b"\n", 0, start))
        for line in lines_of(block[start:]):
            number += 1
            if not line or line.isspace():
                blank += 1
            elif is_too_long(line):
                yield too_long(number, line)
            else:
                yield number, line.decode("utf-8", "replace")
        if blank:
            yield Skipped(reason="blank", count=blank)
        yield Progress(size_bytes=len(block))


def is_too_long(line: bytes) -> bool:
    """Whether a line was cut by `line_blocks`: nobody knows what stood in the rest of it."""
    return len(line) > MAX_LINE


def too_long(number: int, line: bytes) -> Reject:
    """A line that was cut, as a reject."""
    reason = f"a line of more than {MAX_LINE:,} bytes"
    return Reject(place=Place(line=number), code="line-too-long", reason=reason, raw=line[:200].decode("utf-8", "replace"))


def unknown_line(number: int, line: str, kind: str) -> Reject:
    """A line that is none of such a file, as a reject."""
    return Reject(place=Place(line=number), code="unknown-line", reason=f"the line is none of {kind}", raw=line[:2000])
