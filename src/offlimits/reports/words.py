"""Words, dates and addresses as pages show them: the same in a report and on the site."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from offlimits.model import MeasureKind

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

KINDS: dict[MeasureKind, str] = {
    "procurement-ban": "ban on buying",
    "use-ban": "ban on use",
    "equipment-authorisation": "no authorisation of equipment",
    "export-control": "export control",
    "investment-ban": "ban on investment",
    "import-ban": "ban on import",
    "asset-freeze": "asset freeze",
    "closure-order": "order to close",
    "naming": "naming",
    "voluntary-exclusion": "voluntary exclusion",
    "proposed": "proposed, not law",
    "court-limit": "limited by a court",
    "research-funding-bar": "bar on research funding",
}
CLASSES = {
    "primary": "publisher’s own record",
    "maker": "company’s own words",
    "technical": "technical",
    "press": "press or law firm",
    "community": "community",
}
JURISDICTIONS = {"GB": "United Kingdom", "UK": "United Kingdom", "US": "United States", "CA": "Canada", "AU": "Australia"} | {
    "EU": "European Union", "NZ": "New Zealand", "JP": "Japan", "TW": "Taiwan", "IN": "India", "NO": "Norway", "DK": "Denmark",
    "NL": "Netherlands", "DE": "Germany", "FR": "France", "SE": "Sweden", "IE": "Ireland", "KR": "South Korea", "CN": "China",
    "CZ": "Czechia", "EE": "Estonia", "IT": "Italy", "LT": "Lithuania", "LV": "Latvia", "PL": "Poland", "RO": "Romania", "UA": "Ukraine",
    "ES": "Spain", "PT": "Portugal", "BE": "Belgium", "CH": "Switzerland", "AT": "Austria", "FI": "Finland", "IL": "Israel",
    "HK": "Hong Kong", "UN": "United Nations", "INTL": "Funds, indexes, universities, associations",
}  # fmt: skip
"""Names of the codes that the evidence uses for whoever acts: ISO 3166, `UK`, `EU`, `INTL`."""

US_STATES = {
    "AK": "Alaska", "AL": "Alabama", "AR": "Arkansas", "AZ": "Arizona", "CA": "California", "CO": "Colorado", "CT": "Connecticut",
    "DC": "District of Columbia", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "IA": "Iowa", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "MA": "Massachusetts", "MD": "Maryland",
    "ME": "Maine", "MI": "Michigan", "MN": "Minnesota", "MO": "Missouri", "MS": "Mississippi", "MT": "Montana", "NC": "North Carolina",
    "ND": "North Dakota", "NE": "Nebraska", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada",
    "NY": "New York", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VA": "Virginia", "VT": "Vermont",
    "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia", "WY": "Wyoming",
}  # fmt: skip
CA_PROVINCES = {
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick", "NL": "Newfoundland and Labrador",
    "NS": "Nova Scotia", "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec", "SK": "Saskatchewan",
}  # fmt: skip
STATES = {f"US-{code}": name for code, name in US_STATES.items()} | {f"CA-{code}": name for code, name in CA_PROVINCES.items()}
"""Names of states and provinces by ISO 3166-2."""

HIDDEN = {code: f"[U+{code:04X}]" for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}
HIDDEN |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
for _plain in "\t\n\r":
    del HIDDEN[ord(_plain)]
"""Control characters, overrides of the reading direction and broken halves of characters, and what is shown in their place."""


def jurisdiction(code: str) -> str:
    """The name of a jurisdiction: `United States`, `Texas`; the code itself where it is not known."""
    return JURISDICTIONS.get(code) or STATES.get(code, code)


def visible(value: Any) -> Any:
    """The same value; in a text, characters that would hide or turn round what stands there are spelled out."""
    return value.translate(HIDDEN) if isinstance(value, str) else value


def day(on: date | None) -> Markup:
    """A date as people write it, with the machine's form beside it; nothing for no date."""
    if on is None:
        return Markup("")
    return Markup('<time datetime="{}">{}&nbsp;{}&nbsp;{}</time>').format(on.isoformat(), on.day, MONTHS[on.month - 1], on.year)


def number(count: int) -> str:
    """A count with commas."""
    return f"{count:,}"


def link(url: str) -> str:
    """`url` where it is an http(s) address without blanks or hidden characters, else nothing: then it is shown as words only."""
    if visible(url) != url or re.search(r"\s", url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def slug(text: str) -> str:
    """`text` as a fragment name: anything but letters, digits, `.`, `_` and `-` is written as its code point."""
    return re.sub(r"[^A-Za-z0-9._-]", lambda found: f"~{ord(found.group()):x}", text)
