"""The OpenAPI document and docs/api.md cover every route."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from typer.testing import CliRunner

from webapp.app import create_app, openapi_document
from webapp.commands import openapi_app

DOCS = Path(__file__).parent.parent.parent / "docs" / "api.md"
UNDOCUMENTED = {"/static/{version}/{name}"}


def routes() -> set[str]:
    """All addresses of the application in OpenAPI's way of writing."""
    rules = (rule.rule for rule in create_app().url_map.iter_rules())
    return {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule) for rule in rules} - UNDOCUMENTED


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(document["components"]["schemas"][name]) if name else schema


def test_document_is_served_and_printed_alike(client: FlaskClient) -> None:
    served = client.get("/api/v1/openapi.json").get_json()
    printed = CliRunner().invoke(openapi_app)
    assert printed.exit_code == 0
    assert json.loads(printed.output) == served == openapi_document()


def test_document_describes_every_route_of_the_api() -> None:
    described = set(openapi_document()["paths"])
    expected = {each for each in routes() if each.startswith("/api/v1/")}
    assert described == expected - {"/api/v1/openapi.json"}


def test_document_has_one_error_shape() -> None:
    document = openapi_document()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if status.startswith("4"):
                    schema = answer["content"]["application/json"]["schema"]
                    assert resolve(document, schema)["required"] == ["error"], (path, status)


def test_every_operation_says_what_it_does() -> None:
    for operations in openapi_document()["paths"].values():
        assert all(operation["summary"] for operation in operations.values())


def test_every_route_is_in_the_handbook() -> None:
    handbook = DOCS.read_text()
    missing = sorted(each for each in routes() if f"`{each}`" not in handbook)
    assert missing == []
