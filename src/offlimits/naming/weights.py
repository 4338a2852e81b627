"""The weights of both scores, in log-odds.

`SAME` was fitted by `bench/names/fit.py` on the tuning halves of the sets, each weight within the sign that `FEATURES` allows; `RELATED`
was set by hand. Changing one is a change of the matcher: run `bench/names` before and after.
"""

from __future__ import annotations

SAME: dict[str, float] = {
    "start": -0.68,
    "same-name": 1.01,
    "telling-shared": 4.50,
    "other-shared": 0.82,
    "covered": 2.54,
    "telling-left": -4.50,
    "telling-both": -0.80,
    "trade-left": -2.50,
    "trade-both": -0.80,
    "common-left": -0.65,
    "common-both": -0.30,
    "place-left": -5.00,
    "place-both": -4.02,
    "number-left": -4.00,
    "number-both": -9.00,
    "slips": -4.61,
    "slip-alone": -2.44,
    "acronym-alone": -0.80,
    "branch": -3.00,
    "lone-word": -4.77,
    "nothing-telling": -2.00,
    "short-word": -1.49,
    "other-form": -0.54,
    "other-order": -0.11,
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
