"""Formats → entries. One file per format, one visible tuple."""

from offlimits.readers.base import Reader
from offlimits.readers.bods import Bods
from offlimits.readers.delimited import Delimited
from offlimits.readers.leases import Leases
from offlimits.readers.neighbours import Neighbours
from offlimits.readers.nmap import Nmap
from offlimits.readers.nmap_text import NmapText
from offlimits.readers.nport import NPort
from offlimits.readers.nport_tables import NPortTables
from offlimits.readers.ofx import Ofx
from offlimits.readers.pcap import Pcap
from offlimits.readers.portfolio_performance import PortfolioPerformance
from offlimits.readers.querylog import QueryLog
from offlimits.readers.thirteenf import ThirteenF
from offlimits.readers.workbook import Workbook
from offlimits.readers.zeek import Zeek

READERS: tuple[Reader, ...] = (
    Workbook(), Pcap(), Nmap(), NmapText(), Zeek(), Neighbours(), Leases(), QueryLog(), NPort(), ThirteenF(),
    PortfolioPerformance(), Ofx(), Bods(), NPortTables(), Delimited(),
)  # fmt: skip
"""Asked in this order; the first that recognises the content takes the file."""
