"""Money through funds: x = (I − W)⁻¹ B, W fund → fund, B fund → end, by adding up the steps of the geometric series.

Long and short are walked apart: a short of a fund turns its longs into shorts. Control is another walk: `offlimits.aggregates.control`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy
from scipy import sparse
from scipy.sparse.csgraph import connected_components

MAX_ROUNDS = 10_000
TINY = 1e-15


class NoEnd(ValueError):
    """The funds own so much of each other that the money never arrives anywhere."""


class Graph(msgspec.Struct, frozen=True):
    """`funds[(a, b)]`: the part of fund `a` that is fund `b`; `ends[(a, c)]`: the part of `a` that is end `c`. Parts are of 1, shorts
    negative."""

    size: int
    ends: int
    to_funds: Mapping[tuple[int, int], float]
    to_ends: Mapping[tuple[int, int], float]


def matrix(shape: tuple[int, int], parts: Mapping[tuple[int, int], float]) -> Any:
    """A sparse matrix of the parts."""
    if not parts:
        return sparse.csr_array(shape)
    keys = numpy.array(list(parts), dtype=numpy.int64)
    return sparse.csr_array((numpy.fromiter(parts.values(), float, len(parts)), (keys[:, 0], keys[:, 1])), shape=shape)


def settle(weights: Any, start: Any) -> Any:
    """(I − W)⁻¹ start, by Neumann's series. `start` is a vector or one column for each end.

    Raises `NoEnd` where the series does not shrink: a loop of funds that hold each other whole (spectral radius 1 or more).
    """
    total = step = start
    before = numpy.inf
    for number in range(MAX_ROUNDS):
        step = weights @ step
        size = _size(step)
        if size <= TINY * max(_size(total), 1e-300):
            return total + step
        if not numpy.isfinite(size) or (number > 200 and size >= before):
            break
        if number % 100 == 0:
            before = size
        total = total + step
    raise NoEnd("a loop of funds owns itself whole; its money arrives nowhere")


def _size(values: Any) -> float:
    data = values.data if sparse.issparse(values) else values
    return float(numpy.abs(data).max()) if data.size else 0.0


def exposures(weights: Any, ends: Any) -> Any:
    """For every fund the part that is in each end: funds × ends, as a sparse or dense array like `ends`."""
    return settle(weights, ends)


def spread(graph: Graph, money: Mapping[int, float]) -> tuple[list[float], list[float], list[float]]:
    """Where one portfolio's money arrives: long and short of each end, and gross money that passes through each fund."""
    weights, ends = matrix((graph.size, graph.size), graph.to_funds), matrix((graph.size, graph.ends), graph.to_ends)
    up, down = weights.maximum(0), (-weights).maximum(0)
    both = sparse.block_array([[up, down], [down, up]], format="csr")
    start = numpy.zeros(2 * graph.size)
    for fund, amount in money.items():
        start[fund if amount >= 0 else graph.size + fund] += abs(amount)
    held = settle(both.T.tocsr(), start)
    longs, shorts = held[: graph.size], held[graph.size :]
    plus, minus = ends.maximum(0), (-ends).maximum(0)
    return (
        list(longs @ plus + shorts @ minus),
        list(longs @ minus + shorts @ plus),
        list(longs + shorts),
    )


def cycles(size: int, to_funds: Mapping[tuple[int, int], float]) -> list[list[int]]:
    """Funds that hold each other in a ring (strongly connected), a fund that holds itself among them."""
    if not size:
        return []
    _, labels = connected_components(matrix((size, size), to_funds), directed=True, connection="strong")
    rings: dict[int, list[int]] = {}
    for node, label in enumerate(labels):
        rings.setdefault(int(label), []).append(node)
    selves = {a for (a, b) in to_funds if a == b}
    return [ring for ring in rings.values() if len(ring) > 1 or ring[0] in selves]
