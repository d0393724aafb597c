"""A client that asks at a steady rate, whether or not it has been answered.

How long an answer took is counted from the moment at which its question was due, so that a server
that is behind cannot slow down the questions and look quick. Runs as a process of its own:
questions come in on standard input as JSON, answers go out in the same way.
"""

from __future__ import annotations

import http.client
import itertools
import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass

THREADS = 24


@dataclass(frozen=True)
class Question:
    """One request: its body is JSON, sent by POST where there is one."""

    path: str
    body: str | None = None
    address: str = ""
    """Whom it claims to be forwarded for."""


@dataclass(frozen=True)
class Answer:
    """What came, and how long after the question was due; status 0 where nothing came."""

    status: int
    after_ms: float
    size: int


def ask(port: int, questions: list[Question], *, rate: float) -> list[Answer]:
    """Ask `rate` questions a second on kept connections, from a process of its own."""
    order = {"port": port, "rate": rate, "questions": [asdict(each) for each in questions]}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.open_loop"],
        input=json.dumps(order).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return [Answer(*each) for each in json.loads(done.stdout)]


class Asking:
    """Threads that take the next question when it is due."""

    def __init__(self, port: int, rate: float, questions: list[Question]) -> None:
        self.port, self.rate, self.questions = port, rate, questions
        self.answers: list[tuple[int, float, int]] = [(0, 0.0, 0)] * len(questions)
        self._next = itertools.count()
        self._began_s = time.perf_counter() + 0.2

    def run(self) -> None:
        threads = [threading.Thread(target=self._work) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while (number := next(self._next)) < len(self.questions):
            due_s = self._began_s + number / self.rate
            time.sleep(max(0.0, due_s - time.perf_counter()))
            status, size = self._ask(connection, self.questions[number])
            self.answers[number] = (status, 1000 * (time.perf_counter() - due_s), size)
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, question: Question) -> tuple[int, int]:
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        if question.address:
            headers["X-Forwarded-For"] = question.address
        if question.body is not None:
            headers["Content-Type"] = "application/json"
        method = "GET" if question.body is None else "POST"
        try:
            connection.request(method, question.path, question.body, headers)
            response = connection.getresponse()
            return response.status, len(response.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0, 0


if __name__ == "__main__":
    order = json.load(sys.stdin)
    asking = Asking(order["port"], order["rate"], [Question(**each) for each in order["questions"]])
    asking.run()
    json.dump(asking.answers, sys.stdout)
