"""Rows of lists that do not say whether they name a company or a person: what gives a company away. The rest is left out, counted.

There is no look at who a person might be: a name is taken as a company's by its legal form, by a word of business, by its script or its
length, and by nothing else.
"""

from __future__ import annotations

import re

UNCLEAR = "rows that do not say whether they name a company or a natural person"
"""Reason for which a row is left out: the list mixes both, and nothing in the name says that it is a company's."""

BUSINESS = frozenset(
    """
    academy aerospace agency air airlines airways aviation bank base biotech bureau center centre chemical co college coltd combine
    commercial commission committee communication communications company complex computer consortium construction consulting coop
    cooperative corp corporation council design development directorate distribution division electric electronic electronics energy
    engineering enterprise enterprises equipment establishment exchange export exports factory fakel financial firm forwarding foundation
    freight fund fzco fze general gmbh government group holding holdings import imports inc incorporated industrial industries industry
    information innovation institute instruments insurance intelligence international investment investments jsc kg laboratories
    laboratory labs limited llc llp logistics ltd machine machinery manufacturing marine maritime market marketing materials mechanical
    media medical metal metals microelectronics military ministry mobile motor network networks nuclear oao office oil ojsc ooo operations
    optical optics organisation organization parts petroleum pharma photonics pjsc plant plc police power precision procurement production
    products professional project property pte pty purchasing radio railway research resources robotics sa sarl sas satellite school
    science sciences scientific sdn security semiconductor semiconductors service services shipping shipyard software solar solutions
    sources spa space srl state station steel store supplies supply surveillance system systems tech technical technics technologies
    technology telecom telecommunications textile tools trade trading training transport transportation travel union university ventures
    wholesale works zao
    """.split()  # noqa: SIM905  a list of words reads better as text
)
APART = str.maketrans({char: " " for char in ",;:/()[]\"'’-"} | {".": ""})
TITLE = re.compile(r"^\s*(?:mr|mrs|ms|dr|engr|prof|sr|sra|eng)\.?\s", re.IGNORECASE)
LONG = 5
"""Words from which on a name in Latin letters is a company's."""


def is_company(name: str) -> bool:
    """Whether something in a name says that it is a company's or a body's."""
    if TITLE.match(name):
        return False
    words = name.casefold().translate(APART).split()
    if not BUSINESS.isdisjoint(words) or "&" in name or any(map(str.isdigit, name)):
        return True
    return len(words) == 1 or len(words) >= LONG
