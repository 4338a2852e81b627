"""Files that may be compressed, opened within bounds: blocks of bytes, and batches of lines."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from pathlib import Path

from offlimits.errors import DamagedSource, SourceTooLarge, UnreadableSource

GZIP = b"\x1f\x8b"
BLOCK = 1 << 22
MAX_RATIO = 300
"""A gzip stream that unpacks to more than so many times what was read of it, and to more than `FREE_BYTES`, is a bomb: logs and captures
shrink 5 to 30 times, and gzip itself ends at 1,032."""

FREE_BYTES = 1 << 28
MAX_LINE = 1 << 20
"""Longest line in bytes; the rest of a longer one is dropped, and the line ends in a NUL so that its reader rejects it."""

HINT = "check that the file is there and that you may read it"


def plain_head(head: bytes) -> bytes:
    """The head of a file as it is unpacked, at most a megabyte; empty where it does not unpack."""
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, 1 << 20)
    except zlib.error:
        return b""


def text_head(head: bytes) -> str:
    """The head of a text file, unpacked and decoded; what does not decode is replaced."""
    plain = plain_head(head)
    return plain.decode(encoding_of(plain), "replace").lstrip("\ufeff")


def encoding_of(head: bytes) -> str:
    """UTF-16 where its mark, or every second byte of an ASCII text, says so (`>` in PowerShell writes it); else UTF-8."""
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    even, odd = head[:16:2], head[1:16:2]
    if len(head) < 16 or all(even) == all(odd) or any(even) == any(odd):
        return "utf-8"
    return "utf-16-be" if any(odd) else "utf-16-le"


def blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """The file in blocks, unpacked where it is gzip (several members too).

    Raises `UnreadableSource`, `DamagedSource` where packed bytes are broken or cut off (after the blocks before), `SourceTooLarge` for a
    bomb.
    """
    try:
        with path.open("rb") as stream:
            first = stream.read(size)
            if first.startswith(GZIP):
                yield from _filled(_unpacked(first, iter(lambda: stream.read(size), b""), size), size)
                return
            while first:
                yield first
                first = stream.read(size)
    except OSError as error:
        raise UnreadableSource(str(error.strerror or error), HINT) from error


def _filled(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Pieces joined to blocks of at least this size, however small a file's members are; a fault comes after what was before it."""
    parts, waiting = list[bytes](), 0
    fault: DamagedSource | None = None
    while True:
        try:
            piece = next(pieces, b"")
        except DamagedSource as error:
            piece, fault = b"", error
        parts.append(piece)
        waiting += len(piece)
        if waiting >= size or (not piece and waiting):
            yield b"".join(parts)
            parts, waiting = [], 0
        if not piece:
            break
    if fault is not None:
        raise fault


def _unpacked(first: bytes, rest: Iterator[bytes], size: int) -> Iterator[bytes]:
    member, packed, plain = zlib.decompressobj(31), first, 0
    taken = len(first)
    try:
        while packed or member.unconsumed_tail:
            block = member.decompress(member.unconsumed_tail or packed, size)
            plain += len(block)
            if plain > FREE_BYTES and plain > MAX_RATIO * taken:
                raise SourceTooLarge(f"{taken:,} bytes unpack to more than {plain:,}", "if it is yours and sound, unpack it first")
            if block:
                yield block
            packed = b""
            if member.eof:
                packed = member.unused_data
                if packed.startswith(GZIP):
                    member = zlib.decompressobj(31)
                    continue
                if not packed.strip(b"\0"):
                    packed = b""
                    if not (more := next(rest, b"")):
                        return
                    packed, taken = more, taken + len(more)
                    if not packed.startswith(GZIP):
                        return
                    member = zlib.decompressobj(31)
                    continue
                return
            if not member.unconsumed_tail:
                packed = next(rest, b"")
                taken += len(packed)
    except zlib.error as error:
        raise DamagedSource(f"the file does not unpack: {error}", "copy it again from where it was made") from error
    if not member.eof:
        raise DamagedSource("the packed file ends before its end", "copy it again from where it was made")


def line_blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks of whole lines, the last perhaps without its end; UTF-16 is given as UTF-8, without a byte order mark at the
    start of any line (files put one behind another have several). A line too long is cut, with a NUL at its end.

    Raises as `blocks`; what came before a fault was handed out.
    """
    rest, decoder, started = b"", None, False
    dropping = False
    for block in blocks(path):
        if not started:
            started, encoding = True, encoding_of(block)
            decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding != "utf-8" else None
        text = decoder.decode(block).encode("utf-8", "replace") if decoder else block
        if dropping:
            _, ended, text = text.partition(b"\n")
            dropping = not ended
            rest += ended
        whole, ended, rest = (rest + text).rpartition(b"\n")
        if len(rest) > MAX_LINE:
            rest, dropping = rest[:MAX_LINE] + b"\0", True
        if whole or ended:
            yield _unmarked(whole + ended)
    if rest:
        yield _unmarked(rest)


def _unmarked(lines: bytes) -> bytes:
    """Whole lines without the byte order marks before them; the very same bytes where there are none."""
    mark = codecs.BOM_UTF8
    if mark[:1] not in lines:  # one byte is found faster than three
        return lines
    return lines.removeprefix(mark).replace(b"\n" + mark, b"\n")


def lines_of(block: bytes) -> list[bytes]:
    """The lines of a block, without their ends."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix(b"\r") if len(line) <= MAX_LINE else line[:MAX_LINE] + b"\0" for line in lines]


def line_batches(path: Path) -> Iterator[list[bytes]]:
    """The file's lines without their ends, in batches; as `line_blocks`."""
    return map(lines_of, line_blocks(path))
