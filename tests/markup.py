"""HTML pages taken apart, for tests of the report and of the site."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</style></title><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "invoice\u202egnp.exe",
    "null\x00byte \x1b[31m",
    "half \ud800 of a character",
]
"""Texts that would do harm where they are not escaped."""


class Page(HTMLParser):
    """The page taken apart: tags, attributes, ids, visible words; a wrongly nested tag fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.pieces: list[str] = []
        self.feed(text)
        self.close()
        self.words = " ".join(self.pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, key, value or "") for key, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.pieces.append(data)

    def values(self, name: str) -> list[str]:
        """The values of one attribute wherever it stands."""
        return [value for _, key, value in self.attributes if key == name]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(css: str, pair: str, scheme: int) -> float:
    """The contrast of two colours of a style sheet by their names (`ink/paper`), in its light (0) or dark (1) palette (WCAG 2.2)."""
    palette = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", re.findall(r":root \{(.*?)\}", css, re.DOTALL)[scheme]))
    lighter, darker = sorted((luminance(palette[name]) for name in pair.split("/")), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
