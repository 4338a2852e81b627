"""Unmask a register: which lines come from a maker of the surveillance technology used in Xinjiang, on whose word, and what binds you
today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from offlimits.comparison import Comparison, compare
    from offlimits.registry import Registry, load_registry
    from offlimits.report import Report, ReportFinding
    from offlimits.screening import screen

__all__ = ["Comparison", "Registry", "Report", "ReportFinding", "__version__", "compare", "load_registry", "screen"]

_HOMES = {
    "Comparison": "offlimits.comparison",
    "compare": "offlimits.comparison",
    "Registry": "offlimits.registry",
    "load_registry": "offlimits.registry",
    "Report": "offlimits.report",
    "ReportFinding": "offlimits.report",
    "screen": "offlimits.screening",
}


def __getattr__(name: str) -> Any:
    """The public API is imported when it is asked for: `offlimits --help` must not wait for parsers it does not use."""
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'offlimits' has no attribute {name!r}")
