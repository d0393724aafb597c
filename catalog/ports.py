"""Whether a server could listen, asked before anything long is begun."""

from __future__ import annotations

import socket

from catalog.errors import StateError


def check_port(host: str, port: int) -> None:
    """Fail in one sentence when nothing could listen there.

    Raises:
        StateError: when the port is taken or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise StateError(
            f"cannot listen on {host}:{port} ({error.strerror}): stop what uses the port, "
            "or choose another one with COVERS_PORT"
        ) from error
