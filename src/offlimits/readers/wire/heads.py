"""Texts that devices send in plain: heads of HTTP, RTSP and SSDP (RFC 9112, RFC 7826, UPnP Device Architecture 2.0, 1), banners of SSH."""

from __future__ import annotations

import html
import re

MAX_HEAD = 1 << 14
REALM = re.compile(r'realm\s*=\s*(?:"((?:[^"\\]|\\.){0,500})"|([^\s,;"]{1,200}))', re.IGNORECASE)
TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
DESCRIBED = re.compile(rb"<(manufacturer|modelName|modelNumber|modelDescription)>([^<]{1,200})<", re.IGNORECASE)
HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{1,62}")

Clue = tuple[str, str]


def read_head(data: bytes) -> tuple[str, dict[str, str], bytes]:
    """First line, headers (names in lower case; the first of each) and body, as far as they are there."""
    head, _, body = data[:MAX_HEAD].partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in lines[1:100]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return lines[0], headers, body


def server_clues(data: bytes) -> list[Clue]:
    """What an answer of HTTP or RTSP tells of who answers."""
    first, headers, body = read_head(data)
    rtsp = first.startswith("RTSP/")
    clues = [("rtsp" if rtsp else "http-server", headers["server"])] if headers.get("server") else []
    clues += [("realm", _realm(found)) for found in REALM.finditer(headers.get("www-authenticate", ""))]
    if found := TITLE.search(body):
        clues.append(("http-title", html.unescape(found[1].decode("utf-8", "replace"))))
    return clues + _described(body)


def _realm(found: re.Match[str]) -> str:
    return (found[1] or found[2] or "").replace('\\"', '"')


def _described(body: bytes) -> list[Clue]:
    """A UPnP description's maker and model, as one clue."""
    said = dict.fromkeys(text.decode("utf-8", "replace").strip() for _, text in DESCRIBED.findall(body[:MAX_HEAD]))
    return [("ssdp", " / ".join(said))] if said else []


def request_host(data: bytes) -> tuple[str, str]:
    """The host that a request of HTTP names (lower case, without its port; empty for a bare address), and who says to ask (User-Agent)."""
    _, headers, _ = read_head(data)
    host = headers.get("host", "").lower().rsplit(":", 1)[0].rstrip(".")
    return (host if HOST.fullmatch(host) else ""), headers.get("user-agent", "")


def ssdp_clues(data: bytes) -> list[Clue]:
    """What an announcement or an answer of SSDP tells; a search tells nothing of who searches."""
    first, headers, _ = read_head(data)
    if not (first.startswith("NOTIFY") or first.startswith("HTTP/")):
        return []
    return [("ssdp", headers[name]) for name in ("server", "x-friendly-name") if headers.get(name)]


def banner_clue(data: bytes) -> list[Clue]:
    """An SSH identification line (RFC 4253, 4.2)."""
    line = data[:255].split(b"\n", 1)[0].strip()
    return [("ssh", line.decode("latin-1"))] if line.startswith(b"SSH-") else []
