"""One YAML file of the evidence: its data, where each part of it stands, and the faults found in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from offlimits.model import Value

T = TypeVar("T", bound=Value)
P = TypeVar("P", list[Any], dict[str, Any])


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2's booleans: only true and false, so that the key `on` and the country NO stay words."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class EvidenceFile:
    """One YAML file being read: its data, and where each part of it stands."""

    def __init__(self, path: Path, root: Path, faults: list[str]) -> None:
        self.name = path.relative_to(root).as_posix()
        self.faults = faults
        self.declared: set[str] = set()
        self.node: Any = None
        self.data: Any = {}
        try:
            loader = Loader(path.read_text(encoding="utf-8"))
            self.node = loader.get_single_node()
            self.data = loader.construct_document(self.node) if self.node else None
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{self.name}: cannot be read: {error}")
            return
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            faults.append(f"{self.name}{line}: not YAML: {getattr(error, 'problem', error)}")
            return
        if not isinstance(self.data, dict):
            faults.append(f"{self.name}:1: the file must hold a mapping")
            self.data = {}
        self._check_keys(self.node, "")

    def _check_keys(self, node: Any, pointer: str) -> None:
        """YAML lets a later key silently replace an earlier one; here it is a fault."""
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
                self.fault(f"{pointer}/{key}", "the key stands here twice")
            for key, value in node.value:
                self._check_keys(value, f"{pointer}/{key.value}")
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                self._check_keys(value, f"{pointer}/{number}")

    def part(self, key: str, kind: type[P], within: Any = None, pointer: str = "") -> P:
        """A mapping or a sequence inside the file; an empty one, and a fault, when something else stands there."""
        found = (self.data if within is None else within).get(key)
        if found is not None and not isinstance(found, kind):
            self.fault(f"{pointer}/{key}", f"must be a {'mapping' if kind is dict else 'sequence'}")
        return found if isinstance(found, kind) else kind()

    def fault(self, pointer: str, message: str) -> None:
        self.faults.append(f"{self.name}:{self._line(pointer)} {pointer or '/'}: {message}")

    def _line(self, pointer: str) -> int:
        node = self.node
        for part in filter(None, pointer.split("/")):
            child = _child(node, part)
            if child is None:
                break
            node = child
        return int(node.start_mark.line) + 1 if node is not None else 1

    def convert(self, raw: Any, kind: type[T], pointer: str) -> T | None:
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            message, _, where = str(error).partition(" - at `$")
            extra = where.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
            self.fault(pointer + extra, message)
            return None


def _child(node: Any, part: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        return node.value[int(part)]
    return None
