"""Official lists. One file per published form; `FORMS` is the register, tried in this order."""

from offlimits.lists.base import Form
from offlimits.lists.ofac_csv import OfacCsv
from offlimits.lists.ofac_xml import OfacXml
from offlimits.lists.own_csv import OwnCsv

FORMS: tuple[Form, ...] = (OfacXml(), OfacCsv(), OwnCsv())

__all__ = ["FORMS"]
