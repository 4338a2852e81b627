"""Formats → entries. One file per format, one visible tuple."""

from offlimits.readers.base import Reader
from offlimits.readers.bods import Bods
from offlimits.readers.delimited import Delimited
from offlimits.readers.nport import NPort
from offlimits.readers.ofx import Ofx
from offlimits.readers.portfolio_performance import PortfolioPerformance
from offlimits.readers.thirteenf import ThirteenF
from offlimits.readers.workbook import Workbook

READERS: tuple[Reader, ...] = (Workbook(), NPort(), ThirteenF(), PortfolioPerformance(), Ofx(), Bods(), Delimited())
"""Asked in this order; the first that recognises the content takes the file."""
