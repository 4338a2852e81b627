"""Formats → entries. One file per format, one visible tuple."""

from offlimits.readers.base import Reader
from offlimits.readers.delimited import Delimited
from offlimits.readers.leases import Leases
from offlimits.readers.neighbours import Neighbours
from offlimits.readers.nmap import Nmap
from offlimits.readers.pcap import Pcap
from offlimits.readers.querylog import QueryLog
from offlimits.readers.workbook import Workbook
from offlimits.readers.zeek import Zeek

READERS: tuple[Reader, ...] = (Workbook(), Pcap(), Nmap(), Zeek(), Neighbours(), Leases(), QueryLog(), Delimited())
"""Asked in this order; the first that recognises the content takes the file."""
