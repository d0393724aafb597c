"""Using the desk as a browser does: with its cookie and the CSRF token of the page before."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "correct horse battery staple"
HOST = "http://localhost"


def csrf_of(client: FlaskClient, page: str) -> str:
    """The token in a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).get_data(as_text=True))
    assert found is not None, f"{page} has no form"
    return found[1]


def post(client: FlaskClient, page: str, to: str, /, **form: Any) -> TestResponse:
    """Send a form of a page."""
    form["csrf_token"] = csrf_of(client, page)
    return client.post(to, data=form, headers={"Referer": HOST + page})


def log_in(
    client: FlaskClient,
    name: str,
    *,
    password: str = PASSWORD,
    next: str = "",
    headers: dict[str, str] | None = None,
) -> TestResponse:
    """Log in by the form."""
    form = {"name": name, "password": password, "next": next}
    form["csrf_token"] = csrf_of(client, "/desk/login")
    sent = {"Referer": f"{HOST}/desk/login"} | (headers or {})
    return client.post("/desk/login", data=form, headers=sent)
