"""Lists published as a table inside a page."""

from __future__ import annotations

from typing import Any

from lxml import etree, html


def html_rows(content: bytes) -> list[tuple[list[str], int]]:
    """Every row of every table in HTML or XML (UTF-8): the text of its cells, blanks squeezed, and its line. Nothing is fetched."""
    try:
        tree: Any = html.fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    return [
        ([" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th|./ent")], int(row.sourceline or 1))
        for row in tree.xpath("//tr|//row")
    ]
