"""Fetching lists from a server of our own on the loopback, over HTTPS, that behaves and misbehaves: the copy at hand is never lost."""

from __future__ import annotations

import http.server
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from offlimits.errors import ListError, UsageError
from offlimits.lists import download
from offlimits.lists.publications import Publication
from offlimits.lists.store import kept_file, lists_folder, read_list, state_of
from offlimits.lists.update import apply, discard, fetch

NULLS = ",".join(["-0- "] * 8)
ROW = '{number},"COMPANY {number} LTD",-0- ,"TEST",{nulls}'


def rows(count: int) -> bytes:
    """A list of so many companies, in OFAC's form."""
    return "".join(ROW.format(number=number, nulls=NULLS) + "\r\n" for number in range(1, count + 1)).encode() + b"\x1a\r\n"


class Server(http.server.ThreadingHTTPServer):
    """Serves `bodies` by path; `manner` says how it misbehaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: dict[str, bytes] = {}
        self.manner = ""
        self.asked: list[tuple[str, dict[str, str]]] = []


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        """One answer, after the server's manner."""
        self.server.asked.append((self.path, dict(self.headers)))
        body, manner = self.server.bodies.get(self.path), self.server.manner
        tag = f'"{hash(body)}"'
        if manner == "moved":
            self.send_response(302)
            self.send_header("Location", "https://elsewhere.example/list.csv")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif manner == "circle":
            self.send_response(302)
            self.send_header("Location", self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif manner == "busy" or (manner == "busy-once" and len(self.server.asked) == 1):
            self.send_error(503)
        elif body is None:
            self.send_error(404)
        elif self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
        else:
            self.answer(body, manner, tag)

    def answer(self, body: bytes, manner: str, tag: str) -> None:
        """The body, whole or not."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if manner == "page" else "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", "Tue, 03 Nov 2026 10:00:00 GMT")
        self.end_headers()
        if manner == "cut" or (manner == "cut-once" and len(self.server.asked) == 1):
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
        elif manner == "slow":
            self.wfile.write(body[:10])
            self.wfile.flush()
            time.sleep(1.5)
            self.close_connection = True
        else:
            self.wfile.write(body)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of this test's own."""
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Server]:
    """An HTTPS server on the loopback."""
    running = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def client(authority: trustme.CA) -> Iterator[httpx.Client]:
    """A client that trusts that server, and waits half a second for it."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with httpx.Client(verify=context, timeout=0.5) as made:
        yield made


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies go to a folder of the test's own; tries follow at once."""
    monkeypatch.setenv("OFFLIMITS_LISTS", str(tmp_path / "lists"))
    monkeypatch.setattr(download, "WAIT_SECONDS", 0.01)


def published(server: Server, *names: str, least: int = 1) -> Publication:
    """A publication at the test's server."""
    port = server.server_address[1]
    names = names or ("list.csv",)
    return Publication(
        name="ofac-sdn", form="ofac-csv", title="A list", urls=tuple(f"https://127.0.0.1:{port}/{name}" for name in names), files=names, least=least
    )  # fmt: skip


def take(item: Publication, client: httpx.Client) -> None:
    apply(fetch(item, client=client))


def at_hand() -> bytes:
    return kept_file("ofac-sdn").read_bytes()


def litter() -> list[str]:
    """What is neither the state, nor the edition that counts, nor the one before."""
    state = state_of("ofac-sdn")
    known = {"state.json"} | ({state.folder, state.previous} if state else set())
    return [path.name for path in (lists_folder() / "ofac-sdn").iterdir() if path.name not in known]


def test_first_fetch(server: Server, client: httpx.Client) -> None:
    """A list is fetched, read whole, applied; edition, number of companies and validators are remembered."""
    server.bodies["/list.csv"] = rows(30)
    seen: list[tuple[int, int | None]] = []
    fetched = fetch(published(server), lambda size, whole: seen.append((size, whole)), client)
    assert state_of("ofac-sdn") is None, "nothing counts before it is applied"
    apply(fetched)
    state = state_of("ofac-sdn")
    assert state is not None
    assert (state.companies, str(state.edition), state.previous) == (30, "2026-11-03", "")
    assert at_hand() == rows(30)
    assert seen[-1] == (len(rows(30)), len(rows(30)))
    assert read_list("ofac-sdn").edition == state.edition
    assert litter() == []


