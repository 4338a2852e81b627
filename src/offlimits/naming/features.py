"""What is measured of two names side by side: the parts of both scores, each a number from 0 up."""

from __future__ import annotations

from offlimits.naming.aligning import Alignment, Answer, is_reordered
from offlimits.naming.reading import ReadName
from offlimits.naming.words import Word

FEATURES: dict[str, int] = {
    "start": 0,
    "same-name": 1,
    "telling-shared": 1,
    "other-shared": 1,
    "covered": 1,
    "telling-left": -1,
    "telling-both": -1,
    "trade-left": -1,
    "trade-both": -1,
    "common-left": -1,
    "common-both": -1,
    "place-left": -1,
    "place-both": -1,
    "number-left": -1,
    "number-both": -1,
    "slips": -1,
    "slip-alone": -1,
    "guess-alone": -1,
    "acronym-alone": -1,
    "branch": -1,
    "lone-word": -1,
    "nothing-telling": -1,
    "short-word": -1,
    "other-form": -1,
    "other-order": -1,
}
"""The parts, and the way each may push `same`. `-left` is the weight of words without an answer on the side that has more of them,
`-both` on the other side, so that one more word without an answer never raises the score."""

MOST = 2.0
"""More weight than this says no more."""

BRANCH = frozenset({"branch", "office", "representative office", "headquarters", "affiliate", "subsidiary", "division", "department"})
BODIES = frozenset({"association", "cooperative", "state"})
"""Kinds of legal form that are other kinds of body, not other companies' forms."""

_PLACE = {"d": 0, "t": 1, "g": 2, "c": 2, "p": 3, "n": 4}
_GUESSED = ("slip", "sound", "shortened")


def measure(a: ReadName, b: ReadName, found: Alignment) -> list[float]:
    """The features of a pair, in the order of `FEATURES`. Symmetric in the names."""
    telling, other, slips = _shared(found.answers)
    left, right = _left_over(found.left), _left_over(found.right)
    rest = sum(left) + sum(right)
    equal = not rest and not slips
    matched = telling + other
    row = [1.0, 1.0 if equal else 0.0, min(telling, MOST), min(other, MOST), matched / (matched + rest) if matched else 0.0]
    for one, two in zip(left, right, strict=True):
        if one < two:
            one, two = two, one
        row.append(one if one < MOST else MOST)
        row.append(two if two < MOST else MOST)
    if row[-1]:
        row[-1] = 1.0  # other numbers are another company, however much agrees
    lone = len(found.answers) == 1
    row += [
        min(slips, 1.0),
        *(_slip_alone(found.answers) if slips else (0.0, 0.0)),
        _acronym_alone(found.answers) if slips else 0.0,
        1.0 if rest and _is_branch(found) else 0.0,
        (1.0 if lone else _half_lone(found.answers, left, right)) if rest else 0.0,
        0.0 if telling or equal else _nothing_telling(found),
        1.0 if 0 < telling < 0.9 and not other else 0.0,
        _forms_clash(a, b) if a.forms or b.forms else 0.0,
        1.0 if not lone and is_reordered(a, b) else 0.0,
    ]
    return row


def _nothing_telling(found: Alignment) -> float:
    """2 where a common word is left over, or any word beside a house that is called by its place: that is what tells such names apart
    (People's Bank of China, Bank of China; Tianjin University, Tianjin Industrial University); else 1."""
    left = [*found.left, *found.right]
    house = any(word.text in HOUSES for answer in found.answers for word in (*answer.first, *answer.second))
    return 2.0 if any(word.kind == "c" or house for word in left) else 1.0


HOUSES = frozenset({"university", "hospital", "ministry"})
"""What is named by its place and its trade alone, so that every word counts."""


def _half_lone(answers: list[Answer], left: list[float], right: list[float]) -> float:
    """0.6 where one telling word and words of no name hold two names together, and one has another telling word or a country."""
    if max(left[0], right[0], left[3], right[3]) < HALF_LONE:
        return 0.0
    return HALF_LONE_SHARE if sum(1 for answer in answers if answer.first[0].kind == "d" or answer.second[0].kind == "d") == 1 else 0.0


HALF_LONE = 0.7
"""Weight of an ordinary word that tells, and less than that of a country."""

HALF_LONE_SHARE = 0.6
"""What one telling word beside words of no name counts of a lone one."""


def _shared(answers: list[Answer]) -> tuple[float, float, float]:
    """Weight of answered telling words, of other answered words, and what the answers cost."""
    telling = other = slips = 0.0
    for first, second, how, cost in answers:
        if len(first) == 1 == len(second):
            weight = (first[0].weight + second[0].weight) / 2
        else:
            weight = min(sum([word.weight for word in first]), sum([word.weight for word in second]))
        if cost:
            slips += cost * max(weight, 0.5)
            weight *= 1 - cost
        if (first[0].kind == "d" and second[0].kind == "d") or (how in ("acronym", "glued") and "d" in (first[0].kind, second[0].kind)):
            telling += weight
        else:
            other += weight
    return telling, other, slips


def _left_over(words: list[Word]) -> list[float]:
    """Weight without an answer: telling words, of the trade, common and business, places, numbers."""
    row = [0.0, 0.0, 0.0, 0.0, 0.0]
    for word in words:
        row[_PLACE[word.kind]] += word.weight
    return row


def _slip_alone(answers: list[Answer]) -> tuple[float, float]:
    """How much hangs on slips alone, if nothing else that tells is shared letter by letter: the shorter the word, the more; and whether it
    is a guess, which is no slip any more (Micron, Mokran: the same consonants)."""
    worst = widest = 0.0
    for first, second, how, cost in answers:
        if how not in _GUESSED and first[0].kind == "d":
            return 0.0, 0.0
        if how in _GUESSED and first[0].kind == "d":
            size = min(len(first[0].text), len(second[0].text))
            worst = max(worst, cost * 4 * (1.0 if size < 7 else 0.6 if size < 9 else 0.4))
            widest = max(widest, cost)
    return min(worst, 1.5), min(max(widest - SLIP, 0.0) / (GUESS - SLIP), 1.0)


SLIP, GUESS = 0.2, 0.3
"""What an answer costs that may be a slip of the pen, and one that is a guess."""


def _acronym_alone(answers: list[Answer]) -> float:
    """1 where an acronym is all that two names share but for business words, a little where there is a second sign."""
    if not any(answer.how == "acronym" for answer in answers):
        return 0.0
    signs = [answer for answer in answers if answer.how != "acronym" and answer.first[0].kind != "g"]
    return 0.3 if signs else 1.0


def _is_branch(found: Alignment) -> bool:
    """Whether only one of the names has a word for a branch or a unit."""
    return any(word.text in BRANCH for word in found.left) != any(word.text in BRANCH for word in found.right)


def _forms_clash(a: ReadName, b: ReadName) -> float:
    """1 where both names say what legal form they have, and say different ones; half where only one is said to be no company."""
    first, second = a.forms - {"tradename"}, b.forms - {"tradename"}
    if first and second:
        return 0.0 if first & second else 1.0
    return 0.5 if (first | second) & BODIES else 0.0
