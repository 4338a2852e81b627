"""Where the data beside the project is, and what is absent."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder(part: str) -> Path | None:
    """A folder of the data kept beside the project, or None (said on standard error) when it is not there."""
    base = Path(os.environ.get("OFFLIMITS_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    folder = base / part
    if folder.exists():
        return folder
    print(f"absent: {part} (set OFFLIMITS_DATA to the folder that holds it)", file=sys.stderr)
    return None