def test_nothing_new(server: Server, client: httpx.Client) -> None:
    """Asked again with its own validators the publisher says 304, and the copy stays."""
    server.bodies["/list.csv"] = rows(30)
    take(published(server), client)
    before = state_of("ofac-sdn")
    fetched = fetch(published(server), client=client)
    assert fetched.edition is None
    apply(fetched)
    after = state_of("ofac-sdn")
    assert before is not None
    assert after is not None
    assert "if-none-match" in {name.lower() for name in server.asked[-1][1]}
    assert (after.folder, after.fetched_at, after.companies) == (before.folder, before.fetched_at, 30)
    assert at_hand() == rows(30)
    assert litter() == []


def test_new_edition_keeps_the_one_before(server: Server, client: httpx.Client) -> None:
    """A new edition counts once it is applied; the last one stays beside it, older ones go."""
    for count in (30, 31, 32):
        server.bodies["/list.csv"] = rows(count)
        take(published(server), client)
        assert at_hand() == rows(count)
    state = state_of("ofac-sdn")
    assert state is not None
    assert (lists_folder() / "ofac-sdn" / state.previous / "list.csv").read_bytes() == rows(31)
    assert len([path for path in (lists_folder() / "ofac-sdn").iterdir() if path.is_dir()]) == 2
    assert litter() == []


def test_discarded_leaves_nothing(server: Server, client: httpx.Client) -> None:
    """What is not applied is gone, and what was at hand is as it was."""
    server.bodies["/list.csv"] = rows(30)
    take(published(server), client)
    server.bodies["/list.csv"] = rows(40)
    discard(fetch(published(server), client=client))
    assert at_hand() == rows(30)
    assert litter() == []


def test_one_file_of_three_changes(server: Server, client: httpx.Client) -> None:
    """Of a list in parts, the parts that did not change are taken from the copy at hand."""
    item = published(server, "sdn.csv", "alt.csv")
    server.bodies |= {"/sdn.csv": rows(30), "/alt.csv": b'1,9,"aka","FIRST COMPANY",-0- \r\n'}
    take(item, client)
    server.bodies["/alt.csv"] = b'1,9,"aka","COMPANY ONE",-0- \r\n'
    take(item, client)
    listed = read_list("ofac-sdn").listed
    assert (len(listed), listed[0].names) == (30, ("COMPANY 1 LTD", "COMPANY ONE"))


FAULTS = [
    ("cut", "cut off|ended prematurely|peer closed|incomplete"),
    ("slow", "timed out"),
    ("busy", "answers 503"),
    ("page", "web page instead of the list"),
    ("moved", "leads to another address, https://elsewhere.example"),
    ("circle", "leads in circles"),
]


@pytest.mark.parametrize(("manner", "words"), FAULTS, ids=[manner for manner, _ in FAULTS])
@pytest.mark.parametrize("known", [False, True], ids=["nothing at hand", "a copy at hand"])
def test_misbehaving_server(manner: str, words: str, known: bool, server: Server, client: httpx.Client) -> None:
    """Each fault is an error that says what happened; the copy at hand is untouched, and nothing half-fetched is left."""
    if known:
        server.bodies["/list.csv"] = rows(30)
        take(published(server), client)
    server.bodies["/list.csv"] = rows(5_000 if manner == "cut" else 31)
    server.manner = manner
    with pytest.raises(ListError, match=f"(?i){words}"):
        fetch(published(server), client=client)
    if known:
        assert at_hand() == rows(30)
    else:
        assert state_of("ofac-sdn") is None
    assert litter() == []


