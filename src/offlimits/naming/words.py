"""Which words of a name tell who somebody is: legal forms, business words, words of trades, places, numbers; everything else tells."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from offlimits.naming.scripts import IS_UNSPACED, data_lines, fold_letters, romanise, sound

Kind = Literal["d", "t", "g", "c", "p", "n", "f", "x"]
"""What a word is: d tells (distinctive), t word of a trade, g business word, c common word, p place, n number, f legal form, x joining."""

WEIGHTS: dict[str, float] = {"t": 0.5, "g": 0.25, "c": 0.5, "p": 0.4, "n": 0.6, "f": 0.0, "x": 0.0}
"""How much each kind counts beside a telling word, which counts 1."""

SHORT = {1: 0.5, 2: 0.7, 3: 0.85}
"""Telling words of so few letters count less: many others use them."""

COUNTRY = 0.8
"""A country or a part of the world counts more than a city: it is what branches are called by, while cities are often left out."""

FIRST_CITY = "beijing"
"""Before it `places.txt` has countries and parts of the world."""

ORDINARY = 0.7
"""An ordinary word taken for a name counts less than a coined one."""

NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = dict(zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)) | {
    "fourty": 40
}
ROMAN = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16,
         "xvii": 17, "xviii": 18, "xix": 19, "xx": 20, "xxi": 21, "xxii": 22, "xxiii": 23}  # fmt: skip
LONE_ROMAN = {"i": 1, "v": 5, "x": 10}
"""Counted as numbers only at the end of a name."""

FREE_FORMS = frozenset(
    [
        "ltd",
        "limited",
        "llc",
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "company",
        "co",
        "gmbh",
        "mbh",
        "plc",
        "jsc",
        "ojsc",
        "cjsc",
        "pjsc",
        "ooo",
        "oao",
        "zao",
        "pao",
        "sarl",
        "srl",
        "spa",
        "sro",
        "spzoo",
        "kft",
        "doo",
        "ltda",
        "aktiengesellschaft",
        "pvt",
        "pte",
        "pty",
        "bhd",
        "sdn",
        "limitada",
        "incorporation",
        "compny",
        "fze",
        "fzco",
        "fzc",
        "dmcc",
        "wll",
        "kk",
        "ооо",
        "оао",
        "зао",
        "пао",
        "llp",
        "societe",
        "gesellschaft",
        "kabushiki",
        "kaisha",
        "شركة",
        "شركه",
        "الشركة",
    ]
)
"""Legal forms that are nothing else wherever they stand in a name."""


STARTING = frozenset(
    [
        "ooo",
        "oao",
        "zao",
        "pao",
        "nao",
        "ao",
        "jsc",
        "ojsc",
        "cjsc",
        "pjsc",
        "llc",
        "pt",
        "uab",
        "too",
        "tov",
        "ltd",
        "sarl",
        "srl",
        "spa",
        "societe",
        "sociedad",
        "societa",
        "cia",
        "compania",
        "compagnie",
        "ste",
        "ste",
        "companhia",
        "gup",
        "fgup",
        "fsue",
        "mup",
        "ano",
        "nko",
        "est",
        "ets",
        "sherkat",
        "sharikat",
        "sharika",
        "shirkat",
        "pat",
        "prat",
        "dp",
        "zat",
        "vat",
        "doo",
        "ood",
        "eood",
        "ad",
        "cv",
        "ud",
        "perusahaan",
        "limited",
        "company",
        "stichting",
        "vereniging",
        "cooperatief",
        "mchj",
        "persero",
        "firma",
        "jscb",
        "chup",
        "pup",
        "odo",
        "gmbh",
        "ag",
        "kompaniya",
        "bv",
        "nv",
        "sia",
        "borisat",
        "ou",
    ]
)
"""Single legal forms that stand before a name; others there are initials (S.C. Johnson)."""


class Word(NamedTuple):
    """One word of a name: the meaning it is compared by, as it was read, what it is, how much it counts, how it sounds."""

    text: str
    raw: str
    kind: Kind
    weight: float
    sound: str


OFTEN_CUT = (
    "company",
    "corporation",
    "limited",
    "incorporated",
    "group",
    "technology",
    "international",
    "industries",
    "equipment",
    "electronics",
    "engineering",
    "holdings",
    "enterprises",
    "communications",
    "institute",
)
"""Words that stand last in long names, and so are cut off where a field is too short."""


class Lexicon:
    """The vocabularies, folded. `parts` are the words of forms and phrases of several words: by themselves they may be telling ones."""

    def __init__(self) -> None:
        self.single: dict[str, tuple[str, Kind]] = {}
        self.phrases: dict[str, list[tuple[tuple[str, ...], str, Kind]]] = {}
        self.unspaced: dict[str, tuple[str, Kind]] = {}
        self.forms: dict[tuple[str, ...], str] = {}
        self.unspaced_forms: list[str] = []
        self.countries: frozenset[str] = frozenset()
        self._load_forms()
        self._load("concepts.txt", with_kind=True)
        self._load("places.txt", with_kind=False)
        for words in self.phrases.values():
            words.sort(key=lambda item: -len(item[0]))
        longer = [words for words in self.forms if len(words) > 1]
        longer += [item[0] for items in self.phrases.values() for item in items]
        self.parts = frozenset(word for words in longer for word in words)
        self.form_ends = frozenset(words[-1] for words in self.forms)
        self.form_starts = frozenset(words[0] for words in self.forms if len(words) > 1 or words[0] in STARTING or not words[0].isascii())
        self.ordinary = frozenset(word for line in data_lines("ordinary.txt") for word in line.split()) - self.single.keys()
        self.longest_form = max(map(len, self.forms))
        self.longest_unspaced = max(map(len, self.unspaced))
        self._begun: dict[str, list[str]] = {}
        for word in OFTEN_CUT:
            for length in range(3, len(word)):
                self._begun.setdefault(word[:length], []).append(word)
        self._near: dict[str, set[str]] = {}
        for word in [*self.single, *(words[0] for words in self.forms if len(words) == 1)]:
            if word.isascii() and len(word) >= CORRECTED:
                for short in _deletes(word):
                    self._near.setdefault(short, set()).add(word)

    def completed(self, word: str) -> str:
        """A last word that was cut off, whole, where one form or business word alone begins so (corpora, technol, limite); else itself."""
        if len(word) < 3 or not word.isascii() or word in self.single or word in self.form_ends or word in self.ordinary:
            return word
        whole = self._begun.get(word, ())
        return whole[0] if len(whole) == 1 else word

    def corrected(self, word: str) -> tuple[str, Kind] | None:
        """What a word in no vocabulary means if it is one slip away from a long word that is (tecnology, corporatioin)."""
        if len(word) < CORRECTED or not word.isascii() or word in self.ordinary or word in self.single:
            return None
        for short in _deletes(word):
            for near in sorted(self._near.get(short, ())):
                if near[0] == word[0] and OSA.distance(near, word, score_cutoff=1) == 1:
                    return self.single.get(near, ("", "f"))
        return None

    def _load_forms(self) -> None:
        for line in data_lines("forms.txt"):
            kind, _, rest = line.partition(":")
            for writing in rest.split(","):
                folded = fold_letters(writing.strip())
                if kind == "han":
                    self.unspaced_forms.append(folded.replace(" ", ""))
                elif folded.strip():
                    self.forms.setdefault(tuple(folded.split()), kind)
        self.unspaced_forms.sort(key=len, reverse=True)

    def _load(self, name: str, with_kind: bool) -> None:
        for line in data_lines(name):
            head, _, rest = line.partition(":")
            kind: Kind = head.split(" ", 1)[0] if with_kind else "p"  # type: ignore[assignment]
            if kind == "p" and head == FIRST_CITY:
                self.countries = frozenset(meaning for meaning, kind in self.single.values() if kind == "p") | {
                    item[1] for items in self.phrases.values() for item in items if item[2] == "p"
                }
            for cluster in rest.split(";"):
                writings = [fold_letters(writing.strip()).split() for writing in cluster.split(",")]
                for writing in writings:
                    self._add(writing, " ".join(writings[0]), kind)

    def _add(self, words: list[str], meaning: str, kind: Kind) -> None:
        if not words:
            return
        glued = "".join(words)
        if IS_UNSPACED.match(glued):
            if len(glued) > 1 or kind == "x":
                self.unspaced.setdefault(glued, (meaning, kind))
        elif len(words) == 1:
            self.single.setdefault(words[0], (meaning, kind))
        else:
            self.phrases.setdefault(words[0], []).append((tuple(words), meaning, kind))


CORRECTED = 7
"""Letters a word needs to be taken for a misspelt word of the vocabulary."""


def _deletes(word: str) -> list[str]:
    return [word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))]


@cache
def lexicon() -> Lexicon:
    """The vocabularies, loaded once."""
    return Lexicon()


@lru_cache(maxsize=400_000)
def read_word(raw: str) -> Word:
    """A word by itself; the answers are kept, up to a bound, under the word itself."""
    known = lexicon().single.get(raw)
    if known is None and raw.startswith("ال"):
        known = lexicon().single.get(raw[2:])
    if known is not None:
        return meaning_of(raw, *known)
    number = _number(raw)
    if number:
        return Word(number, raw, "n", WEIGHTS["n"], "")
    latin = romanise(raw)
    if (meant := lexicon().corrected(latin)) is not None:
        return meaning_of(raw, *meant)
    if latin != raw and (known := lexicon().single.get(latin)):
        return meaning_of(raw, *known)
    return telling(latin or raw, raw)


def meaning_of(raw: str, meaning: str, kind: Kind) -> Word:
    """A word of the vocabulary; its meaning is marked, so that no telling word is taken for it."""
    weight = COUNTRY if kind == "p" and meaning in lexicon().countries else WEIGHTS[kind]
    return Word(meaning, raw, kind, weight, "")


def telling(text: str, raw: str) -> Word:
    """A word that is in no vocabulary."""
    weight = ORDINARY if text in lexicon().ordinary else SHORT.get(len(text), 1.0)
    return Word(text, raw, "d", weight, sound(text))


def _number(raw: str) -> str:
    """The number a word means, as digits; a word that only holds digits beside letters counts as one too (2007ahl1)."""
    if raw.isdigit():
        return raw.lstrip("0") or "0"
    if raw in ROMAN:
        return str(ROMAN[raw])
    if raw in NUMBERS:
        return str(NUMBERS.index(raw))
    if raw in TENS:
        return str(TENS[raw])
    if raw[:-2].isdigit() and raw[-2:] in ("st", "nd", "rd", "th"):
        return raw[:-2]
    return raw if raw[0].isdigit() and not raw.isalpha() and any(char.isdigit() for char in raw[1:]) else ""
