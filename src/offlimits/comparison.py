"""`compare`: are two names one company, how are they tied if they are not, and why?

With a registry each name is first looked for among all the names it holds. Where both are known its links say what they are to one
another. Where one alone is known, the other is the same only if it is written so letter by letter; a slip or a shared word is not
enough to say that somebody belongs to a listed company. Where neither is, the strings are judged alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from offlimits.judging import LIKELY
from offlimits.matching import Matching
from offlimits.model import Link, Name
from offlimits.naming import THRESHOLD, Judgement, Part, judge, same_score
from offlimits.naming.reading import ReadName, read_name
from offlimits.registry import Registry
from offlimits.report import Why
from offlimits.text import fold

Tie = Literal["same", "former", "brand", "subsidiary", "joint", "group", "unknown", "none"]
"""How two names are tied. `former`: a name, or a tie, of the past; `group`: members of one group with no direct link; `unknown`: the
strings say that they belong together and nothing says how; `none`: nothing ties them."""

TIES: dict[str, Tie] = {
    "subsidiary": "subsidiary",
    "parent": "subsidiary",
    "brand": "brand",
    "made-by": "brand",
    "joint": "joint",
    "successor": "former",
}
WHOLE = ("name-whole", "name-legal", "name-split")
"""Rules by which a text is a whole name, not a name among others."""

GUESSED = frozenset({"slip-alone", "guess-alone", "acronym-alone", "other-form"})
"""Parts of a score that are a guess: not enough for somebody the registry does not know."""


BY_STRINGS: dict[str, Tie] = {"same": "same", "related": "unknown", "different": "none"}


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What two names are to one another. `score` is how sure that is, from 0 to 1; the weights in `why` add up to it.

    `tie` says how they are tied where that is known. A company and its former name are `same` with the tie `former`; a company and its
    brand are `related` with the tie `brand`.
    """

    relation: Literal["same", "related", "different"]
    score: float
    why: list[Why]
    tie: Tie


def compare(a: str, b: str, registry: Registry | None = None) -> Comparison:
    """Are two names one company, related, or different, and why?

    Without a registry only the strings are judged; with one, its aliases, subsidiaries and brands are known.
    """
    if registry is None:
        return _of_strings(judge(a, b))
    known = _known(registry)
    return known.compare(a, b)


class Seen(NamedTuple):
    """What the registry makes of a text: the entity, the name of it that the text is (None where it only holds one), how sure."""

    entity: str = ""
    name: Name | None = None
    score: float = 0.0


@lru_cache(maxsize=2)
def _known(registry: Registry) -> _Known:
    return _Known(registry)


