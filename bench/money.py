"""Cost of money beside peers and the bare parser beneath: one run, medians, ratios, peak memory.

`OFFLIMITS_DATA=… OFFLIMITS_PEERS=…/bin/python uv run python bench/money.py [PART …]`, parts: nport csv through index (and asking it).
OFFLIMITS_PEERS is a Python that has scipy and edgartools (`uv venv peers && uv pip install --python peers scipy edgartools`); without it
their lines are left out and said. Everything but the N-PORT filing is made: random holdings with companies of ours planted.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from offlimits.aggregates.lookthrough import settle
from offlimits.readers.base import Options
from offlimits.readers.nport import NPort
from offlimits.registry import load_registry

DATA = Path(os.environ.get("OFFLIMITS_DATA") or "data")
PEERS = os.environ.get("OFFLIMITS_PEERS", "")
FILING = DATA / "money" / "nport_edgartools" / "NPORT_Sample_7.xml"
REPEATS = 7
ROWS = 500_000
FUNDS, EDGES, SECURITIES, HELD, TARGETS = 15_000, 45_000, 100_000, 300, 60
INDEXED, LINES = int(os.environ.get("OFFLIMITS_FUNDS", "12000")), 500


def once(work: Callable[[], Any]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(*works: Callable[[], Any], repeats: int = REPEATS) -> list[float]:
    """Median seconds of each, taken in turns so that a busy machine burdens all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for number, work in enumerate(works):
            times[number].append(once(work))
    return [statistics.median(each) for each in times]


def say(what: str, ours: float, other: float, name: str, wanted: str) -> None:
    """One line: ours, the other, how many times slower the other is."""
    print(f"{what:<34} ours {ours:8.3f} s   {name} {other:8.3f} s   {other / ours:6.2f} × ours   (wanted: {wanted})", flush=True)


def peer(code: str, *arguments: str) -> float | None:
    """Seconds that the peer's Python prints; None without it."""
    if not PEERS:
        print("  OFFLIMITS_PEERS is not set: no peer beside this")
        return None
    done = subprocess.run([PEERS, "-c", code, *arguments], capture_output=True, text=True, timeout=600)
    if done.returncode:
        print(f"  the peer failed: {done.stderr.strip().splitlines()[-1:]}")
        return None
    return float(done.stdout.split()[-1])


# --- parts --------------------------------------------------------------------------------------


def bare_filing() -> None:
    """lxml, one pass over the investments, nothing read out of them."""
    with FILING.open("rb") as stream:
        for _, element in etree.iterparse(stream, tag="{*}invstOrSec"):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


EDGAR = """
import sys, time, statistics
from edgar.funds.reports import FundReport
text, times = open(sys.argv[1]).read().strip(), []
for _ in range(5):
    start = time.perf_counter(); FundReport(**FundReport.parse_fund_xml(text)); times.append(time.perf_counter() - start)
print(statistics.median(times))
"""


def nport(_: Path) -> None:
    """The real filing of 1,685 positions."""
    ours, bare = medians(lambda: list(NPort().read(FILING, Options())), bare_filing, repeats=15)
    say("N-PORT, 1,685 positions", ours, bare, "lxml", "≥ 0.60")
    if (other := peer(EDGAR, str(FILING))) is not None:
        say("N-PORT, 1,685 positions", ours, other, "edgartools", "≥ 4")


NAMES = [
    "TAIWAN SEMICONDUCTOR",
    "TENCENT HOLDINGS LTD",
    "SAMSUNG ELECTRONICS",
    "RELIANCE INDUSTRIES LTD",
    "NASPERS LIMITED N LTD",
    "INFOSYS LTD",
]
OURS = [("HANGZHOU HIKVISION DIGITAL TECHNOL", "CNE100000PM8"), ("ZTE CORP H", "CNE1000004Y2"), ("IFLYTEK LTD A", "CNE100000B81")]