def test_not_there(server: Server, client: httpx.Client) -> None:
    """404 is told with the address; it is not tried again."""
    with pytest.raises(ListError, match=r"list\.csv answers 404"):
        fetch(published(server), client=client)
    assert len(server.asked) == 1


@pytest.mark.parametrize("manner", ["busy-once", "cut-once"])
def test_passing_fault_is_tried_again(manner: str, server: Server, client: httpx.Client) -> None:
    """A fault that is gone at the second try is no fault."""
    server.bodies["/list.csv"] = rows(5_000)
    server.manner = manner
    take(published(server), client)
    assert at_hand() == rows(5_000)
    assert len(server.asked) == 2


def test_half_the_rows_gone(server: Server, client: httpx.Client) -> None:
    """A list that lost half its companies is refused, and says what the copy at hand holds; one that lost a few is not."""
    server.bodies["/list.csv"] = rows(100)
    take(published(server), client)
    server.bodies["/list.csv"] = rows(50)
    with pytest.raises(ListError, match="holds 50 companies; the copy at hand has 100"):
        fetch(published(server), client=client)
    server.bodies["/list.csv"] = rows(90)
    take(published(server), client)
    assert at_hand() == rows(90)


def test_older_than_what_is_at_hand(server: Server, client: httpx.Client) -> None:
    """An old file at an old address is whole and well formed; its latest record gives it away."""
    for day in ("03 Jun 2021", "10 Dec 2021"):
        last = ROW.format(number=31, nulls=NULLS)[: -len("-0- ")] + f'"Listing Date (CMIC) {day}."\r\n'
        server.bodies["/list.csv"] = rows(30).replace(b"\x1a", last.encode() + b"\x1a")
        take(published(server), client)
    server.bodies["/list.csv"] = server.bodies["/list.csv"].replace(b"10 Dec 2021", b"03 Jun 2021")
    with pytest.raises(ListError, match="latest record fetched is of 2021-06-03, that of the copy at hand of 2021-12-10"):
        fetch(published(server), client=client)
    assert b"10 Dec 2021" in at_hand()


def test_first_edition_too_short(server: Server, client: httpx.Client) -> None:
    """Even with nothing at hand, a list must hold as many companies as it plausibly has."""
    server.bodies["/list.csv"] = rows(50)
    with pytest.raises(ListError, match="at least 5,000 are expected"):
        fetch(published(server, least=5_000), client=client)


@pytest.mark.parametrize(
    "body", [b"name,city\nA,B\n", b"", b'1,"A LTD",-0- \r\n', b"\x00\x01\x02"], ids=["other", "empty", "narrow", "binary"]
)
def test_other_form_is_refused(body: bytes, server: Server, client: httpx.Client) -> None:
    """What does not have the list's form is refused whole."""
    server.bodies["/list.csv"] = rows(30)
    take(published(server), client)
    server.bodies["/list.csv"] = body
    with pytest.raises(ListError):
        fetch(published(server), client=client)
    assert at_hand() == rows(30)


def test_unknown_certificate_is_refused(server: Server) -> None:
    """A server whose certificate nobody vouches for is not believed."""
    server.bodies["/list.csv"] = rows(30)
    with httpx.Client(timeout=0.5) as stranger, pytest.raises(ListError, match=r"(?i)certificate"):
        fetch(published(server), client=stranger)


def test_nothing_at_hand_says_what_to_do() -> None:
    """A list by name that was never fetched is an error with the command that fetches it."""
    with pytest.raises(UsageError) as caught:
        read_list("ofac-sdn")
    assert "offlimits lists update ofac-sdn" in caught.value.hint


def test_damaged_state_says_what_to_do(server: Server, client: httpx.Client) -> None:
    """A record of the copy that cannot be read names the folder to remove."""
    server.bodies["/list.csv"] = rows(30)
    take(published(server), client)
    (lists_folder() / "ofac-sdn" / "state.json").write_text("{")
    with pytest.raises(ListError, match="cannot be read"):
        state_of("ofac-sdn")
