"""The weights of both scores, in log-odds.

`SAME` was fitted by `bench/names/fit.py` on the tuning halves of the sets, each weight within the sign that `FEATURES` allows; `RELATED`
was set by hand. Changing one is a change of the matcher: run `bench/names` before and after.
"""

from __future__ import annotations

SAME: dict[str, float] = {
    "start": -1.53,
    "same-name": 2.35,
    "telling-shared": 3.67,
    "other-shared": 1.10,
    "covered": 1.11,
    "telling-left": -1.66,
    "telling-both": -1.42,
    "trade-left": -1.24,
    "trade-both": -2.04,
    "common-left": -1.27,
    "common-both": -0.61,
    "place-left": -4.18,
    "place-both": -7.66,
    "number-left": -3.86,
    "number-both": -5.92,
    "slips": -3.87,
    "slip-alone": -0.61,
    "acronym-alone": -0.80,
    "branch": -3.00,
    "lone-word": -3.00,
    "nothing-telling": -1.00,
    "short-word": -1.00,
    "other-form": -2.51,
    "other-order": -0.42,
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
