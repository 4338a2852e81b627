"""Who these companies are: evidence → model → indexes. Reading the YAML itself is `offlimits.registry.load`."""

from offlimits.registry.compile import hash_evidence, load_registry
from offlimits.registry.data import RegistryData, evidence_folder
from offlimits.registry.store import Hop, Path, Registry, weaker

__all__ = ["Hop", "Path", "Registry", "RegistryData", "evidence_folder", "hash_evidence", "load_registry", "weaker"]
