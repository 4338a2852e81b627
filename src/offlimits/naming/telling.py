"""The parts of a score in words a clerk understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from offlimits.naming.aligning import Alignment, Answer

HOW = {
    "slip": "{a} ~ {b} (a slip or another ending)",
    "sound": "{a} ~ {b} (sound alike)",
    "shortened": "{a} ~ {b} (one is short for the other)",
    "glued": "{a} ~ {b} (written apart or together)",
    "acronym": "{a} ~ {b} (first letters)",
    "pinyin": "{a} ~ {b} (the same in pinyin, which other characters share)",
}


def tell(rule: str, found: Alignment) -> str:
    """What a part of the score says about these two names."""
    return _SENTENCES[rule](found)


def _list(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def _said(answer: Answer) -> str:
    a, b = (" ".join(word.raw for word in words) for words in (answer.first, answer.second))
    return a if a == b or answer.how == "same" else HOW[answer.how].format(a=a, b=b)


def _shared(found: Alignment, telling: bool) -> str:
    return _list(_said(item) for item in found.answers if (item.first[0].kind == "d" or item.second[0].kind == "d") is telling)


def _rest(found: Alignment, kinds: str) -> str:
    sides = [_list(word.raw for word in words if word.kind in kinds) for words in (found.left, found.right)]
    return " / ".join(side for side in sides if side)


def _guesses(found: Alignment) -> str:
    return _list(_said(answer) for answer in found.answers if answer.cost)


def _left(said: str, kinds: str) -> Callable[[Alignment], str]:
    return lambda found: f"{said}: {_rest(found, kinds)}"


_SENTENCES: dict[str, Callable[[Alignment], str]] = {
    "start": lambda _: "where two names start that share a word",
    "same-name": lambda _: "the names are the same but for legal forms and joining words",
    "telling-shared": lambda found: f"telling words agree: {_shared(found, True)}",
    "other-shared": lambda found: f"other words agree: {_shared(found, False)}",
    "covered": lambda _: "how much of both names has an answer",
    "telling-left": _left("telling words without an answer", "d"),
    "telling-both": _left("each name has telling words of its own", "d"),
    "trade-left": _left("words of a trade without an answer", "t"),
    "trade-both": _left("the words of the trade differ", "t"),
    "common-left": _left("common words without an answer", "gc"),
    "common-both": _left("the common words differ", "gc"),
    "place-left": _left("a place without an answer, as in a branch's name", "p"),
    "place-both": _left("the places differ", "p"),
    "number-left": _left("a number without an answer", "n"),
    "number-both": _left("the numbers differ", "n"),
    "slips": lambda found: f"not letter by letter: {_guesses(found)}",
    "slip-alone": lambda found: f"it all hangs on that: {_guesses(found)}",
    "guess-alone": lambda found: f"that is a guess, no slip of the pen: {_guesses(found)}",
    "acronym-alone": lambda _: "an acronym, which others share",
    "branch": _left("only one is a branch or a unit", "gtc"),
    "lone-word": lambda found: f"only one telling word holds them together: {_shared(found, True) or _shared(found, False)}",
    "nothing-telling": lambda _: "no telling word is shared",
    "short-word": lambda _: "the shared word is short or ordinary, others use it too",
    "other-form": lambda _: "they state different legal forms",
    "other-order": lambda _: "the words stand in another order",
}
