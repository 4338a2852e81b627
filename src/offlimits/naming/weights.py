"""The weights of both scores, in log-odds.

`SAME` was fitted by `bench/names/fit.py` on the tuning halves of the sets, each weight within the sign that `FEATURES` allows;
`lone-word` and `number-both` were then lowered by hand until no look-alike and no other number was the same company. `RELATED`
was set by hand. Changing one is a change of the matcher: run `bench/names` before and after.
"""

from __future__ import annotations

SAME: dict[str, float] = {
    "start": 0.22,
    "same-name": 1.00,
    "telling-shared": 4.50,
    "other-shared": 0.65,
    "covered": 5.44,
    "telling-left": -4.50,
    "telling-both": -0.80,
    "trade-left": -2.50,
    "trade-both": -0.80,
    "common-left": -2.74,
    "common-both": -0.57,
    "place-left": -8.20,
    "place-both": -4.00,
    "number-left": -4.00,
    "number-both": -13.00,
    "slips": -1.69,
    "slip-alone": -4.57,
    "acronym-alone": -7.50,
    "branch": -3.00,
    "lone-word": -7.20,
    "nothing-telling": -3.42,
    "short-word": -1.15,
    "other-form": -2.87,
    "other-order": -0.18,
}

RELATED: dict[str, float] = {
    "start": -2.4,
    "same-name": 2.0,
    "telling-shared": 3.4,
    "other-shared": 0.2,
    "covered": 0.6,
    "telling-left": -1.0,
    "telling-both": -2.5,
    "trade-left": 0.0,
    "trade-both": -2.0,
    "common-left": 0.0,
    "common-both": 0.0,
    "place-left": 1.0,
    "place-both": 0.5,
    "number-left": 0.0,
    "number-both": 0.0,
    "slips": -2.0,
    "slip-alone": -1.5,
    "acronym-alone": -1.0,
    "branch": 1.5,
    "lone-word": 0.0,
    "nothing-telling": -4.0,
    "short-word": -1.2,
    "other-form": 0.0,
    "other-order": -0.1,
}
