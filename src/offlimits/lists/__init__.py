"""Official lists. One file per published form; `FORMS` is the register, tried in this order."""

from offlimits.lists.base import Form
from offlimits.lists.ca_sema_xml import CaSemaXml
from offlimits.lists.ch_sesam_xml import ChSesamXml
from offlimits.lists.eu_fsf_xml import EuFsfXml
from offlimits.lists.ofac_advanced_xml import OfacAdvancedXml
from offlimits.lists.ofac_csv import OfacCsv
from offlimits.lists.ofac_xml import OfacXml
from offlimits.lists.own_csv import OwnCsv
from offlimits.lists.uk_csv import UkCsv
from offlimits.lists.uk_xml import UkXml
from offlimits.lists.un_xml import UnXml

FORMS: tuple[Form, ...] = (
    OfacXml(),
    OfacAdvancedXml(),
    UnXml(),
    EuFsfXml(),
    UkXml(),
    CaSemaXml(),
    ChSesamXml(),
    UkCsv(),
    OfacCsv(),
    OwnCsv(),
)

__all__ = ["FORMS"]
