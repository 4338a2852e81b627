"""`Registry` → what other programs and other people take. One file per format, one visible tuple; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from offlimits.errors import UsageError
from offlimits.exports.base import Export
from offlimits.files import write_output
from offlimits.registry import Registry


class Ftm:
    """FollowTheMoney entities, one JSON a line."""

    name = "ftm"
    about = "FollowTheMoney entities, one JSON a line"

    def file(self, registry: Registry) -> bytes | None:
        from offlimits.exports.ftm import export_ftm

        return export_ftm(registry)

    def folder(self, registry: Registry) -> Mapping[str, bytes]:
        return {"entities.ftm.json": self.file(registry) or b""}

    def left_out(self, registry: Registry) -> list[str]:
        from offlimits.exports.ftm import left_out

        return left_out(registry)


class Yente:
    """The same entities with a manifest that yente loads."""

    name = "yente"
    about = "a folder with those entities and a manifest that yente loads"

    def file(self, registry: Registry) -> bytes | None:
        return None

    def folder(self, registry: Registry) -> Mapping[str, bytes]:
        from offlimits.exports.yente import export_yente

        return export_yente(registry)

    def left_out(self, registry: Registry) -> list[str]:
        return Ftm().left_out(registry)


class Senzing:
    """Senzing's JSON Lines."""

    name = "senzing"
    about = "JSON Lines after Senzing's Entity Specification"

    def file(self, registry: Registry) -> bytes | None:
        from offlimits.exports.senzing import export_senzing

        return export_senzing(registry)

    def folder(self, registry: Registry) -> Mapping[str, bytes]:
        return {"offlimits.senzing.jsonl": self.file(registry) or b""}

    def left_out(self, registry: Registry) -> list[str]:
        from offlimits.exports.senzing import left_out

        return left_out(registry)


class Csv:
    """Tables for spreadsheets."""

    name = "csv"
    about = "one long table, or a folder of tables"

    def file(self, registry: Registry) -> bytes | None:
        from offlimits.exports.tables import one_table

        return one_table(registry)

    def folder(self, registry: Registry) -> Mapping[str, bytes]:
        from offlimits.exports.tables import tables

        return tables(registry)

    def left_out(self, registry: Registry) -> list[str]:
        return []


class Site:
    """Pages to browse, with search and without a server."""

    name = "site"
    about = "a folder of pages to browse, with search, without a server"

    def file(self, registry: Registry) -> bytes | None:
        return None

    def folder(self, registry: Registry) -> Mapping[str, bytes]:
        from offlimits.exports.site import export_site

        return export_site(registry)

    def left_out(self, registry: Registry) -> list[str]:
        return []


EXPORTS: tuple[Export, ...] = (Ftm(), Senzing(), Csv(), Yente(), Site())

LISTING = ".offlimits-export"
"""Inside a folder written by an export: the files it wrote, one a line, so that the next export can take away what is no longer said."""


def export_for(name: str) -> Export:
    """The export of that name. Raises `UsageError` when there is none."""
    for item in EXPORTS:
        if item.name == name:
            return item
    raise UsageError(f"there is no export {name!r}", f"the exports are: {', '.join(item.name for item in EXPORTS)}")


def export(form: Export, registry: Registry, output: Path | None) -> bytes | None:
    """Write an export where it was asked for; the bytes of one file where nowhere was.

    A folder is one that exists, or a name without a suffix; a format that is always a folder takes any name. Raises `UsageError` where
    such a format got no name or the name of a file, and `OfflimitsError` where nothing can be written.
    """
    content = form.file(registry) if output is None or not _is_folder(output) else None
    if content is None:
        if output is None:
            raise UsageError(f"{form.name} is {form.about}: it needs a place", f"add -o offlimits-{form.name}")
        if output.is_file():
            raise UsageError(f"{str(output)!r} is a file, and {form.name} is {form.about}", "name a folder")
        write_folder(output, form.folder(registry))
    elif output is not None:
        write_output(output, content)
        return None
    return content


def _is_folder(path: Path) -> bool:
    return path.is_dir() or not path.suffix


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write an export's files, each atomically, and take away those that an earlier export wrote here and this one does not.

    Other files in the folder stay as they are. Raises `OfflimitsError`.
    """
    earlier = _listed(folder)
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot make the folder {path.parent}: {error.strerror}", "name another folder with --output") from error
        write_output(path, content)
    for name in sorted(earlier - files.keys()):
        (folder / name).unlink(missing_ok=True)
    write_output(folder / LISTING, "".join(f"{name}\n" for name in sorted(files)).encode())


def _listed(folder: Path) -> set[str]:
    """What an earlier export wrote here; never a name that leads out of the folder."""
    listing = folder / LISTING
    if not listing.is_file():
        return set()
    names = listing.read_text(encoding="utf-8", errors="replace").splitlines()
    root = folder.resolve()
    return {name for name in names if name and (root / name).resolve().is_relative_to(root) and not (root / name).is_dir()}
