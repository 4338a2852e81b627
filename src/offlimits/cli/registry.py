"""`offlimits registry …`: the evidence checked, exported, packed, installed."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group("registry")
def registry() -> None:
    """The evidence: check it, export it, install a signed release of it."""


@registry.command("check")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--sources", is_flag=True, help="Print the share of each class of evidence, and every weak spot.")
def registry_check(folder: Path | None, sources: bool) -> int:
    """Load the evidence and print every fault, each with file and place.

    Exit code 0 when there is none, 2 when there are.
    """
    from offlimits.registry import evidence_folder, hash_evidence
    from offlimits.registry.load import load_evidence
    from offlimits.registry.sources import source_lines

    folder = folder or evidence_folder()
    data = load_evidence(folder, sha256=hash_evidence(folder))
    click.echo(
        f"registry {data.version} ({data.sha256[:12]}): {len(data.entities)} entities, {len(data.measures)} measures, {len(data.macs):,} MAC prefixes, {len(data.fingerprints)} fingerprints, no fault"
    )
    if sources:
        for line in source_lines(data):
            click.echo(line)
    return 0


@registry.command("pack")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path(), help="Folder to write into. Default: here.")
def registry_pack(folder: Path | None, output: Path) -> int:
    """Make a release of the registry to be signed: one zip, the same bytes for the same evidence.

    Exit code 0, or 2 when the evidence does not load.
    """
    from offlimits.files import write_output
    from offlimits.registry import evidence_folder
    from offlimits.registry.load import load_evidence
    from offlimits.registry.release import COMMENT, pack

    folder = folder or evidence_folder()
    version = load_evidence(folder).version
    path = output / f"offlimits-registry-{version}.zip"
    write_output(path, pack(folder, version))
    click.echo(f"written: {path}")
    click.echo(f"sign it: minisign -Sm {path} -t '{COMMENT.format(version=version)}'")
    return 0


@registry.command("install")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", required=True, metavar="KEY|FILE", help="The minisign public key you trust: its line, or a .pub file.")
@click.option("--allow-older", is_flag=True, help="Install it although the registry in use is newer.")
def registry_install(file: Path, key: str, allow_older: bool) -> int:
    """Use a signed release of the registry from now on, in place of the one that ships. FILE.minisig must lie beside FILE.

    It is verified now, and again each time it is loaded. Exit code 0, or 2 when it is not what the key's holder signed.
    """
    from offlimits.registry import load_registry
    from offlimits.registry.release import install, read_release

    release, signature = read_release(file, key)
    install(release, signature, load_registry().version, allow_older)
    click.echo(f"registry {release.version} is in use, signed with {release.key.text}")
    return 0


@registry.command("uninstall")
def registry_uninstall() -> int:
    """Go back to the registry that ships with the program. Exit code 0."""
    from offlimits.registry.release import uninstall

    click.echo("the registry that ships is in use" + ("" if uninstall() else " already"))
    return 0


@registry.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["ftm", "senzing", "csv", "yente", "site"]),
    required=True,
    help="ftm: FollowTheMoney entities, one JSON a line; senzing: JSON Lines after Senzing's Entity Specification; csv: one long table, or a folder of tables; yente: a folder with those entities and a manifest that yente loads; site: a folder of pages to browse, with search, without a server.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE|DIR",
    help="Write to this file, or into this folder where it is one or its name has no suffix. Default: standard output, for formats that are one file.",
)
def registry_export(form: str, output: Path | None) -> int:
    """The registry for other programs and other people: screening systems, spreadsheets, a browser.

    What a format has no place for is counted on standard error. A folder keeps what is not ours; pages of an earlier export that are no
    longer there are taken away.

    Exit code 0, or 2 when the evidence does not load or the format needs a folder.
    """
    from offlimits.exports import export, export_for
    from offlimits.registry import load_registry

    chosen, registry = export_for(form), load_registry()
    content = export(chosen, registry, output)
    if content is not None:
        sys.stdout.buffer.write(content)
    if missing := chosen.left_out(registry):
        click.echo(f"not in this format: {', '.join(missing)}", err=True)
    return 0
