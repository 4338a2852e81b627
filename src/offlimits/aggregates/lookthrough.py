"""Money through funds: x = (I − Wᵀ)⁻¹ s, W the part of each fund that is another fund, s the money put in.

The funds are walked in the order of their rings (strongly connected components): a fund in no ring hands its money on once, in exact
decimals; a small ring is solved exactly; a large one by adding up the rounds of the geometric series. Control is another walk:
`offlimits.aggregates.control`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

Edges = Mapping[int, Sequence[tuple[int, Decimal]]]
"""`edges[a]`: the nodes that node `a` is made of, each with its part of 1, never negative."""

SOLVED_WHOLE = 40
"""A ring of so many funds is solved by elimination; a larger one by rounds."""

MAX_ROUNDS = 20_000
TINY = 1e-17
ZERO, ONE = Decimal(0), Decimal(1)


class NoEnd(ValueError):
    """The funds of a ring own so much of each other that money never leaves it."""


def rings(edges: Edges, starts: Iterable[int]) -> list[list[int]]:
    """Strongly connected components that the starts reach, each before those it leads to (Tarjan 1972, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    waiting: set[int] = set()
    found: list[list[int]] = []
    for start in starts:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        waiting.add(start)
        work = [(start, iter(edges.get(start, ())))]
        while work:
            node, rest = work[-1]
            for inner, _ in rest:
                if inner not in index:
                    index[inner] = low[inner] = len(index)
                    stack.append(inner)
                    waiting.add(inner)
                    work.append((inner, iter(edges.get(inner, ()))))
                    break
                if inner in waiting and index[inner] < low[node]:
                    low[node] = index[inner]
            else:
                work.pop()
                if work and low[node] < low[work[-1][0]]:
                    low[work[-1][0]] = low[node]
                if low[node] == index[node]:
                    cut = stack.index(node) if len(stack) < 64 else _position(stack, node)
                    found.append(stack[cut:])
                    waiting.difference_update(stack[cut:])
                    del stack[cut:]
    return found[::-1]


def _position(stack: list[int], node: int) -> int:
    """Where a node stands in the stack, searched from its end."""
    at = len(stack) - 1
    while stack[at] != node:
        at -= 1
    return at


def settle(edges: Edges, start: Mapping[int, Decimal]) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """How much passes through each node, and what got stuck: money that entered a ring without an end, by the node it entered at."""
    held = dict(start)
    stuck: dict[int, Decimal] = {}
    for ring in rings(edges, [node for node, amount in start.items() if amount]):
        inside = set(ring)
        if len(ring) > 1 or any(inner == ring[0] for inner, _ in edges.get(ring[0], ())):
            entered = {node: held.get(node, ZERO) for node in ring}
            try:
                held |= _ring(edges, ring, entered)
            except NoEnd:
                stuck |= {node: amount for node, amount in entered.items() if amount}
                held |= dict.fromkeys(ring, ZERO)
                continue
        for node in ring:
            amount = held.get(node, ZERO)
            if amount:
                for inner, part in edges.get(node, ()):
                    if inner not in inside:
                        held[inner] = held.get(inner, ZERO) + amount * part
    return held, stuck


def _ring(edges: Edges, ring: Sequence[int], entered: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What passes through each node of one ring, all its rounds together. Raises `NoEnd`."""
    return _eliminated(edges, ring, entered) if len(ring) <= SOLVED_WHOLE else _by_rounds(edges, ring, entered)


def _eliminated(edges: Edges, ring: Sequence[int], entered: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Gauss on (I − Wᵀ) x = entered. The parts are not negative, so a ring has an end exactly where every pivot is positive."""
    at = {node: number for number, node in enumerate(ring)}
    rows = [[ONE if row == column else ZERO for column in range(len(ring))] + [entered[node]] for row, node in enumerate(ring)]
    for node in ring:
        for inner, part in edges.get(node, ()):
            if inner in at:
                rows[at[inner]][at[node]] -= part
    for pivot, row in enumerate(rows):
        if row[pivot] <= Decimal("1e-18"):
            raise NoEnd
        for below in rows[pivot + 1 :]:
            _subtract(below, row, pivot)
    for pivot in range(len(rows) - 1, -1, -1):
        rows[pivot][-1] /= rows[pivot][pivot]
        for above in rows[:pivot]:
            above[-1] -= above[pivot] * rows[pivot][-1]
    return {node: rows[number][-1] for node, number in at.items()}


def _subtract(below: list[Decimal], row: list[Decimal], pivot: int) -> None:
    if factor := below[pivot] / row[pivot]:
        for column in range(pivot, len(row)):
            if row[column]:
                below[column] -= factor * row[column]


def _by_rounds(edges: Edges, ring: Sequence[int], entered: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Neumann's series: each round is what the one before hands on, until nothing is left that a double could show."""
    at = {node: number for number, node in enumerate(ring)}
    out = [[(at[inner], float(part)) for inner, part in edges.get(node, ()) if inner in at] for node in ring]
    step = [float(entered[node]) for node in ring]
    total, whole = step, sum(step)
    before = whole
    for number in range(MAX_ROUNDS):
        step = _handed_on(out, step)
        total = [amount + more for amount, more in zip(total, step, strict=True)]
        left = sum(step)
        if left <= TINY * whole:
            return {node: Decimal(repr(amount)) for node, amount in zip(ring, total, strict=True)}
        if number % 200 == 199:
            if left >= before:
                break
            before = left
    raise NoEnd


def _handed_on(out: Sequence[Sequence[tuple[int, float]]], step: Sequence[float]) -> list[float]:
    after = [0.0] * len(step)
    for amount, parts in zip(step, out, strict=True):
        if amount:
            for inner, part in parts:
                after[inner] += amount * part
    return after
