"""Holdings sheets as providers of funds write them: made by us after their published forms, with companies of ours among the lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Runner, check_conserved

HIKVISION = "HANGZHOU HIKVISION DIGITAL TECHNOL"
SHEETS = {
    "spdr": (
        "Fund Name:,Made Up Emerging Markets ETF,,,,,,\nTicker Symbol:,MUEM,,,,,,\nHoldings:,As of 28-Feb-2025,,,,,,\n\n"
        "Name,Ticker,Identifier,SEDOL,Weight,Sector,Shares Held,Local Currency\nSOMEBODY ELSE,700-HK,BMMV2K8,BMMV2K8,89.9,-,6000000.000,HKD\n"
        "ZTE CORP-H,763-HK,B04KP88,B04KP88,0.10,-,100000,HKD\nUS DOLLAR,-,-,-,10.0,Unassigned,200,USD\n",
        "2025-02-28", "%", "100.00", {"zte": "0.10"},
    ),
    "invesco": (
        "Fund Ticker,Security Identifier,Holding Ticker,Shares/Par Value,MarketValue,Weight,Name,Class of Shares,Sector,Date\n"
        'MUP,Y0004F105,763 HK,"188,128.00","1,217,200.28",0.86,ZTE Corp,Class H,Information Technology,02/28/2025\n'
        'MUP,X0,ELSE,1,"98,782,799.72",99.14,Somebody Else,Common Stock,Other,02/28/2025\n',
        "2025-02-28", "", "100000000.00", {"zte": "1217200.28"},
    ),
    "vanguard": (
        ",,Made Up Stock Index Fund\n\nAs of 28 Feb 2025\n,SEDOL,HOLDINGS,TICKER,% OF FUND,SECTOR,COUNTRY,SHARES,MARKET VALUE\n"
        ',BMMV2K8,Somebody Else Ltd.,700,99 %,Technology,CN,"33,000","$99,000,000.00"\n'
        ',BD5CPL3,Hangzhou Hikvision Digital Technology Co. Ltd. Class A,002415,1 %,Technology,CN,"33,000","$1,000,000.00"\n',
        "2025-02-28", "USD", "100000000.00", {"hikvision": "1000000.00"},
    ),
    "vanguard-uk": (
        "Holding name,Ticker,% of market value,Sector,Region,Market value,Shares\n"
        'Hangzhou Hikvision Digital Technology Co. Ltd.,002415,0.04550%,Technology,CN,"£1,143,222.33","300,000"\n'
        'Somebody Else,OTH,99.9545%,Tech,US,"£11,143,222.33","300,000"\n',
        "None", "GBP", "12286444.66", {"hikvision": "1143222.33"},
    ),
    "xtrackers": (
        "Name;ISIN;Country;Currency;Exchange;Type of Security;Rating;Primary Listing;Industry Classification;Weighting\n"
        "SOMEBODY ELSE;KYG875721634;China;HKD;HONG KONG;Equity;-;-;Communication;99,50%\n"
        f"{HIKVISION};CNE100000PM8;China;CNY;SHENZHEN;Equity;-;-;Information Technology;0,50%\n",
        "None", "%", "100.00", {"hikvision": "0.50"},
    ),
    "amundi": (
        "ISIN Code;Name;Asset class;Currency;Weight;Sector;Country\nKYG875721634;SOMEBODY ELSE;EQUITY;HKD;99,50%;Communication;China\n"
        "CNE1000004Y2;ZTE CORP-H;EQUITY;CNY;0,50%;Tech;China\n",
        "None", "%", "100.00", {"zte": "0.50"},
    ),
    "ishares-de": (
        'Fondsposition per,"31.Okt.2021"\n\n'
        "Emittententicker,Name,Sektor,Anlageklasse,Marktwert,Gewichtung (%),Nominalwert,Nominale,ISIN,Kurs,Standort,Börse,Marktwährung\n"
        f'"002415","{HIKVISION}","IT","Aktien","1.234.567,89","1,00","1.234.567,89","100.000,00","CNE100000PM8","50,1","China","Shenzhen Stock Exchange","CNY"\n'
        '"ELSE","SOMEBODY ELSE","IT","Aktien","98.765.432,11","99,00","98.765.432,11","1,00","KYG875721634","5,1","China","Hong Kong","HKD"\n',
        "2021-10-31", "", "100000000.00", {"hikvision": "1234567.89"},
    ),
    "base-values": (
        "Security Name,Security Type,ISIN,SEDOL,Country,Currency,Units Held,Market Value (Base),% Weight\n"
        "Hangzhou Hikvision Dig-A,Equity,CNE100000PM8,BD5CPL3,China,CNY,100,2500.00,1.0\nSomebody Else,Equity,KYG875721634,2046251,US,USD,10,247500.00,99.0\n",
        "None", "", "250000.00", {"hikvision": "2500.00"},
    ),
    "sub-asset-class": (
        "Constituent Name;Sedol Code;ISIN;Sub Asset Class;Country;Local Currency;Weight in %\n"
        "HIKVISION A;BD5CPL3;CNE100000PM8;Equity;CN;CNY;0.5\nSOMEBODY;;KYG875721634;Equity;US;USD;99.5\n",
        "None", "%", "100.00", {"hikvision": "0.50"},
    ),
    "weight-in-index": (
        "Instrument,ISIN,Type of Asset,Currency,Weight in Index,Quantity\nHIKVISION A,CNE100000PM8,Equity,CNY,0.5,100\nSOMEBODY,KYG875721634,Equity,USD,99.5,200\n",
        "None", "%", "100.00", {"hikvision": "0.50"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_provider(run: Runner, put: Callable[..., Path], name: str) -> None:
    """One list is one portfolio: its day, its currency, its whole, and what of it is ours; nothing opaque, nothing unclear."""
    text, on, currency, total, wanted = SHEETS[name]
    report = run(put(f"{name}.csv", text))
    check_conserved(report)
    assert report.aggregates.funds is not None
    (portfolio,) = report.aggregates.funds.portfolios
    assert (str(portfolio.on), portfolio.currency, portfolio.total) == (on, currency, total)
    assert {item.group: item.net for item in portfolio.companies} == wanted
    assert (portfolio.opaque, portfolio.unclear) == ("0.00", "0.00")
    assert {finding.channel for finding in report.findings} == {"own"}


def fund(rows: list[tuple[str, str, str, str]], weights: bool = True) -> str:
    """A fund's list with the currency of each line: ISIN, currency, value, weight."""
    head = "Name,ISIN,Currency,Market Value" + (",Weight (%)" if weights else "")
    return "\n".join([head, *(",".join([isin, isin, *row[: 2 + weights]]) for isin, *row in rows)]) + "\n"


