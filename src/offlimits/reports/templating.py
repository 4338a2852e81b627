"""How pages are made from templates: escaped, without hidden characters, an unknown name being an error."""

from __future__ import annotations

import jinja2

from offlimits.reports.words import day, link, number, slug, visible


def environment_of(*packages: str) -> jinja2.Environment:
    """Templates from the `templates` folders of these packages, the first that has one: escaping always on, hidden characters made
    visible; the filters of all pages are there."""
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package) for package in packages]),
        autoescape=True,
        finalize=visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(day=day, number=number, link=link, slug=slug)
    return environment
