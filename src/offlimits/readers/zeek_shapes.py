"""Which of Zeek's logs a line of JSON is of: by its `_path`, else by its fields, since JSON names no log and leaves out what is unset."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from offlimits.readers.devices import plain_mac

Log = dict[str, Any]
ENDS = {"id.orig_h", "id.resp_h"}
"""What every log of connections has on every line."""

BETWEEN: tuple[tuple[str, tuple[set[str], ...]], ...] = (
    ("sip", ({"call_id"}, {"seq"}, {"request_from"}, {"request_to"}, {"response_from"}, {"response_to"}, {"request_path"})),
    ("smtp", ({"helo"}, {"mailfrom"}, {"rcptto"}, {"last_reply"})),
    ("kerberos", ({"request_type"}, {"forwardable"}, {"renewable"})),
    ("quic", ({"client_initial_dcid"}, {"client_scid"}, {"server_scid"}, {"client_protocol"})),
    ("conn", ({"conn_state"}, {"orig_ip_bytes"}, {"resp_ip_bytes"}, {"orig_pkts"}, {"missed_bytes"}, {"local_orig"})),
    ("dhcp", ({"mac", "assigned_ip"},)),
    (
        "dns",
        (
            {"qtype_name"}, {"qclass_name"}, {"qtype"}, {"rcode"}, {"rcode_name"}, {"trans_id"}, {"query"}, {"AA", "TC"}, {"TTLs"},
            {"answers"},
        ),
    ),
    ("ssl", ({"server_name"}, {"resumed"}, {"established"}, {"ssl_history"}, {"cert_chain_fps"}, {"cert_chain_fuids"})),
    (
        "http",
        (
            {"uri"}, {"user_agent"}, {"status_code"}, {"status_msg"}, {"request_body_len"}, {"response_body_len"}, {"resp_mime_types"},
            {"trans_depth"},
        ),
    ),
)  # fmt: skip
"""By log of connections, the sets of fields of which any one tells it; the first that fits counts. Logs that share fields with those that
are read stand before them: they are told, and not used."""

ALONE: tuple[tuple[str, tuple[set[str], ...]], ...] = (
    ("dhcp", ({"msg_types"}, {"mac", "uids"}, {"mac", "assigned_addr"}, {"mac", "requested_addr"}, {"mac", "client_addr"})),
    ("software", ({"software_type"}, {"host", "unparsed_version"}, {"host", "version.major"})),
    ("known_services", ({"host", "port_num", "port_proto"}, {"host", "port_num", "service"})),
    ("known_certs", ({"host", "issuer_subject"}, {"host", "port_num", "serial"}, {"host", "port_num", "subject"})),
    ("known_devices", ({"mac", "dhcp_host_name"},)),
)
"""The same of the other logs."""

WHOLE = {
    frozenset({"ts", "mac"}): "known_devices",
    frozenset({"ts", "host"}): "known_hosts",
    frozenset({"ts", "host", "port_num"}): "known_certs",
}
"""Lines that have these fields and no other."""

FIRST_LINES = 100


def decoded(line: bytes | str) -> Log | None:
    """A line as a JSON object; None where it is none."""
    try:
        log = msgspec.json.decode(line)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return log if isinstance(log, dict) else None


MOST_NAMES = 1 << 11
"""Characters of the fields' names of a line that are remembered; Zeek's logs have some 400."""


def log_of(log: Log) -> str:
    """Which log a line is of; empty where its fields do not tell."""
    path = log.get("_path")
    if isinstance(path, str):
        return path
    names = tuple(log)
    return _by_fields(names) if sum(map(len, names)) <= MOST_NAMES else _by_fields.__wrapped__(names)


@lru_cache(maxsize=4096)
def _by_fields(names: tuple[str, ...]) -> str:
    fields = {name for name in names if not name.startswith(("_", "@"))}
    if any(name.startswith("certificate.") for name in fields):
        return "x509"
    shapes = BETWEEN if fields >= ENDS else ALONE
    return next((name for name, signs in shapes if any(sign <= fields for sign in signs)), WHOLE.get(frozenset(fields), ""))


def told_in(text: str) -> tuple[str, ...]:
    """The logs that the first lines of a text are of, each once; empty where the text is none of Zeek's in JSON. One whose fields do not
    tell is told as such where it has what every log of connections has."""
    lines = [line for line in text.splitlines()[:FIRST_LINES] if line.strip()]
    if not lines or not lines[0].startswith("{"):
        return ()
    logs = [log for line in lines if line.startswith("{") and (log := decoded(line)) is not None]
    told = [name for log in logs if (name := _shaped(log))]
    return tuple(dict.fromkeys(told)) if told and len(told) * 2 >= len(logs) else ()


def _shaped(log: Log) -> str:
    """The log of a line that has a time, as each of Zeek's has."""
    if "_path" not in log and not isinstance(log.get("ts"), int | float | str):
        return ""
    name = log_of(log)
    if name == "known_devices" and not plain_mac(str(log.get("mac"))):
        return ""
    return name or ("not named" if {"uid", *ENDS} <= log.keys() else "")