def holdings_csv(folder: Path) -> None:
    """500,000 rows of a provider's sheet."""
    from offlimits.measures import read_profile
    from offlimits.screening import Compiled, Settings, plan, screen_part

    path, rng = folder / "holdings.csv", random.Random(1)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["Ticker", "Name", "Asset Class", "Weight (%)", "Price", "Shares", "Market Value", "SEDOL", "ISIN", "Exchange", "Location"]
        )
        for number in range(ROWS):
            name, isin = OURS[number % 3] if number % 1000 == 0 else (f"{rng.choice(NAMES)} {number}", f"XX{number:010d}")
            value = f"{rng.random() * 1e7:,.2f}"
            writer.writerow(
                [
                    number,
                    name,
                    "Equity",
                    "0.01",
                    f"{rng.random() * 90:.2f}",
                    number,
                    value,
                    f"S{number:06d}",
                    isin,
                    "Stock Exchange",
                    "China",
                ]
            )
    from datetime import date

    compiled, settings = Compiled(load_registry()), Settings(as_of=date(2026, 11, 23), profile=read_profile("neutral"))
    part = plan([path])[0]

    def bare() -> None:
        with path.open(newline="") as stream:
            for _ in csv.reader(stream):
                pass

    ours, other = medians(lambda: screen_part(part, compiled, settings), bare, repeats=3)
    say(f"holdings CSV, {ROWS:,} rows", ours, other, "csv", "≥ 0.20, within 5 ×")


SPSOLVE = """
import sys, time, json, numpy as np, scipy.sparse as sp, scipy.sparse.linalg as sl
n, edges, targets = json.load(open(sys.argv[1]))
a, b, w = (np.array(x) for x in zip(*edges)); f, c, v = (np.array(x) for x in zip(*targets))
W = sp.csr_array((w, (a, b)), shape=(n, n)); B = sp.csr_array((v, (f, c)), shape=(n, 60)); s = np.zeros(n); s[:50] = 1e6
start = time.perf_counter(); x = sl.spsolve(sp.identity(n, format="csc") - sp.csc_array(W.T), s); y = x @ B; seconds = time.perf_counter() - start
json.dump(list(map(float, y)), open(sys.argv[2], "w")); print(seconds)
"""


def through(folder: Path) -> None:
    """15,000 funds that hold each other in rings, 300 of 100,000 securities each, 60 of these companies kept apart."""
    rng = random.Random(0)
    edges = [(rng.randrange(FUNDS), rng.randrange(FUNDS), rng.random() * 0.15) for _ in range(EDGES)]
    picked = ((fund, rng.randrange(SECURITIES)) for fund in range(FUNDS) for _ in range(HELD))
    targets = [(fund, security, 0.5 / HELD) for fund, security in picked if security < TARGETS]
    (folder / "graph.json").write_text(json.dumps([FUNDS, edges, targets]))
    parts: dict[int, list[tuple[int, Decimal]]] = {}
    for a, b, part in edges:
        parts.setdefault(a, []).append((b, Decimal(repr(part))))
    found: dict[int, Decimal] = {}

    def ours() -> None:
        held, _ = settle(parts, {fund: Decimal(10**6) for fund in range(50)})
        found.clear()
        for fund, company, part in targets:
            if amount := held.get(fund):
                found[company] = found.get(company, Decimal(0)) + amount * Decimal(repr(part))

    (seconds,) = medians(ours, repeats=3)
    print(f"look-through, {FUNDS:,} funds, {len(targets):,} lines of {TARGETS} companies: ours {seconds:.3f} s")
    if (other := peer(SPSOLVE, str(folder / "graph.json"), str(folder / "answer.json"))) is not None:
        say("look-through with rings", seconds, other, "spsolve", "≥ 50")
        answer = json.loads((folder / "answer.json").read_text())
        print(
            f"  largest difference: {max(abs(float(found.get(number, 0)) - value) for number, value in enumerate(answer)):.2e} of 50,000,000"
        )


HOLDING = [
    "ACCESSION_NUMBER",
    "HOLDING_ID",
    "ISSUER_NAME",
    "ISSUER_LEI",
    "ISSUER_TITLE",
    "ISSUER_CUSIP",
    "BALANCE",
    "UNIT",
    "OTHER_UNIT_DESC",
    "CURRENCY_CODE",
    "CURRENCY_VALUE",
    "EXCHANGE_RATE",
    "PERCENTAGE",
    "PAYOFF_PROFILE",
    "ASSET_CAT",
    "OTHER_ASSET",
    "ISSUER_TYPE",
    "OTHER_ISSUER",
    "INVESTMENT_COUNTRY",
    "IS_RESTRICTED_SECURITY",
    "FAIR_VALUE_LEVEL",
    "DERIVATIVE_CAT",
]


