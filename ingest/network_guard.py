"""Keeps a downloading process away from private networks.

An address that a stranger chose, or a redirect of a public host, may point at this machine or
its neighbours. So the check stands where a connection is made, on the resolved address: however
an address is written, and whatever a name resolves to the second time, nothing gets past it.
It is an audit hook of the interpreter and cannot be taken off again; install it only in a
process of its own.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any

from catalog.errors import SettingsError

Endpoint = tuple[str, int]
_CONNECTING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER_PUBLIC = tuple(
    ipaddress.IPv6Network(each)
    for each in (
        "::/96",  # IPv4 inside, the old way
        "64:ff9b:1::/48",  # NAT64 of a local network
        "fec0::/10",  # site-local
    )
)
"""Networks that Python counts as global."""


class RefusedAddressError(OSError):
    """A connection to an address that is not on the public internet."""


def is_public(address: str) -> bool:
    """Whether a numeric address, and every IPv4 address inside it, is on the public internet."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(
        each.is_global and not each.is_multicast and not any(each in net for net in _NEVER_PUBLIC)
        for each in _with_embedded(parsed)
    )


def _with_embedded(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            yield address.ipv4_mapped
            return
        if address.sixtofour:
            yield address.sixtofour
        if address.teredo:
            yield from address.teredo
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    yield address


def resolve_exception(host_and_port: str) -> frozenset[Endpoint]:
    """The endpoints of the one private HOST:PORT that an owner opened; empty text opens none.

    Raises:
        SettingsError: when it is not HOST:PORT, or the host has no address.
    """
    if not host_and_port:
        return frozenset()
    host, _, port = host_and_port.rpartition(":")
    name = f"COVERS_ALLOWED_PRIVATE_HOST={host_and_port!r}"
    if not host or not port.isdigit():
        raise SettingsError(f"{name} is not usable: write HOST:PORT")
    try:
        resolved = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except OSError as error:
        raise SettingsError(f"{name} has no address: {error}") from error
    return frozenset((str(each[4][0]), int(port)) for each in resolved)


def check_endpoint(endpoint: object, allowed: frozenset[Endpoint]) -> None:
    """Let a connection through, or not.

    Raises:
        RefusedAddressError: when it leads to a private address, a name, or a local socket.
    """
    if not isinstance(endpoint, tuple):
        raise RefusedAddressError(f"refused: {endpoint!r} is not an internet address")
    host, port = str(endpoint[0]), endpoint[1]
    if (host, port) not in allowed and not is_public(host):
        raise RefusedAddressError(f"refused: {host} is not a public address")


def install(host_and_port: str = "") -> None:
    """Guard this process from now on, with one HOST:PORT left open where given.

    Raises:
        SettingsError: when that is not usable.
    """
    allowed = resolve_exception(host_and_port)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CONNECTING and arguments[1] is not None:
            check_endpoint(arguments[1], allowed)

    sys.addaudithook(audit)