LINES = [
    ("CNE100000PM8", "CNY", "1000.00", "1.0"),
    ("KYG875721634", "HKD", "49000.00", "49.0"),
    ("US5949181045", "USD", "50000.00", "50.0"),
]
LOCAL = [
    ("CNE100000PM8", "CNY", "7200.00", "1.0"),
    ("KYG875721634", "HKD", "382200.00", "49.0"),
    ("US5949181045", "USD", "50000.00", "50.0"),
]


@pytest.mark.parametrize(
    ("rows", "weights", "found", "opaque", "note"),
    [
        (LINES, True, "10.00", "0.00", "they are of one currency"),
        (LOCAL, True, "10.00", "0.00", "lines count by their weight"),
        (LOCAL, False, "0.00", "1000.00", "it was not used"),
    ],
    ids=["one-currency", "several-with-weights", "several-without"],
)
def test_a_fund_is_one_whole(
    run: Runner, put: Callable[..., Path], rows: list[tuple[str, str, str, str]], weights: bool, found: str, opaque: str, note: str
) -> None:
    """A hundredth of a fund is a hundredth, whatever currencies its lines are traded in; without weights that say so, nothing is said."""
    put("lists/funds.csv", "file,name,isin,ticker,cusip,series,index,as of\nfund.csv,Made Up Fund,,,,,,2026-03-31\n")
    put("lists/fund.csv", fund(rows, weights))
    report = run(put("mine.csv", "Fund name,Value (GBP)\nMade Up Fund,1000.00\n"), funds=put("lists/x.txt", "").parent)
    assert report.aggregates.funds is not None
    (portfolio,) = report.aggregates.funds.portfolios
    assert (portfolio.total, portfolio.found, portfolio.opaque) == ("1000.00", found, opaque)
    assert any(note in text for item in report.aggregates.funds.lists for text in item.notes)


def test_values_in_several_currencies_stay_apart(run: Runner, put: Callable[..., Path]) -> None:
    """A portfolio whose values are in several currencies, by its weights, is never added up."""
    report = run(put("mine.csv", fund(LOCAL)))
    assert report.aggregates.funds is not None
    assert {item.currency: item.total for item in report.aggregates.funds.portfolios} == {
        "CNY": "7200.00",
        "HKD": "382200.00",
        "USD": "50000.00",
    }
