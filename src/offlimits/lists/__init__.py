"""Official lists. One file per published form; `FORMS` is the register, tried in this order."""

from offlimits.lists.base import Form
from offlimits.lists.ofac_csv import OfacCsv
from offlimits.lists.own_csv import OwnCsv

FORMS: tuple[Form, ...] = (OfacCsv(), OwnCsv())

__all__ = ["FORMS"]
