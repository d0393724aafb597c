"""Who may do what on the desk, and the guards: each test fails without its guard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from catalog import database
from catalog.account_models import UserRole
from catalog.accounts import add_user
from catalog.audit import COMMAND
from catalog.credentials import add_token
from catalog.secret_key import setup_code
from tests.webapp.desk import PASSWORD, csrf_of, log_in, post

pytestmark = pytest.mark.usefixtures("cheap_passwords")

OPEN = {"/desk/login", "/desk/logout", "/desk/setup"}
ADMINS = {"/desk/people", "/desk/people/{}", "/desk/log"}


def desk_rules(app: APIFlask) -> list[tuple[str, str]]:
    """Every method and address of the desk, with 1 for each name in it."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/desk", "/api/v1/desk")):
            address = re.sub(r"<[^>]+>", "{}", rule.rule)
            found += [
                (method, address) for method in rule.methods & {"GET", "POST", "PUT", "DELETE"}
            ]
    return sorted(found)


def ask(client: FlaskClient, method: str, address: str, **options):
    return client.open(address.format("1", "1"), method=method, **options)


def test_without_a_login_no_door_opens(app: APIFlask, client: FlaskClient, people: None) -> None:
    for method, address in desk_rules(app):
        if address in OPEN:
            continue
        answer = ask(client, method, address)
        if address.startswith("/api/"):
            assert answer.status_code == 401, (method, address)
            assert answer.get_json()["error"]["code"] == "unauthorized"
        else:
            assert answer.status_code == 303, (method, address)
            assert answer.location.startswith("/desk/login"), (method, address)


def test_only_admins_keep_accounts(app: APIFlask, client: FlaskClient, people: None) -> None:
    log_in(client, "curator")
    refused = {
        address for method, address in desk_rules(app)
        if address not in OPEN and ask(client, method, address).status_code == 403
    }  # fmt: skip
    assert refused == ADMINS


def test_an_admin_may_do_all_of_it(client: FlaskClient, people: None) -> None:
    log_in(client, "admin")
    assert client.get("/desk/people").status_code == 200
    assert client.get("/desk/log").status_code == 200


def test_nothing_is_changed_without_a_csrf_token(
    app: APIFlask, client: FlaskClient, people: None
) -> None:
    log_in(client, "admin")
    for method, address in desk_rules(app):
        if method != "GET":
            answer = ask(client, method, address)
            assert answer.status_code == 400, (method, address)
            assert "CSRF" in answer.get_data(as_text=True), (method, address)


def test_a_csrf_token_of_another_session_is_refused(app: APIFlask, people: None) -> None:
    stranger, mine = app.test_client(), app.test_client()
    log_in(mine, "admin")
    foreign = csrf_of(stranger, "/desk/login")
    answer = mine.post("/desk/me/tokens", data={"csrf_token": foreign, "name": "evil"})
    assert answer.status_code == 400


def test_the_session_changes_at_login(client: FlaskClient, people: None) -> None:
    csrf_of(client, "/desk/login")
    planted = client.get_cookie("covers_desk").value
    log_in(client, "admin")
    fresh = client.get_cookie("covers_desk").value
    client.set_cookie("covers_desk", planted)
    assert client.get("/desk/me").status_code == 303
    client.set_cookie("covers_desk", fresh)
    assert client.get("/desk/me").status_code == 200


def test_what_a_stranger_planted_before_the_login_is_worth_nothing_after(
    client: FlaskClient, people: None
) -> None:
    planted = csrf_of(client, "/desk/login")
    log_in(client, "admin")
    answer = client.post("/desk/me/tokens", data={"csrf_token": planted, "name": "evil"})
    assert answer.status_code == 400


def test_a_session_that_was_ended_stays_ended(client: FlaskClient, people: None) -> None:
    log_in(client, "admin")
    stolen = client.get_cookie("covers_desk").value
    post(client, "/desk/me", "/desk/logout")
    client.set_cookie("covers_desk", stolen)
    assert client.get("/desk/me").status_code == 303


def test_a_forged_cookie_opens_nothing(client: FlaskClient, people: None) -> None:
    log_in(client, "admin")
    payload, _, signature = client.get_cookie("covers_desk").value.rpartition(".")
    client.set_cookie("covers_desk", f"{payload}.{signature[::-1]}")
    assert client.get("/desk/me").status_code == 303


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "/desk//evil.example/",
        "javascript:alert(1)", "/songs/x", "/deskevil", "https:/desk", "\t//evil",
    ],
)  # fmt: skip
def test_a_login_leads_nowhere_else(client: FlaskClient, people: None, wanted: str) -> None:
    answer = log_in(client, "admin", next=wanted)
    assert answer.status_code == 303 and answer.location == "/desk"


def test_a_login_leads_where_somebody_wanted_to_go(client: FlaskClient, people: None) -> None:
    assert log_in(client, "admin", next="/desk/log?before=7").location == "/desk/log?before=7"


def test_the_cookie_is_for_this_site_and_no_script(client: FlaskClient, people: None) -> None:
    header = log_in(client, "admin").headers["Set-Cookie"]
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Secure" not in header
    token = csrf_of(client, "/desk/login")
    answer = client.post(
        "https://localhost/desk/login",
        data={"csrf_token": token, "name": "admin", "password": PASSWORD},
        headers={"Referer": "https://localhost/desk/login"},
    )
    assert "Secure" in answer.headers["Set-Cookie"]


