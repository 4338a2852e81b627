"""XML as tables: one element, one row. Hardened: no entities, no document type read, no network, no huge trees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from offlimits.errors import DamagedSource, UnreadableSource
from offlimits.model import Column, ColumnKind
from offlimits.readers.base import Event, Heading, Progress, Rows, Table

BATCH = 2048
WHOLE = "ask for the file again; it is cut or was changed"


def columns_of(kinds: dict[str, ColumnKind]) -> tuple[Column, ...]:
    """Columns by name and kind, in order."""
    return tuple(Column(index=index, name=name, kind=kind) for index, (name, kind) in enumerate(kinds.items()))


def root_name(head: bytes) -> str:
    """The local name of the first element, from a file's first bytes; empty for what is no XML."""
    text = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith(b"<"):
        return ""
    found = re.search(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]", re.sub(rb"<!--.*?-->|<\?.*?\?>|<![^>]*>", b"", text, flags=re.S))
    return found[1].decode() if found else ""


def elements(path: Path, tag: str) -> Iterator[etree._Element]:
    """Every element of a local name, each emptied once the next is asked for. Raises `DamagedSource` where the XML is cut or broken."""
    try:
        with path.open("rb") as stream:
            yield from _elements(stream, tag)
    except etree.XMLSyntaxError as error:
        raise DamagedSource(f"the XML is broken: {error.msg}", WHOLE) from error
    except OSError as error:
        raise UnreadableSource(str(error.strerror or error), "check that the file is there and that you may read it") from error


def _elements(stream: BinaryIO, tag: str) -> Iterator[etree._Element]:
    _skip_blanks(stream)
    parsing = etree.iterparse(
        stream,
        tag=f"{{*}}{tag}",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    for _, element in parsing:
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _skip_blanks(stream: BinaryIO) -> None:
    """Go to the first character: filings have blanks before the declaration, which XML forbids."""
    head = stream.read(4096)
    stream.seek(len(head) - len(head.lstrip(b" \t\r\n")))


def read_table(
    path: Path,
    tag: str,
    table: Table,
    row_of: Callable[[etree._Element], list[str]],
    heading_of: Callable[[etree._Element], Heading],
    none: str,
) -> Iterator[Event]:
    """All elements as rows, in batches; what was read before a break stays. Raises `DamagedSource`, with `none` where there is none."""
    rows: list[list[str]] = []
    count = 0
    try:
        for element in elements(path, tag):
            if not count:
                yield heading_of(element)
                yield table
            count += 1
            rows.append(row_of(element))
            if len(rows) >= BATCH:
                yield Rows(table=table, rows=rows, places=range(count - len(rows) + 1, count + 1))
                rows = []
    except DamagedSource:
        if rows:
            yield Rows(table=table, rows=rows, places=range(count - len(rows) + 1, count + 1))
        raise
    if rows:
        yield Rows(table=table, rows=rows, places=range(count - len(rows) + 1, count + 1))
    yield Progress(size_bytes=path.stat().st_size)
    if not count:
        raise DamagedSource(none, WHOLE)


def local(tag: object) -> str:
    """An element's name without its namespace; empty for comments."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_at(element: etree._Element, *names: str) -> str:
    """The text of the first descendant reached by local names, child by child; empty where there is none."""
    here: etree._Element | None = element
    for name in names:
        here = next((child for child in here if local(child.tag) == name), None) if here is not None else None
    return (here.text or "").strip() if here is not None else ""
