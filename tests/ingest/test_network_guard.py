import socket
import subprocess
import sys

import pytest

from catalog.errors import SettingsError
from ingest.network_guard import (
    RefusedAddressError,
    check_endpoint,
    is_public,
    resolve_exception,
)

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]
PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::7f00:1",
    "::10.0.0.1",
    "64:ff9b:1::7f00:1",
    "fec0::1",
    "feff::1",
    "localhost",
    "2130706433",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_let_through(address: str):
    assert is_public(address)
    check_endpoint((address, 443), frozenset())


@pytest.mark.parametrize("address", PRIVATE)
def test_every_other_address_is_refused(address: str):
    assert not is_public(address)
    with pytest.raises(RefusedAddressError, match="not a public address"):
        check_endpoint((address, 443), frozenset())


def test_the_one_exception_opens_one_port_of_one_host():
    allowed = resolve_exception("127.0.0.1:8080")
    check_endpoint(("127.0.0.1", 8080), allowed)
    for endpoint in (("127.0.0.1", 8081), ("127.0.0.2", 8080), ("::1", 8080, 0, 0)):
        with pytest.raises(RefusedAddressError):
            check_endpoint(endpoint, allowed)


def test_local_sockets_are_refused():
    with pytest.raises(RefusedAddressError, match="not an internet address"):
        check_endpoint("/run/docker.sock", frozenset())


@pytest.mark.parametrize("text", ["127.0.0.1", "127.0.0.1:http", ":80"])
def test_an_exception_that_is_no_host_and_port_is_refused(text: str):
    with pytest.raises(SettingsError, match="HOST:PORT"):
        resolve_exception(text)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "localhost",
        "::ffff:127.0.0.1",
    ],
)
def test_an_installed_guard_sees_through_every_spelling(host: str):
    with socket.create_server(("127.0.0.1", 0)) as server:
        written = f"[{host}]" if ":" in host else host
        program = (
            "import sys, urllib.request\n"
            "from ingest.network_guard import install\n"
            "install()\n"
            "urllib.request.urlopen(sys.argv[1], timeout=3)\n"
        )
        address = f"http://{written}:{server.getsockname()[1]}/"
        ended = subprocess.run(
            [sys.executable, "-c", program, address], capture_output=True, text=True, check=False
        )
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
    assert "is not a public address" in ended.stderr


def test_a_name_that_resolves_to_another_address_the_second_time_gains_nothing():
    program = (
        "import socket, urllib.request\n"
        "from ingest import network_guard\n"
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    port = server.getsockname()[1]\n"
        "    network_guard.install()\n"
        "    answers = iter(['93.184.216.34', '127.0.0.1'])\n"
        "    def resolve(host, wanted, *rest, **more):\n"
        "        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, '')\n"
        "        return [(*kind, (next(answers), port))]\n"
        "    socket.getaddrinfo = resolve\n"
        "    assert network_guard.is_public(resolve('rebound.example', port)[0][4][0])\n"
        "    urllib.request.urlopen(f'http://rebound.example:{port}/', timeout=5)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "RefusedAddressError: refused: 127.0.0.1 is not a public address" in ended.stderr
