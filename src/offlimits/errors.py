"""What stops a run. Bad rows are data (`Reject`); these are the faults a caller must see."""

from __future__ import annotations


class OfflimitsError(Exception):
    """Base of every error this package raises on purpose: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(OfflimitsError):
    """The caller asked for something that cannot be done as asked."""


class RegistryError(OfflimitsError):
    """The evidence does not load. `faults` holds every fault found, each with file and place."""

    def __init__(self, faults: list[str]) -> None:
        lines = "\n".join(f"  {fault}" for fault in faults)
        count = f"{len(faults)} fault" + ("s" if len(faults) != 1 else "")
        super().__init__(f"the evidence does not load: {count}\n{lines}", "mend the files named and run `offlimits registry check`")
        self.faults = faults


class ListError(OfflimitsError):
    """An official list no longer has the form this program knows, or is not whole. Nothing was taken from it."""


class SourceError(OfflimitsError):
    """One input cannot be read. `code` is the permanent reject code it becomes."""

    code = "damaged-source"


class UnrecognisedFormat(SourceError):
    """No reader knows this content."""

    code = "unrecognised-format"


class DamagedSource(SourceError):
    """The format is known, the content is broken."""

    code = "damaged-source"


class SourceTooLarge(SourceError):
    """Reading it whole would take more memory or disk than is allowed (a zip bomb, for one)."""

    code = "source-too-large"


class ProtectedSource(SourceError):
    """The file is encrypted or needs a password."""

    code = "password-protected"


class UnreadableSource(SourceError):
    """The file cannot be opened: it vanished, or may not be read."""

    code = "unreadable-source"
