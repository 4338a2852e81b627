"""Bytes read at many places at once: the same fields of every record of a batch, as columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def fields(**kinds: tuple[int, str]) -> np.dtype[Any]:
    """The form of a head: name, place in it, and kind of each field that matters."""
    places, formats = zip(*kinds.values(), strict=True)
    size = max(place + np.dtype(form).itemsize for place, form in kinds.values())
    return np.dtype({"names": list(kinds), "formats": formats, "offsets": places, "itemsize": size})


def gathered(data: bytes, at: Ints, form: np.dtype[Any]) -> NDArray[Any]:
    """The heads of this form that begin at these places, one behind another in memory; what lies behind the end of the data is zeros."""
    size, kind = form.itemsize, f"V{form.itemsize}"
    last = len(data) - size
    if len(at) and last >= 0 and int(at.max()) <= last:
        return np.ndarray((last + 1,), kind, data, 0, (1,))[at].view(form)
    low = max(last, 0)
    ending = np.ndarray((len(data) - low + 1,), kind, data[low:] + bytes(size), 0, (1,))
    found = ending[np.clip(at - low, 0, len(ending) - 1)]
    if low:
        early = np.flatnonzero(at <= last)
        found[early] = np.ndarray((last + 1,), kind, data, 0, (1,))[at[early]]
    return found.view(form)
