"""Who these companies are: evidence → model → indexes."""

from offlimits.registry.compile import hash_evidence, load_registry
from offlimits.registry.load import RegistryData, evidence_folder, load_evidence
from offlimits.registry.store import Hop, Path, Registry, weaker

__all__ = ["Hop", "Path", "Registry", "RegistryData", "evidence_folder", "hash_evidence", "load_evidence", "load_registry", "weaker"]
