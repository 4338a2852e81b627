"""One entry and the matches in it → findings. Second signs are weighed here, where the whole line is in view."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import msgspec

from offlimits.matching import Matching
from offlimits.matching.listed import IDENTIFIED
from offlimits.model import CLUES, HEARSAY, Entry, Match, Mention, Reason, Relation, Strength
from offlimits.registry import Path, Registry, weaker
from offlimits.text import fold

OURS = frozenset({*CLUES, *HEARSAY, "called"})
"""Kinds of columns that readers name, not people."""

EXACT, LIKELY, POSSIBLE = 0.95, 0.7, 0.3
"""Lowest identity scores of the three strengths; below the last there is no match."""


class Seen(NamedTuple):
    """A match and the mention it stood in."""

    mention: Mention
    match: Match


class Judged(NamedTuple):
    """One listed group in one entry: the best entity for it, its matches, and how strong the two judgements are."""

    entity: str
    path: Path
    relation: Relation
    identity: Strength
    score: float
    reasons: tuple[Reason, ...]
    seen: tuple[Seen, ...]

    @property
    def strength(self) -> Strength:
        return weaker(self.identity, self.path.strength)


def strength_of(score: float) -> Strength | None:
    """The word for an identity score; None when it is too weak to say."""
    return "exact" if score >= EXACT else "likely" if score >= LIKELY else "possible" if score >= POSSIBLE else None


def judge(entry: Entry, matching: Matching, registry: Registry, as_of: date) -> tuple[list[Judged], list[Seen]]:
    """Findings of an entry, one for each listed group, and the matches that the line itself denies."""
    seen = [Seen(mention, match) for mention in entry.mentions for match in matching.find(mention.text, mention.kind)]
    if not seen:
        return [], []
    if matching.search and any(item.match.brand_word for item in seen):
        beside = [Seen(mention, match) for mention in entry.mentions for match in matching.codes_beside(mention.text, mention.kind)]
        seen += [item for item in beside if item not in seen]
    wanted = {_trade_of(item.match, registry) for item in seen if item.match.needs == "trade"}
    signs = {trade: _trade_sign(entry, matching, trade) for trade in wanted}
    named, others = _other_makers(entry, seen, matching, registry) if wanted else (set(), False)
    denied = [item for item in seen if item.match.disclaimed]
    standing = [item for item in seen if not item.match.disclaimed and (entry.channel != "own" or _counts_in_holdings(item))]
    on = entry.on or as_of
    groups = _by_group(standing, registry, on)

    def sign_of(match: Match) -> str:
        made_elsewhere = (named or others) and registry.entities[match.entity].group not in named
        return "" if made_elsewhere and match.product else signs.get(_trade_of(match, registry), "")

    judged = [item for _, items in sorted(groups.items()) if (item := _judge_group(items, sign_of)) is not None]
    if entry.channel == "own":
        judged = [item for item in judged if item.relation != "made-by" or item.strength != "possible"]
        judged = [_whole_again(item, registry) if item.relation == "mention" else item for item in judged]
        judged = _weigh_securities(judged, entry, matching, registry)
    return judged, denied


def _counts_in_holdings(item: Seen) -> bool:
    """Whether a match says who issued a security: identifiers, and names where names stand.

    Lists of holdings spell names right, since machines write them: slips are other companies there. Codes of products mean nothing:
    the ISIN USG6108MAB84 has the form of a Huawei firewall.
    """
    rule, kind = item.match.rule, item.mention.kind
    named = rule.startswith("name") and rule != "name-misspelt" and kind not in ("ticker", "isin", "sedol", "cusip", "figi", "lei")
    return named or rule.startswith(("identifier-", "list"))


CUT_LENGTH = 12
"""Lists of holdings cut names; a start of so many letters, two words among them, is still the name."""


def _whole_again(item: Judged, registry: Registry) -> Judged:
    """The company itself where the text is the start of its legal name, as lists cut it: `HANGZHOU HIKVISION DIGITAL TECHNOL`."""
    entity = registry.entities[item.entity]
    legal = [fold(name.text) for name in entity.names if name.kind == "legal"] + [fold(entity.name)]
    texts = [fold(seen.mention.text) for seen in item.seen if seen.mention.kind == "name"]
    if not any(len(text) >= CUT_LENGTH and " " in text and name.startswith(text) for text in texts for name in legal):
        return item
    reason = Reason(rule="name-cut", detail="the text is the start of the registered legal name, as lists of holdings cut it", weight=0.0)
    return item._replace(relation=item.path.relation, reasons=(*item.reasons, reason))


SECURITY = frozenset({"identifier-isin", "identifier-sedol", "identifier-cusip", "identifier-figi", "identifier-ticker", "identifier-lei"})
DISAGREE = 0.4
"""Score of a security whose identifier and name point apart: someone must look."""


def _weigh_securities(judged: list[Judged], entry: Entry, matching: Matching, registry: Registry) -> list[Judged]:
    """Lower every group for which a line's identifier and its name do not say the same. Nothing is chosen between them."""
    by_id = {item.path.group for item in judged if any(seen.match.rule in SECURITY for seen in item.seen)}
    by_name = {item.path.group for item in judged if any(seen.match.rule not in SECURITY for seen in item.seen)}
    return [_apart(item) if _disagrees(item.path.group, by_id, by_name, entry, matching, registry) else item for item in judged]


