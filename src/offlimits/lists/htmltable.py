"""Lists published as a table inside a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

CELLS = ("td", "th", "ent")


def html_rows(content: bytes) -> list[tuple[list[str], int]]:
    """Every row of every table in HTML or XML (UTF-8): the text of its cells, blanks squeezed, and its line. Nothing is fetched."""
    try:
        tree: Any = etree.fromstring(content, etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    found: Iterator[Any] = tree.iter("tr", "row") if tree is not None else iter(())
    return [([_text(cell) for cell in row.iterchildren(*CELLS)], int(row.sourceline or 1)) for row in found]


def _text(cell: Any) -> str:
    """What a cell says, its tags left out."""
    text = "".join(cell.itertext()) if len(cell) else cell.text
    return " ".join(text.split()) if text else ""
