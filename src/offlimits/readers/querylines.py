"""Lines of logs of DNS questions: which are questions, which are answers, and what the others are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

import msgspec

ADDRESS = r"[0-9a-fA-F]*[.:][0-9a-fA-F.:]+"
WHO = rf"(?P<who>{ADDRESS})"
CLASS = r"(?P<cls>IN|CH|HS|ANY|NONE|CLASS\d+)"
DAEMON = r"(?:^|dnsmasq(?:\[\d+\])?: )(?P<serial>\d+ \S+ )?"
"""What stands before dnsmasq's words; nothing, where the journal prints only messages (`-o cat`)."""

DNSMASQ = re.compile(rf"{DAEMON}query\[[^\]\s]+\] (?P<host>\S+) from {WHO}")
ANSWER = re.compile(rf"{DAEMON}(?:reply|cached|cached-stale) (?P<host>\S+) is (?:(?P<address>{ADDRESS})|(?P<alias><CNAME>)|\S+)\s*$")
UNBOUND = re.compile(
    rf"\[\d+:[0-9a-f]+\] (?:info|query|(?P<reply>reply)): {WHO}(?:@\d+)? (?P<host>\S+) [A-Z0-9]+ {CLASS}(?P<rest> [A-Z]+ \d+\.\d+ \d \d+)?"
)
BIND = re.compile(rf"client (?:@0x[0-9a-f]+ )?{WHO}#\d+(?:/key \S+)?(?: \(\S*\))?:? (?:view \S+: )?query: (?P<host>\S+) {CLASS} ")
WINDOWS = re.compile(rf" PACKET\s+\S+ (?:UDP|TCP) Rcv {WHO}\s+[0-9a-f]{{4}} +Q \[[^\]]{{0,80}}\] +\S+ +(?P<host>\(\d+\)\S*)")
FORMS = (
    ("dnsmasq", "query[", DNSMASQ),
    ("unbound", "]", UNBOUND),
    ("BIND", "query: ", BIND),
    ("Windows", " PACKET ", WINDOWS),
)
"""unbound writes `ident[process:thread] level:`, and to syslog `[process:thread] level:` with the thread in hexadecimal; replies have the
code, the time, whether it was cached, and the size behind the question. In the middle is what must stand in the line:
it is found faster."""

SIGNS = ("query", "info: ", "reply: ", " PACKET")
LIKE_QUESTION = re.compile(
    rf"(?:^|dnsmasq(?:\[\d+\])?: )(?:\d+ \S+ )?query\[|\[\d+:[0-9a-f]+\] (?:info|query|reply): {ADDRESS}(?:[@\s]|$)|"
    rf"client (?:@0x[0-9a-f]+ )?{ADDRESS}#\S{{1,300}}.{{0,600}}? query: |"
    r" PACKET\s.{0,60}\bRcv (?!\S+\s+[0-9a-f]{4} (?:R [QNU?]|  [NU?]) \[)"
)
"""What begins like a question: where none of the forms fits, the line is not read, and is said to be so."""

CLOCK = r"\d\d:\d\d:\d\d"
SYSLOG = re.compile(
    rf"^(?:<\d+>(?:\d )?)?(?:(?:[A-Z][a-z]{{2}} )?[A-Z][a-z]{{2}} +\d{{1,2}} {CLOCK}(?: \d{{4}})?|\d{{4}}-\d\d-\d\d[T ]{CLOCK}\S*) "
    r"(?:\S+ )?(?P<program>[\w./()@-]+?)(?:\[[\w:]+\])?: "
)
NAMESERVERS = ("dnsmasq", "dnsmasq-dhcp", "dnsmasq-tftp", "dnsmasq-script", "unbound", "named")
DARK = re.compile(
    r"^dnsmasq(?:-\w+)?(?:\[\d+\])?: |\[\d+:[0-9a-f]+\] (?:info|notice|warning|error|fatal error|debug|verbose|query|reply): |"
    rf"^\d\d-[A-Z][a-z]{{2}}-\d{{4}} {CLOCK}\.\d+ \S|^\d{{4}}-\d\d-\d\dT{CLOCK}\.\d+\S* [\w-]+: (?:\w+: )?|"
    r"^[\d./-]{6,11} \d\d?:\d\d:\d\d(?: [AP]M)? [0-9A-F]{3,5} [A-Za-z]+\b|"
    r"^(?:\d+ \S+ )?(?:forwarded|config|validation|dnssec-query\[\S*\]|gravity blocked|/etc/\S+) \S+ (?:is|to) "
)
"""Lines that are these programs' own, and no question: dnsmasq's, unbound's, BIND's of a file of its own, Windows'."""