def _disagrees(group: str, by_id: set[str], by_name: set[str], entry: Entry, matching: Matching, registry: Registry) -> bool:
    """Whether the name cell says somebody else than the identifier: it names none of the group's words, though it has words of its own.
    An identifier that stands there again is no word."""
    if group in by_id and group in by_name:
        return False
    if group in by_name:
        return bool(by_id)
    codes = {fold(mention.text) for mention in entry.mentions if mention.kind in IDENTIFIED}
    telling = {word for mention in entry.mentions if mention.kind == "name" for word in _telling(mention.text, matching)} - codes
    names = (name for entity in registry.entities.values() if entity.group == group for name in entity.names)
    return bool(telling) and not telling & {word for name in names for word in fold(name.text).split()}


def _telling(name: str, matching: Matching) -> list[str]:
    """The words of a name that say who it is: no legal forms, places, trades or bare letters and numbers."""
    return [word for word in fold(name).split() if len(word) > 2 and word not in matching.vocabulary.known and not word[0].isdigit()]


def _apart(item: Judged) -> Judged:
    lowered = Reason(
        rule="identifier-name-disagree",
        detail="the line's identifier and its name point to different companies; both are shown, nothing is chosen",
        weight=round(min(DISAGREE - item.score, 0.0), 2),
    )
    return item._replace(identity="possible", score=min(item.score, DISAGREE), reasons=(*item.reasons, lowered))


def _trade_sign(entry: Entry, matching: Matching, trade: str) -> str:
    """A word of a trade anywhere in the line, or in the name of a column that its owner named. A scanner's guess is none, nor is the name
    of a clue (`http-server`)."""
    texts = [mention.text for mention in entry.mentions if mention.kind not in HEARSAY]
    texts += [mention.field for mention in entry.mentions if mention.kind not in OURS]
    return next((sign for text in texts if (sign := matching.trade_sign(text, trade))), "")


def _trade_of(match: Match, registry: Registry) -> str:
    """The trade whose words are second signs for a match: its product's, else its entity's."""
    return match.trade or registry.trade_of(match.entity)


def _other_makers(entry: Entry, seen: list[Seen], matching: Matching, registry: Registry) -> tuple[set[str], bool]:
    """Whom a line names as its maker: the listed groups, and whether there is somebody else. What may be a code of one that is not named
    then says little, whatever the trade."""
    ours = {registry.entities[item.match.entity].group for item in seen if item.mention.kind == "maker" and item.match.brand_word}
    found = {item.mention for item in seen}
    rest = (mention.text for mention in entry.mentions if mention.kind == "maker" and mention not in found)
    plain = matching.vocabulary.plain
    return ours, any(len(word) > 1 and word not in plain for text in rest for word in re.findall(r"[^\W_]+", fold(text)))


def _by_group(seen: Iterable[Seen], registry: Registry, on: date) -> dict[str, list[tuple[Path, Seen]]]:
    groups: dict[str, list[tuple[Path, Seen]]] = {}
    for item in seen:
        for path in registry.paths(item.match.entity, on):
            groups.setdefault(path.group, []).append((_in_scope(path, item.match), item))
    return groups


