"""Formats → entries. One file per format, one visible tuple."""

from offlimits.readers.base import Reader
from offlimits.readers.delimited import Delimited
from offlimits.readers.pcap import Pcap
from offlimits.readers.workbook import Workbook

READERS: tuple[Reader, ...] = (Workbook(), Pcap(), Delimited())
"""Asked in this order; the first that recognises the content takes the file."""
