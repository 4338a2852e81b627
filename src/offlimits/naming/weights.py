"""The weights of both scores, in log-odds.

`SAME` is what `bench/names/fit.py --seconds 75` printed: fitted on the tuning halves of the sets and on names that must not alert, each
weight within the bounds that stand there (its sign, and what must hold whatever the sets say). `guess-alone` came later, set by hand on
the tuning halves, with a step of four others (`telling-both`, `nothing-telling`, `slip-alone`, `other-order`). `RELATED` was set by hand
within the same signs. Changing one is a change of the matcher: run `bench/names` before and after.
"""

from __future__ import annotations

SAME: dict[str, float] = {
    "start": 0.30,
    "same-name": 1.00,
    "telling-shared": 4.50,
    "other-shared": 1.85,
    "covered": 6.16,
    "telling-left": -4.00,
    "telling-both": -2.00,
    "trade-left": -3.24,
    "trade-both": -1.92,
    "common-left": -0.43,
    "common-both": -0.40,
    "place-left": -7.09,
    "place-both": -4.00,
    "number-left": -3.05,
    "number-both": -20.88,
    "slips": -0.60,
    "slip-alone": -0.22,
    "guess-alone": -9.00,
    "acronym-alone": -13.00,
    "branch": -3.00,
    "lone-word": -7.76,
    "nothing-telling": -4.00,
    "short-word": -2.39,
    "other-form": -2.36,
    "other-order": -0.60,
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
    "guess-alone": -2.0,
    "acronym-alone": -1.0,
    "branch": 1.5,
    "lone-word": 0.0,
    "nothing-telling": -4.0,
    "short-word": -1.2,
    "other-form": 0.0,
    "other-order": -0.1,
}
