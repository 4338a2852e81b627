"""The weights of both scores, in log-odds.

`SAME` was fitted by `bench/names/fit.py --seconds 150 --seed 3` on the tuning halves of the sets and on names that must not alert, each
weight within the bounds that stand there; nothing was set by hand afterwards. `RELATED` was set by hand. Changing one is a change of the
matcher: run `bench/names` before and after.
"""

from __future__ import annotations

SAME: dict[str, float] = {
    "start": 0.17,
    "same-name": 1.01,
    "telling-shared": 4.50,
    "other-shared": 1.90,
    "covered": 1.65,
    "telling-left": -3.00,
    "telling-both": -1.73,
    "trade-left": -3.45,
    "trade-both": -1.45,
    "common-left": -0.30,
    "common-both": -0.65,
    "place-left": -5.86,
    "place-both": -4.00,
    "number-left": -3.53,
    "number-both": -13.94,
    "slips": -2.43,
    "slip-alone": -1.55,
    "acronym-alone": -7.09,
    "branch": -3.00,
    "lone-word": -4.52,
    "nothing-telling": -2.15,
    "short-word": -3.05,
    "other-form": -2.98,
    "other-order": -1.51,
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
