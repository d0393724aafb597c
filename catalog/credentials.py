"""What stands for a person after the password: a browser's session, or a program's token.

Both are 256 random bits that only their holder has; the tables hold their SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from catalog.account_models import ApiToken, User, UserSession
from catalog.audit import Actor, note
from catalog.errors import InputError, NotFoundError
from catalog.models import utc_now

SESSION_LASTS = timedelta(days=14)
SESSION_IDLE = timedelta(days=3)
TOKEN_PREFIX = "covers_"  # noqa: S105
"""So that a token in the wrong place is recognised for what it is."""
SEEN_EVERY = timedelta(minutes=5)


def sha256_of(token: str) -> str:
    """What the tables hold of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_session(session: Session, user: User) -> str:
    """A new login. Returns its token, which is nowhere else."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(UserSession).where(UserSession.created_at < utc_now() - SESSION_LASTS))
    session.add(UserSession(user_id=user.id, token_sha256=sha256_of(token)))
    return token


def find_session(session: Session, token: str) -> UserSession | None:
    """The login of a token, `None` where it ended, ran out, or its person is disabled."""
    now = utc_now()
    return session.scalar(
        select(UserSession)
        .join(UserSession.user)
        .where(
            UserSession.token_sha256 == sha256_of(token),
            UserSession.created_at > now - SESSION_LASTS,
            UserSession.seen_at > now - SESSION_IDLE,
            User.disabled_at.is_(None),
        )
        .options(joinedload(UserSession.user))
    )


def note_seen(session: Session, login_id: int) -> None:
    """Note that a login or token is in use."""
    session.execute(update(UserSession).where(UserSession.id == login_id).values(seen_at=utc_now()))


def end_session(session: Session, token: str) -> None:
    """Log out one browser."""
    session.execute(delete(UserSession).where(UserSession.token_sha256 == sha256_of(token)))


def end_sessions(session: Session, user: User) -> None:
    """Log a person out everywhere."""
    session.execute(delete(UserSession).where(UserSession.user_id == user.id))


def add_token(session: Session, user: User, name: str, *, actor: Actor) -> str:
    """A token for a program, with its owner's role. Returns it, which is nowhere else.

    Raises:
        InputError: when it has no name.
    """
    name = name.strip()[:80]
    if not name:
        raise InputError("the token has no name: say what it is for, such as 'nightly upload'")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    session.add(ApiToken(user_id=user.id, name=name, token_sha256=sha256_of(token)))
    note(session, actor, "token.add", user.name, token=name)
    return token


def find_token(session: Session, token: str) -> ApiToken | None:
    """The row of a token, `None` where it was revoked or its person is disabled."""
    return session.scalar(
        select(ApiToken)
        .join(ApiToken.user)
        .where(
            ApiToken.token_sha256 == sha256_of(token),
            ApiToken.revoked_at.is_(None),
            User.disabled_at.is_(None),
        )
        .options(joinedload(ApiToken.user))
    )


def note_used(session: Session, token_id: int) -> None:
    """Note that a token is in use."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=utc_now()))


def list_tokens(session: Session, user: User) -> Sequence[ApiToken]:
    """A person's tokens in force, the oldest first."""
    query = select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    return session.scalars(query.order_by(ApiToken.id)).all()


def revoke_token(session: Session, user: User, token_id: int, *, actor: Actor) -> None:
    """End one of a person's tokens.

    Raises:
        NotFoundError: when the person has none of that number.
    """
    token = session.get(ApiToken, token_id)
    if token is None or token.user_id != user.id or token.revoked_at is not None:
        raise NotFoundError(f"{user.name} has no token {token_id}")
    token.revoked_at = utc_now()
    note(session, actor, "token.revoke", user.name, token=token.name)


def revoke_tokens_of(session: Session, user: User) -> None:
    """End all of a person's tokens."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=utc_now())
    )
