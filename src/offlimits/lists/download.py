"""One publisher's address into a file: conditional, tried again at passing faults, never led to another host."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from offlimits import __version__
from offlimits.errors import ListError

TRIES = 3
WAIT_SECONDS = 0.2
"""Before the second try; three times as long before the next."""

TIMEOUT_SECONDS = 30.0
MAX_BYTES = 1 << 30
"""Larger than any list there is; a longer answer is not one."""

REDIRECTS = 5
PASSING = (429, 500, 502, 503, 504)
"""Answers that another try may not get again."""

OnBytes = Callable[[int, int | None], None]
"""Called with the bytes read so far and the whole, where the publisher says it."""


@contextmanager
def open_client(client: httpx.Client | None = None) -> Iterator[httpx.Client]:
    """The given client, or one of our own that is closed afterwards."""
    if client is not None:
        yield client
        return
    with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, headers={"User-Agent": f"offlimits/{__version__}"}) as made:
        yield made


def download(http: httpx.Client, url: str, target: Path, known: dict[str, str], on_bytes: OnBytes | None) -> dict[str, str] | None:
    """Fetch one address into a file; its validators (`etag`, `last-modified`), or None where it has not changed since the `known` ones.

    Passing faults (no connection, cut off, 429, 5xx) are tried three times. Raises `ListError`.
    """
    headers = {"If-None-Match": known["etag"]} if "etag" in known else {}
    headers |= {"If-Modified-Since": known["last-modified"]} if "last-modified" in known else {}
    for attempt in range(TRIES):
        try:
            return _ask(http, url, target, headers, on_bytes)
        except (httpx.TransportError, _Passing) as error:
            if attempt == TRIES - 1:
                raise ListError(
                    f"{url} cannot be fetched: {error or type(error).__name__}", "the copy at hand stays; try again later"
                ) from error
            time.sleep(WAIT_SECONDS * 3**attempt)
    raise AssertionError("unreachable")


class _Passing(Exception):
    """A fault that may be gone at the next try."""


def _ask(http: httpx.Client, url: str, target: Path, headers: dict[str, str], on_bytes: OnBytes | None) -> dict[str, str] | None:
    address = url
    for _ in range(REDIRECTS):
        with http.stream("GET", address, headers=headers) as answer:
            if answer.has_redirect_location:
                address = _same_host(address, answer.headers["location"])
                continue
            if answer.status_code == 304:
                return None
            if answer.status_code in PASSING:
                raise _Passing(f"the publisher answers {answer.status_code}")
            if answer.status_code != 200:
                raise ListError(
                    f"{url} answers {answer.status_code} {answer.reason_phrase}",
                    "the copy at hand stays; the publisher may have moved the file: find it, and give it with --list",
                )
            _save(answer, target, on_bytes)
            return {name: answer.headers[name] for name in ("etag", "last-modified") if name in answer.headers}
    raise ListError(f"{url} leads in circles", "the copy at hand stays")


def _same_host(before: str, location: str) -> str:
    after = urljoin(before, location)
    if (urlsplit(after).scheme, urlsplit(after).netloc) != (urlsplit(before).scheme, urlsplit(before).netloc):
        raise ListError(
            f"{before} leads to another address, {after}",
            "it is not followed: only publishers' addresses that were printed before are asked. Fetch it by hand if you trust it",
        )
    return after


def _save(answer: httpx.Response, target: Path, on_bytes: OnBytes | None) -> None:
    """The whole body into a file, flushed. Raises `_Passing` when it is shorter than announced."""
    said = answer.headers.get("content-length")
    whole = int(said) if said and said.isdigit() and "content-encoding" not in answer.headers else None
    if "html" in answer.headers.get("content-type", "") and target.suffix not in (".html", ".htm"):
        raise ListError(
            f"{answer.url} sends a web page instead of the list",
            "the copy at hand stays; the publisher may ask for a log-in, or have moved it",
        )
    size = 0
    with target.open("wb") as stream:
        for block in answer.iter_bytes(1 << 16):
            size += len(block)
            if size > MAX_BYTES:
                raise ListError(f"{answer.url} sends more than {MAX_BYTES:,} bytes", "no list is that long; nothing was taken")
            stream.write(block)
            if on_bytes:
                on_bytes(size, whole)
        stream.flush()
        os.fsync(stream.fileno())
    if whole is not None and size != whole:
        raise _Passing(f"cut off after {size:,} of {whole:,} bytes")
