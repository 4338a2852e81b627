"""Addresses of machines as text, and whose they can be. Apart from what needs numpy: logs are read without it."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

LOCAL = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")))
"""Addresses that are never on the public internet: RFC 1918, 3927, 4193, 4291."""


FOUR = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})", re.ASCII)
LOCAL4 = tuple((int(network.netmask), int(network.network_address)) for network in LOCAL if network.version == 4)


@lru_cache(maxsize=1 << 16)
def address_of(high: int, low: int) -> str:
    """The address of 128 bits in two halves, in text."""
    if high == 0 and low >> 32 == 0xFFFF:
        return f"{low >> 24 & 255}.{low >> 16 & 255}.{low >> 8 & 255}.{low & 255}"
    return str(ipaddress.IPv6Address(high << 64 | low))


@lru_cache(maxsize=1 << 16)
def is_private(address: str) -> bool:
    """Whether an address can only be on the estate's own networks."""
    if (number := _ipv4(address)) >= 0:
        return any(number & mask == network for mask, network in LOCAL4)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in LOCAL if network.version == parsed.version)


@lru_cache(maxsize=1 << 16)
def is_single(address: str) -> bool:
    """Whether an address is one machine's: no group, no broadcast, not "none"."""
    if (number := _ipv4(address)) >= 0:
        return (0 < number < 0xE0000000 and number >> 24 != 127) or 0xF0000000 <= number < 0xFFFFFFFF
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (parsed.is_multicast or parsed.is_unspecified or parsed.is_loopback)


def _ipv4(address: str) -> int:
    """The number of an address of four numbers, told many times faster than `ipaddress` does; -1 for all that is not written just so."""
    found = FOUR.fullmatch(address)
    if found is None:
        return -1
    first, second, third, fourth = map(int, found.groups())
    number = first << 24 | second << 16 | third << 8 | fourth
    return number if max(first, second, third, fourth) < 256 and f"{first}.{second}.{third}.{fourth}" == address else -1


@lru_cache(maxsize=1 << 16)
def mac_text(number: int) -> str:
    """A hardware address of 48 bits in text; empty for none and for groups."""
    if number == 0 or number >> 40 & 1:
        return ""
    digits = f"{number:012x}"
    return ":".join(digits[start : start + 2] for start in range(0, 12, 2))
