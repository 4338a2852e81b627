"""Addresses of machines: told quickly, and never otherwise than Python's own library tells them."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from offlimits.readers.wire.addresses import LOCAL, address_of, is_private, is_single

BROADCAST = "255.255.255.255"


@given(st.one_of(st.ip_addresses(), st.sampled_from(LOCAL).flatmap(lambda network: st.ip_addresses(network=network))).map(str))
@example("0.0.0.0")
@example("127.0.0.1")
@example("239.255.255.250")
@example(BROADCAST)
@example("ff02::1")
@example("::1")
def test_as_the_library_tells(address: str) -> None:
    """Private and single are what `ipaddress` says, for every address of both versions."""
    parsed = ipaddress.ip_address(address)
    assert is_private(address) == any(parsed in network for network in LOCAL if network.version == parsed.version)
    many = parsed.is_multicast or parsed.is_unspecified or parsed.is_loopback or address == BROADCAST
    assert is_single(address) == (not many)
    number = int(parsed) | (0xFFFF << 32 if parsed.version == 4 else 0)
    assert address_of(number >> 64, number & (1 << 64) - 1) == str(getattr(parsed, "ipv4_mapped", None) or parsed)


@pytest.mark.parametrize(
    "text", ["", "10.1", "10.0.0", "010.0.0.1", "10.0.0.1 ", "10.0.0.1\0", "1２.0.0.1", "10.0.0.256", "167772161", "host"]
)
def test_what_is_no_address(text: str) -> None:
    """What is not written as an address is none, though the system's own functions may read it as one."""
    assert not is_private(text)
    assert not is_single(text)