def quarter(folder: Path) -> Path:
    """A made quarter: `INDEXED` funds of `LINES` holdings, in the SEC's tables."""
    folder.mkdir()
    rng = random.Random(2)
    names = [f"{rng.choice(NAMES)} {number}" for number in range(20_000)]

    def table(name: str, header: Sequence[str]) -> Any:
        stream = (folder / name).open("w")
        stream.write("\t".join(header) + "\n")
        return stream

    with (
        table("SUBMISSION.tsv", ["ACCESSION_NUMBER", "REPORT_DATE"]) as submission,
        table("REGISTRANT.tsv", ["ACCESSION_NUMBER", "REGISTRANT_NAME"]) as registrant,
        table("FUND_REPORTED_INFO.tsv", ["ACCESSION_NUMBER", "SERIES_NAME", "SERIES_ID", "NET_ASSETS"]) as info,
        table("FUND_REPORTED_HOLDING.tsv", HOLDING) as holding,
        table("IDENTIFIERS.tsv", ["HOLDING_ID", "IDENTIFIERS_ID", "IDENTIFIER_ISIN", "IDENTIFIER_TICKER"]) as identifiers,
    ):
        number = 0
        for fund in range(INDEXED):
            accession = f"0001234567-26-{fund:06d}"
            submission.write(f"{accession}\t31-MAR-2026\n")
            registrant.write(f"{accession}\tMade Up Trust {fund % 300}\n")
            info.write(f"{accession}\tMade Up Fund {fund}\tS{fund:09d}\t1000000000.00\n")
            for line in range(LINES):
                number += 1
                ours = OURS[line] if fund % 12 == 0 and line < 3 else None
                name = ours[0] if ours else names[rng.randrange(20_000)]
                isin = ours[1] if ours else f"XX{number:010d}"
                value, kind = f"{rng.random() * 1e6:.2f}", "RF" if line == 9 and fund % 20 == 0 else "CORP"
                holding.write(
                    f"{accession}\t{number}\t{name}\t549300{number:014d}\t{name}\t{number:09d}\t1000.00\tNS\t\tUSD\t{value}\t\t0.2\tLong\tEC\t\t{kind}\t\tCN\tN\t1\t\n"
                )
                identifiers.write(f"{number}\t{number}\t{isin}\t\n")
    return folder


BARE = """
import csv, sys, time
start = time.perf_counter()
for path in sys.argv[1:]:
    with open(path, newline="", encoding="utf-8") as stream:
        for row in csv.reader(stream, delimiter="\\t", quoting=csv.QUOTE_NONE):
            pass
print(time.perf_counter() - start)
"""
INDEX = """
import resource, sys, time
from pathlib import Path
from offlimits.indexing import build_index, encode_index
from offlimits.registry import load_registry
registry = load_registry()
start = time.perf_counter()
index = build_index([sys.argv[1]], registry)
Path(sys.argv[2]).write_bytes(encode_index(index))
seconds = time.perf_counter() - start
print(len(index.funds), sum(bool(fund.holdings) for fund in index.funds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, seconds)
"""
BETWEEN = "import subprocess, sys; subprocess.run(sys.argv[1:], check=True)"
"""A small process between ours and the measured one, which would otherwise start with the peak of ours."""


def index(folder: Path) -> None:
    """A made quarter indexed, beside csv reading the same tables and doing nothing; then asked, beside the start of bare Python."""
    made, kept = quarter(folder / "quarter"), folder / "index.json"
    tables = sorted(map(str, made.glob("*.tsv")))
    size = sum(Path(path).stat().st_size for path in tables)
    done = subprocess.run(
        [sys.executable, "-c", BETWEEN, sys.executable, "-c", INDEX, str(made), str(kept)], capture_output=True, text=True, check=True
    )
    bare = subprocess.run([sys.executable, "-c", BARE, *tables], capture_output=True, text=True, check=True)
    funds, held, peak, seconds = done.stdout.split()
    say(f"index of {INDEXED:,} × {LINES}, {size / 1e6:,.0f} MB", float(seconds), float(bare.stdout), "csv", "≥ 0.33, within 3 ×")
    print(
        f"  {funds} funds, {held} with companies of ours; peak {int(peak) / 1e6:.2f} GB (wanted: ≤ 1 GB); index {kept.stat().st_size / 1e6:.1f} MB"
    )
    ask(kept)


def ask(kept: Path) -> None:
    """One question to the index, through the installed script."""
    script = str(Path(sys.executable).with_name("offlimits"))
    ours, bare = medians(
        lambda: subprocess.run([script, "funds", "holders", str(kept), "Hikvision"], capture_output=True, check=True),
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        repeats=11,
    )
    print(
        f"asking it                          ours {ours:8.3f} s   bare Python {bare:8.3f} s   {ours / bare:6.1f} × its start   (wanted: ≤ 15)"
    )


PARTS: dict[str, Callable[[Path], None]] = {"nport": nport, "csv": holdings_csv, "through": through, "index": index}


def main() -> None:
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            PARTS[name](Path(folder))
    print(f"peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
