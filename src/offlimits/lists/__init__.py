"""Official lists. One class per published form; `FORMS` is the register, tried in this order."""

from offlimits.lists.base import Form
from offlimits.lists.bis import BisDenied
from offlimits.lists.csl import CslCsv, CslJson
from offlimits.lists.dod_1260h import Dod1260hCsv, Dod1260hText
from offlimits.lists.entity_list import BisEntityList, BisEntityListText
from offlimits.lists.eu_journal import EuJournalCsv
from offlimits.lists.ofac_csv import OfacCsv
from offlimits.lists.opensanctions import OpenSanctionsFtm, OpenSanctionsSimple
from offlimits.lists.other_states import DfatXlsx, WorldBankJson
from offlimits.lists.own_csv import OwnCsv
from offlimits.lists.registers import BodsJson, IeeeCsv, RorJson
from offlimits.lists.us_lists import FccCovered, Uflpa, UsLegislation

FORMS: tuple[Form, ...] = (
    OfacCsv(),
    CslCsv(),
    CslJson(),
    BisDenied(),
    BisEntityList(),
    BisEntityListText(),
    FccCovered(),
    Dod1260hCsv(),
    Dod1260hText(),
    Uflpa(),
    UsLegislation(),
    EuJournalCsv(),
    DfatXlsx(),
    WorldBankJson(),
    RorJson(),
    IeeeCsv(),
    BodsJson(),
    OpenSanctionsFtm(),
    OpenSanctionsSimple(),
    OwnCsv(),
)

__all__ = ["FORMS"]
