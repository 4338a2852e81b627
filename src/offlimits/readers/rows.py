"""A row of a table as an entry: what it mentions, how much, when, whose."""

from __future__ import annotations

import re

from offlimits.dates import read_date
from offlimits.model import CLUES, HEARSAY, MENTIONED, ColumnKind, Entry, Mention
from offlimits.readers.base import Rows, Table, place_of
from offlimits.readers.columns import letters
from offlimits.text import is_whole

SYMBOLS = {"£": "GBP", "€": "EUR", "$": "USD"}
SEVERAL = frozenset({*CLUES, *HEARSAY, "called", "product-code", "serial"})
MOST_ANSWER = 300
MONEY = re.compile(r"[^\d.,()-]")


def searched_columns(table: Table) -> list[int]:
    """Numbers of the columns that a matcher looks at."""
    return [column.index for column in table.columns if column.kind in MENTIONED]


def market_tickers(batch: Rows) -> list[str]:
    """Of each row the ticker with the exchange of its own column, blank without one; empty where no row stands in a known market."""
    if not _names_market(batch):
        return []
    return ["".join(mention.text for mention in market_ticker(batch.table, row)) for row in batch.rows]


def _names_market(batch: Rows) -> bool:
    """Whether any row stands in a market whose tickers are known."""
    columns = [column.index for column in batch.table.columns if column.kind == "exchange"]
    markets = {market for index in columns for market in set(batch.columns[index])}
    return any(words in market.casefold() for market in markets for words, _, _ in EXCHANGES)


def entry_of(table: Table, row: list[str], position: int) -> Entry:
    """One row as an entry. Cells beyond the header are text too: a row that is too long may hide what matters."""
    mentions = [
        Mention(field=column.name, kind=column.kind, text=text)
        for column in table.columns
        if column.kind in MENTIONED and column.index < len(row) and row[column.index].strip()
        for text in texts_of(column.kind, row[column.index] if column.kind != "text" else _answered(row, column.index))
    ]
    mentions += market_ticker(table, row)
    extra = range(len(table.columns), len(row))
    mentions += [Mention(field=f"column {letters(index)}", kind="text", text=row[index]) for index in extra if row[index].strip()]
    amount = _first(table, row, "amount")
    return Entry(
        place=place_of(table, position),
        channel=table.channel,
        mentions=tuple(mentions),
        amount=read_amount(amount),
        currency=_first(table, row, "currency") or _currency(amount, table),
        quantity=_first(table, row, "quantity"),
        on=read_date(_first(table, row, "date")),
        body=_first(table, row, "body"),
        supplier=_first(table, row, "name"),
        device=_first(table, row, "device"),
        site=_first(table, row, "place"),
    )


EXCHANGES: tuple[tuple[str, str, int], ...] = (
    ("shenzhen", "SZ", 6), ("xshe", "SZ", 6), ("shanghai", "SS", 6), ("xshg", "SS", 6),
    ("hong kong", "HK", 4), ("xhkg", "HK", 4), ("hkex", "HK", 4),
)  # fmt: skip
"""Words of an exchange's name (or its market identifier code, ISO 10383), the suffix of its tickers, their length with leading zeros."""


def market_ticker(table: Table, row: list[str]) -> list[Mention]:
    """A bare number of a ticker with the exchange of its own column: `763` on Hong Kong is `0763.HK`. Without the exchange it is none."""
    columns = {column.kind: column for column in reversed(table.columns) if column.kind in ("ticker", "exchange")}
    if len(columns) < 2:
        return []
    ticker, exchange = row[columns["ticker"].index].strip(), row[columns["exchange"].index].casefold()
    for words, suffix, width in EXCHANGES:
        if is_whole(ticker) and words in exchange:
            return [Mention(field=columns["ticker"].name, kind="ticker", text=f"{ticker.zfill(width)}.{suffix}")]
    return []


def texts_of(kind: ColumnKind, cell: str) -> list[str]:
    """A cell as the texts in it: of clues, and of hosts called, there may be several, one a line."""
    return [line for line in cell.split("\n") if line.strip()] if kind in SEVERAL and "\n" in cell else [cell]


def _answered(row: list[str], index: int) -> str:
    """A cell; where it is a question, with the answer in the next cell that holds something: `Do you use …?` says nothing by itself."""
    text = row[index]
    if not text.endswith("?"):
        return text
    answer = next((cell.strip() for cell in row[index + 1 :] if cell.strip()), "")
    return text if len(answer) > MOST_ANSWER or answer.endswith("?") else f"{text} {answer}".strip()


def _first(table: Table, row: list[str], kind: ColumnKind) -> str:
    return next(
        (text for column in table.columns if column.kind == kind and column.index < len(row) and (text := row[column.index].strip())), ""
    )


def _currency(amount: str, table: Table) -> str:
    """The currency a cell or the amount's own header says; nothing is guessed."""
    header = next((column.name for column in table.columns if column.kind == "amount"), "")
    return currency_of(amount) or currency_of(header)


def currency_of(text: str) -> str:
    """The currency that a cell or a header names; empty where it names none."""
    for symbol, code in SYMBOLS.items():
        if symbol in text:
            return code
    found = re.search(r"(?<![A-Z])(GBP|EUR|USD|CAD|AUD|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CNY|HKD)(?![A-Z])", text.upper())
    return found[1] if found else ""


def read_amount(text: str) -> str:
    """Money as a decimal string: `£1,234.50` → `1234.50`, `1.234,50 €` → `1234.50`, `(12)` → `-12`. Empty when it is no number."""
    digits = MONEY.sub("", text)
    negative = digits.startswith("(") or digits.startswith("-") or digits.endswith("-")
    digits = digits.strip("()-")
    if "," in digits and digits.rfind(",") > digits.rfind(".") and len(digits) - digits.rfind(",") != 4:
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    if not re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", digits):
        return ""
    return ("-" if negative else "") + digits
