import socket

import pytest

from catalog.errors import StateError
from catalog.ports import check_port


def test_a_port_that_is_taken_is_one_sentence_with_a_remedy():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StateError, match=f"{port} .*COVERS_PORT"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(StateError, match=r"192\.0\.2\.1"):
        check_port("192.0.2.1", 5000)