JOURNAL = re.compile(r"^-- .*(?: --|\.)$|^DNS Server log file creation at |^Log file wrap at ")
KEY = re.compile(r"^Message logging key ")
DETAILS = re.compile(r"^(?:UDP|TCP) \w+ info at [0-9A-Fa-f]+")

LENGTHS = re.compile(r"\(\d+\)")
MONTHS = {
    name: number
    for number, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1)
}
PRIORITY = r"^(?:<\d+>(?:\d )?)?"
TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
TIMES = (
    re.compile(rf"^(?P<day>\d\d)-(?P<month>[A-Z][a-z]{{2}})-(?P<year>\d{{4}}) {TIME}", re.ASCII),
    re.compile(rf"{PRIORITY}[A-Z][a-z]{{2}} (?P<month>[A-Z][a-z]{{2}}) +(?P<day>\d\d?) {TIME} (?P<year>\d{{4}})\b", re.ASCII),
    re.compile(
        rf"{PRIORITY}(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)[T ]{TIME}(?:[.,]\d+)?"
        r"(?: ?(?P<sign>[+-])(?P<hours>\d\d)(?::?(?P<minutes>[0-5]\d))?(?!\d))?",
        re.ASCII,
    ),
)
"""BIND's own, OpenWrt's, and ISO 8601 with or without an offset."""

EPOCH = re.compile(r"^\[(\d{9,11})\]", re.ASCII)
MOST_HOURS = 15


class Question(msgspec.Struct, frozen=True):
    """A question for a host, from an address; `reply` where the line is written when it was answered."""

    who: str
    host: str
    reply: bool


class Answer(msgspec.Struct, frozen=True):
    """What dnsmasq says a host is: an address, an alias of the host of the next such line (`alias`), or something else (both empty).
    `serial` is the number of the question, where the log has it."""

    host: str
    address: str
    alias: bool
    serial: str


Dark = Literal["", "key", "details", "header", "line without a question", "line of another program", "question of another class"]


def question_in(line: str) -> tuple[str, re.Match[str]] | None:
    """A question, and which server writes it so; None where none of them does."""
    for word, sign, form in FORMS:
        if sign in line and (found := form.search(line)):
            return word, found
    return None


def read_line(line: str) -> Question | Answer | Dark:
    """One line; empty for what is none of such a log's, or is a question that cannot be read. `key` and `details` begin Windows' own
    explanations, which go on over indented lines."""
    if "\0" in line:
        return ""
    if found := question_in(line):
        said = found[1].groupdict()
        if said.get("cls", "IN") != "IN":
            return "question of another class"
        return Question(said["who"].lower(), _host(said["host"]), bool(said.get("reply") or said.get("rest")))
    if " is " in line and (answer := ANSWER.search(line)):
        address = (answer["address"] or "").lower()
        return Answer(answer["host"].lower(), address, bool(answer["alias"]), answer["serial"] or "")
    return "" if any(sign in line for sign in SIGNS) and LIKE_QUESTION.search(line) else _dark(line)


def _dark(line: str) -> Dark:
    """What a line is that is neither question nor answer."""
    if KEY.match(line):
        return "key"
    if DETAILS.match(line):
        return "details"
    if JOURNAL.match(line):
        return "header"
    if found := SYSLOG.match(line):
        ours = found["program"] in NAMESERVERS or DARK.search(line)
        return "line without a question" if ours else "line of another program"
    return "line without a question" if DARK.search(line) else ""


def _host(text: str) -> str:
    """A host in lower case without its last dot; Windows writes `(3)dev(11)hik-connect(3)com(0)`."""
    return LENGTHS.sub(".", text).strip(".").lower() if text.startswith("(") else text.rstrip(".").lower()


def read_time(line: str) -> float | None:
    """The time at the start of a line, where it says a year: BIND's, OpenWrt's, ISO 8601, or seconds since 1970 (unbound). It is UTC, or
    has its offset behind it; a day that is written as month or day first is no time."""
    if epoch := EPOCH.match(line):
        return float(epoch[1])
    found = next((match for form in TIMES if (match := form.match(line))), None)
    if found is None:
        return None
    said = found.groupdict()
    month = MONTHS.get(said["month"]) or (int(said["month"]) if said["month"].isdecimal() else 0)
    try:
        time = datetime(
            int(said["year"]), month, int(said["day"]), int(said["hour"]), int(said["minute"]), int(said["second"]), tzinfo=UTC
        ).timestamp()
    except ValueError:
        return None
    return time - _offset(said)


def _offset(said: dict[str, str | None]) -> int:
    """Seconds that a clock is ahead of UTC; none where the line does not say, or says more than any clock has."""
    if not said.get("sign") or int(said["hours"] or 0) > MOST_HOURS:
        return 0
    seconds = int(said["hours"] or 0) * 3600 + int(said.get("minutes") or 0) * 60
    return -seconds if said["sign"] == "-" else seconds
