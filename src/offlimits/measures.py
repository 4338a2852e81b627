"""Which measures touch a company, on which date, and whom they bind. Pure functions over the registry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from offlimits.errors import UsageError
from offlimits.model import PROFILES, Channel, Measure
from offlimits.registry import Path as Chain
from offlimits.registry import Registry
from offlimits.report import MeasureState

InForce = Literal["yes", "no", "unknown"]


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who the user is: a name, and the built-in profiles it acts as (a university that takes US federal grants acts as two)."""

    name: str
    acts_as: tuple[str, ...]


def read_profile(text: str) -> Profile:
    """A built-in profile by its name, or a YAML file with `name:` and `acts_as: [...]`.

    Raises `UsageError` when it is neither.
    """
    if text in PROFILES:
        return Profile(name=text, acts_as=() if text == "neutral" else (text,))
    known = ", ".join(PROFILES)
    path = Path(text)
    if not path.is_file():
        raise UsageError(
            f"there is no profile {text!r}", f"the profiles are: {known}; or give a YAML file with `name:` and `acts_as: [...]`"
        )
    try:
        profile = msgspec.yaml.decode(path.read_bytes(), type=Profile)
    except (msgspec.MsgspecError, OSError, ValueError) as error:
        raise UsageError(f"{path} is no profile: {error}", "write `name: our-council` and `acts_as: [uk-local-authority]`") from error
    unknown = [name for name in profile.acts_as if name not in PROFILES]
    if unknown:
        raise UsageError(f"{path}: there is no profile {unknown[0]!r}", f"the profiles are: {known}")
    return profile


def is_proven(measure: Measure) -> bool:
    """Whether a primary source of the measure was read; without one it is reported, and never said to bind."""
    return any(source.cls == "primary" for source in measure.evidence)


def in_force(measure: Measure, on: date) -> tuple[InForce, str]:
    """Whether a measure holds on a day, and why. `unknown` where the evidence itself says that nobody could show it."""
    for doubt in measure.doubts:
        if doubt.since <= on and (doubt.until is None or on < doubt.until):
            return "unknown", doubt.why
    for period in measure.periods:
        if period.since <= on and (period.until is None or on < period.until):
            return "yes", f"in force since {period.since}" + (f", until {period.until}" if period.until else "")
    if measure.kind == "proposed":
        return "no", "proposed, not adopted"
    later = [period.since for period in measure.periods if period.since > on]
    if later:
        return "no", f"takes effect on {min(later)}"
    ended = [period.until for period in measure.periods if period.until and period.until <= on]
    return "no", f"ended on {max(ended)}" if ended else "no period in the evidence"


def binding(measure: Measure, profile: Profile, state: InForce) -> tuple[Literal["you", "others", "depends"], str]:
    """Whether a measure binds a profile: yes, on a condition in words, or others only. `neutral` is never said to be bound."""
    if state == "no":
        return "others", measure.binds_text
    bound = [name for name in profile.acts_as if name in measure.binds]
    if bound and state == "yes" and is_proven(measure):
        return "you", measure.condition
    if bound:
        doubt = "it is not certain that it is in force" if state == "unknown" else "no primary source was read; check the text first"
        return "depends", f"{doubt}; {measure.condition}".rstrip("; ")
    conditions = [measure.depends[name] for name in profile.acts_as if name in measure.depends]
    if conditions:
        return "depends", "; ".join(conditions)
    return "others", measure.binds_text


def measures_on(registry: Registry, path: Chain, channel: Channel, profile: Profile, as_of: date) -> list[MeasureState]:
    """Every measure that touches what was found, those that bind first.

    A measure touches what it names; with `affiliates` also subsidiaries of whom it names, with `products` also goods made by them
    under other brands. An own brand is its owner. An ended tie is touched by nothing.
    """
    touched = [measure for measure in registry.data.measures if channel in measure.channels and touches(measure, path)]
    states = [_state(measure, profile, as_of) for measure in touched]
    order = {"you": 0, "depends": 1, "others": 2}
    force = {"yes": 0, "unknown": 1, "no": 2}
    return sorted(states, key=lambda state: (order[state.binds], force[state.in_force], state.id))


def _state(measure: Measure, profile: Profile, as_of: date) -> MeasureState:
    force, reason = in_force(measure, as_of)
    binds, condition = binding(measure, profile, force)
    return MeasureState(id=measure.id, in_force=force, reason=reason, binds=binds, condition=condition)


def touches(measure: Measure, path: Chain) -> bool:
    """Whether a measure reaches an entity by any step of its chain."""
    return any(name in measure.names for name in _reached(measure, path))


def _reached(measure: Measure, path: Chain) -> Iterator[str]:
    yield path.entity
    for hop in path.hops:
        relation = hop.link.relation
        passes = (
            relation == "brand"
            or (relation in ("subsidiary", "joint") and measure.affiliates)
            or (relation == "made-by" and measure.products)
        )
        if not hop.active or hop.link.disputed or not passes:
            return
        yield hop.link.of