def test_listeners_get_no_cookie(client: FlaskClient, people: None) -> None:
    for address in ("/", "/library", "/api/v1/songs"):
        assert "Set-Cookie" not in client.get(address).headers


def test_the_desk_is_kept_out_of_caches(client: FlaskClient, people: None) -> None:
    log_in(client, "admin")
    for address in ("/desk/me", "/desk/people", "/desk/nothing/here", "/desk/login"):
        answer = client.get(address)
        assert answer.status_code == 404 or answer.headers["Cache-Control"] == "no-store"


def test_wrong_passwords_are_told_and_then_slowed_down(client: FlaskClient, people: None) -> None:
    for _ in range(5):
        answer = log_in(client, "admin", password="wrong")
        assert answer.status_code == 401
        assert "do not belong together" in answer.get_data(as_text=True)
    answer = log_in(client, "admin")
    assert answer.status_code == 429
    assert "too many logins failed" in answer.get_data(as_text=True)
    assert client.get("/desk/me").status_code == 303


def test_a_proxy_that_is_not_trusted_cannot_name_addresses(
    client: FlaskClient, people: None
) -> None:
    for number in range(5):
        forged = {"X-Forwarded-For": f"198.51.100.{number}"}
        log_in(client, "admin", password="wrong", headers=forged)
    log_in(client, "admin", headers={"X-Forwarded-For": "198.51.100.99"})
    assert client.get("/desk/me").status_code == 303


def test_a_token_opens_the_api_and_no_page(app: APIFlask, client: FlaskClient, people: None):
    with database.session() as session:
        user = add_user(session, "robot", PASSWORD, UserRole.CURATOR, actor=COMMAND)
        token = add_token(session, user, "test", actor=COMMAND)
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/desk/me", headers=bearer).status_code == 303


def test_the_first_admin_is_made_in_the_browser_once(client: FlaskClient, library: Path) -> None:
    page = client.get(f"/desk/setup?code={setup_code()}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))[1]
    form = {"csrf_token": token, "code": setup_code(), "name": "kim", "password": PASSWORD}
    answer = client.post("/desk/setup", data=form)
    assert answer.status_code == 303 and answer.location == "/desk"
    assert client.get("/desk/people").status_code == 200
    assert client.get(f"/desk/setup?code={setup_code()}").status_code == 403
    form["csrf_token"] = csrf_of(client, "/desk/me")
    assert client.post("/desk/setup", data=form | {"name": "second"}).status_code == 403


@pytest.mark.parametrize(
    ("code", "address"), [("", "127.0.0.1"), ("wrong", "127.0.0.1"), (None, "203.0.113.7")]
)
def test_the_first_admin_needs_the_code_and_this_machine(
    client: FlaskClient, library: Path, code: str | None, address: str
) -> None:
    code = setup_code() if code is None else code
    answer = client.get(f"/desk/setup?code={code}", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 403
    assert "covers user add" in answer.get_data(as_text=True)


def test_a_setup_that_fails_says_why_and_keeps_the_name(client: FlaskClient, library: Path):
    token = csrf_of(client, f"/desk/setup?code={setup_code()}")
    form = {"csrf_token": token, "code": setup_code(), "name": "kim", "password": "short"}
    answer = client.post("/desk/setup", data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "the password has 5 characters" in page and 'value="kim"' in page


def test_people_are_added_and_shut_out(app: APIFlask, client: FlaskClient, people: None) -> None:
    log_in(client, "admin")
    form = {"name": "new", "password": PASSWORD, "role": "curator"}
    assert post(client, "/desk/people", "/desk/people", **form).status_code == 303
    other = app.test_client()
    log_in(other, "new")
    assert other.get("/desk/me").status_code == 200
    post(client, "/desk/people", "/desk/people/new", do="disable")
    assert other.get("/desk/me").status_code == 303


def test_what_was_wrong_is_told_where_it_was_typed(client: FlaskClient, people: None) -> None:
    log_in(client, "admin")
    form = {"name": "<b>", "password": PASSWORD, "role": "curator"}
    answer = post(client, "/desk/people", "/desk/people", **form)
    page = client.get(answer.location).get_data(as_text=True)
    assert "&#39;&lt;b&gt;&#39; is not usable" in page


def test_a_token_is_shown_once(client: FlaskClient, people: None) -> None:
    log_in(client, "curator")
    answer = post(client, "/desk/me", "/desk/me/tokens", name="<i>script")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 201 and "covers_" in page
    again = client.get("/desk/me").get_data(as_text=True)
    assert "Authorization" not in again and "&lt;i&gt;script" in again


def test_a_new_password_logs_out_the_other_browsers(
    app: APIFlask, client: FlaskClient, people: None
) -> None:
    other = app.test_client()
    log_in(other, "curator")
    log_in(client, "curator")
    wrong = post(client, "/desk/me", "/desk/me/password", old="wrong", new="another good password")
    assert "nothing was changed" in client.get(wrong.location).get_data(as_text=True)
    post(client, "/desk/me", "/desk/me/password", old=PASSWORD, new="another good password")
    assert client.get("/desk/me").status_code == 200
    assert other.get("/desk/me").status_code == 303
