"""The weights of both scores, in log-odds.

`SAME` is what `bench/names/fit.py --seconds 75` printed: fitted on the tuning halves of the sets and on names that must not alert, each
weight within the bounds that stand there (its sign, and what must hold whatever the sets say); nothing was changed afterwards. `RELATED`
was set by hand within the same signs. Changing one is a change of the matcher: run `bench/names` before and after.
"""

from __future__ import annotations

SAME: dict[str, float] = {
    "start": 0.19,
    "same-name": 1.00,
    "telling-shared": 4.50,
    "other-shared": 1.44,
    "covered": 6.14,
    "telling-left": -4.00,
    "telling-both": -1.18,
    "trade-left": -2.97,
    "trade-both": -1.90,
    "common-left": -0.79,
    "common-both": -0.31,
    "place-left": -6.81,
    "place-both": -4.00,
    "number-left": -2.74,
    "number-both": -20.39,
    "slips": -0.86,
    "slip-alone": -1.14,
    "acronym-alone": -13.32,
    "branch": -3.00,
    "lone-word": -7.38,
    "nothing-telling": -3.90,
    "short-word": -2.36,
    "other-form": -2.35,
    "other-order": -2.00,
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