def _in_scope(path: Path, match: Match) -> Path:
    """A maker behind a brand is shown for the models the evidence names; the brand's name alone does not say which of its makers it was."""
    scoped = any(hop.link.relation == "made-by" and hop.link.scope for hop in path.hops)
    return msgspec.structs.replace(path, strength="possible") if scoped and not match.product else path


def _has_brand_word(items: list[tuple[Path, Seen]], entity: str) -> bool:
    """Whether a name of the entity itself, or of its own group, stands in the line; a partner's brand speaks for its own codes only."""
    return any(
        item.match.brand_word and (item.match.entity == entity or path.relation not in ("made-by", "former")) for path, item in items
    )


def _judge_group(items: list[tuple[Path, Seen]], sign_of: Callable[[Match], str]) -> Judged | None:
    """Join what points to one group: the best match carries the score, the most specific entity names it. `sign_of` gives the word of the
    trade that the line holds for a match."""
    codes = any(item.match.product or item.match.rule in ("mac-prefix", "domain") for _, item in items)
    weighed = [
        (path, item, *_with_sign(item.match, _has_brand_word(items, item.match.entity), sign_of(item.match), codes)) for path, item in items
    ]
    weighed = [entry for entry in weighed if strength_of(entry[2]) is not None]
    if not weighed:
        return None
    best_strength = min(_rank(weaker(strength_of(score) or "possible", path.strength)) for path, _, score, _ in weighed)
    leading = [entry for entry in weighed if _rank(weaker(strength_of(entry[2]) or "possible", entry[0].strength)) == best_strength]
    path, item, score, reasons = max(
        leading, key=lambda entry: (_closeness(entry[0]), entry[2], entry[1].mention.field, entry[1].match.start)
    )
    return Judged(
        entity=item.match.entity,
        path=path,
        relation=_relation(path, item.match),
        identity=strength_of(score) or "possible",
        score=score,
        reasons=reasons,
        seen=tuple(dict.fromkeys(seen for _, seen, _, _ in weighed)),
    )


def _closeness(path: Path) -> int:
    """How specific an entity is: the further below its group the more; an owner above says less than the group itself."""
    return -1 if path.relation == "parent" else len(path.hops)


def _rank(strength: Strength) -> int:
    return ("exact", "likely", "possible").index(strength)


def _with_sign(match: Match, brand_word: bool, trade: str, codes: bool) -> tuple[float, tuple[Reason, ...]]:
    """The score of a match once its second sign was looked for in the whole line.

    A code that needs the brand's word is nothing without it.
    """
    if not match.needs:
        return match.score, match.reasons
    sign = ""
    if match.needs == "brand" and brand_word:
        sign = "the brand's own word stands in the same line"
    elif match.needs == "trade" and (trade or (match.brand_word and codes) or (match.product and brand_word)):
        sign = (
            f"a word of the trade stands in the same line: {trade!r}" if trade else "another clue to the same maker stands in the same line"
        )
    if not sign and match.needs == "brand":
        return 0.0, match.reasons
    if not sign or match.with_sign <= match.score:
        return match.score, match.reasons
    gained = round(match.with_sign - match.score, 2)
    return match.with_sign, (*match.reasons, Reason(rule="second-sign", detail=sign, weight=gained))


def _relation(path: Path, match: Match) -> Relation:
    """The tie of what was found: a code of the group's own is a product; a name that only contains ours, and a host called, are mentions
    of it."""
    if match.rule == "calls-host":
        return "mention"
    if path.relation in ("same", "subsidiary", "brand") and match.product:
        return "product"
    if path.relation == "same" and match.rule == "name-branch":
        return "mention"
    if path.relation == "same" and match.rule in ("name-word", "name-glued", "acronym-glued", "name-misspelt", "name-split"):
        return "same" if match.needs == "" or match.with_sign else "mention"
    return path.relation


def review_key(mention: Mention, entity: str) -> str:
    """A key for a person's judgement that outlives next month's file: the normalised text, its kind, the entity."""
    return hashlib.sha256(f"{fold(mention.text)}\0{mention.kind}\0{entity}".encode()).hexdigest()[:16]