class _Known:
    """Every name of a registry, read once, and who is known by it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._matching = Matching(registry)
        self._names: dict[str, list[tuple[str, Name, ReadName]]] = {}
        self._plain: dict[str, set[str]] = {}
        self._others: dict[str, list[tuple[str, str]]] = {}
        for entity in registry.data.entities:
            for name in entity.names:
                self._names.setdefault(entity.group, []).append((entity.id, name, read_name(name.text)))
                self._plain.setdefault(_plain(name.text), set()).add(entity.id)
            for other in entity.lookalikes:
                self._others.setdefault(_plain(other.text), []).append((entity.group, f"{other.text}: {other.why}"))

    def compare(self, a: str, b: str) -> Comparison:
        """By the links of the registry where both are known."""
        first, second = self.see(a), self.see(b)
        groups = [self._group(seen) for seen in (first, second)]
        for text, other in ((a, groups[1]), (b, groups[0])):
            if why := self._stranger(text, other):
                return _answer("different", "none", 0.9, (), ("lookalike", why))
        reasons = tuple(
            ("name-known", f"{text!r} is {self._registry.entities[seen.entity].name}")
            for text, seen in ((a, first), (b, second))
            if seen.entity
        )
        if first.entity and second.entity:
            return self._tied(first, second, reasons)
        said = judge(a, b)
        if not reasons:
            return _of_strings(said)
        more = ("unknown-beside-known", "the registry does not know the other name; a shared word or a slip does not tie them")
        return _answer("different", "none", max(THRESHOLD, 1 - max(said.same, said.related)), reasons, more)

    def see(self, text: str) -> Seen:
        """Who this is: by the matchers, then by the name of the same group that it comes nearest to."""
        found = [match for match in self._matching.find(text, "name") if not match.disclaimed]
        best = max(found, key=lambda match: (match.rule in WHOLE, match.score), default=None)
        if best is None:
            return self._nearest(text, [name for names in self._names.values() for name in names], guess=False)
        near = self._nearest(text, self._names[self._registry.entities[best.entity].group], guess=best.score >= LIKELY)
        if near.entity and (near.entity == best.entity or best.rule != "name-whole"):
            return near
        if best.rule in WHOLE:
            name = next(iter(self._registry.entities[best.entity].names), None)
            return Seen(best.entity, name, max(best.score, LIKELY))
        return Seen(best.entity, None, best.score) if best.score >= LIKELY else Seen()

    def _nearest(self, text: str, names: Iterable[tuple[str, Name, ReadName]], guess: bool) -> Seen:
        """The registered name that is the same by its words; without `guess`, only letter by letter."""
        read = read_name(text)
        best, found = 0.0, None
        for entity, name, other in names:
            same = 1.0 if read.text == other.text else same_score(read, other)
            if same > best:
                best, found = same, (entity, name)
        if found is None or best < THRESHOLD:
            return Seen()
        if not guess and not _letter_by_letter(judge(text, found[1].text)):
            return Seen()
        return Seen(found[0], found[1], best)

    def _group(self, seen: Seen) -> str:
        return self._registry.entities[seen.entity].group if seen.entity else ""

    def _stranger(self, text: str, group: str) -> str:
        """Why this text is somebody else's name than the group's; empty where it is not known to be."""
        if not group:
            return ""
        plain = _plain(text)
        if any(self._registry.entities[entity].group == group for entity in self._plain.get(plain, ())):
            return ""
        said = [why for other, why in self._others.get(plain, ()) if other == group]
        said += [
            match.detail
            for match in self._matching.find(text, "name")
            if match.disclaimed == "lookalike" and self._registry.entities[match.entity].group == group
        ]
        return next(iter(said), "")

    def _tied(self, first: Seen, second: Seen, reasons: tuple[tuple[str, str], ...]) -> Comparison:
        score = min(first.score, second.score)
        one, other = (self._registry.entities[seen.entity] for seen in (first, second))
        if one.id == other.id:
            if first.name is None or second.name is None:
                return _answer("related", "subsidiary", score, reasons, ("same-name-more-words", "the same name with words of a branch"))
            return _answer(*_kinds(first.name, second.name), score, reasons, ("same-entity", "two names of one entity"))
        direct = [(mine, link, of) for mine, of in ((one, other), (other, one)) for link in mine.links if link.of == of.id]
        if direct:
            said = "; ".join(f"{mine.name}: {link.relation} of {of.name}{_when(link)}" for mine, link, of in direct)
            return _answer("related", _tie([link for _, link, _ in direct]), score, reasons, ("linked", said))
        if one.group == other.group:
            return _answer("related", "group", score, reasons, ("same-group", "two members of one group"))
        return _answer("different", "none", score, reasons, ("other-group", "two listed groups"))


def _plain(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _kinds(first: Name, second: Name) -> tuple[Literal["same", "related"], Tie]:
    """A company and a brand of its are tied; a company and a name it bore are one."""
    if (first.kind == "brand") != (second.kind == "brand"):
        return "related", "brand"
    return ("same", "former") if (first.kind == "former") != (second.kind == "former") else ("same", "same")


def _when(link: Link) -> str:
    """The dates of a tie, as far as they are known."""
    said = [f"since {link.since}" if link.since else "", f"until {link.until}" if link.until else "", "disputed" if link.disputed else ""]
    return f" ({', '.join(filter(None, said))})" if any(said) else ""


def _tie(links: Sequence[Link]) -> Tie:
    """The tie of today, if there is one; else a former one."""
    today = [link for link in links if link.until is None and link.relation != "successor"]
    return TIES[today[0].relation] if today else "former"


def _answer(
    relation: Literal["same", "related", "different"], tie: Tie, score: float, reasons: Iterable[tuple[str, str]], said: tuple[str, str]
) -> Comparison:
    """An answer by what is known: the last reason carries the score."""
    why = [Why(rule=rule, detail=detail, weight=0.0) for rule, detail in reasons]
    return Comparison(
        relation=relation, score=round(score, 4), why=[*why, Why(rule=said[0], detail=said[1], weight=round(score, 4))], tie=tie
    )


def _letter_by_letter(said: Judgement) -> bool:
    """Whether every word of both names has its answer, and none of it hangs on a guess."""
    return not any(part.rule in GUESSED or part.rule.endswith(("-left", "-both")) for part in said.same_parts)


def _of_strings(said: Judgement) -> Comparison:
    """What the strings alone say: the score that decided, and the parts that add up to it."""
    if said.relation == "different":
        score, parts = 1 - max(said.same, said.related), said.same_parts if said.same >= said.related else said.related_parts
        parts = (
            Part("nothing-speaks-for-it", "what is left when nothing speaks for it", 1.0),
            *(part._replace(weight=-part.weight) for part in parts),
        )
    else:
        score, parts = (said.same, said.same_parts) if said.relation == "same" else (said.related, said.related_parts)
    return Comparison(relation=said.relation, score=round(score, 4), why=_rounded(parts, round(score, 4)), tie=BY_STRINGS[said.relation])


def _rounded(parts: Sequence[Part], score: float) -> list[Why]:
    """The parts to four places, those that change nothing left out; what rounding lost goes to the largest."""
    kept = [Why(rule=part.rule, detail=part.detail, weight=round(part.weight, 4)) for part in parts if round(part.weight, 4)]
    if not kept:
        return [Why(rule=part.rule, detail=part.detail, weight=0.0) for part in parts]
    largest = max(range(len(kept)), key=lambda number: abs(kept[number].weight))
    lost = round(score - sum(why.weight for why in kept), 4)
    kept[largest] = msgspec.structs.replace(kept[largest], weight=round(kept[largest].weight + lost, 4))
    return kept
