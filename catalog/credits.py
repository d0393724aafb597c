"""Who made a recording and what it is called, as a curator knows it better than its source.

What is set here holds: fetching a recording again only completes what is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from sqlalchemy import delete
from sqlalchemy.orm import Session

from catalog.audit import Actor, note
from catalog.errors import InputError
from catalog.models import Recording, RecordingHashtag
from catalog.opt_outs import has_opted_out
from catalog.songs import add_hashtags
from catalog.strangers_text import clean_line, fold_hashtag

BY_CURATOR = "curator"
LONGEST = {"title": 300, "performer": 200, "performer_url": 2000, "page_url": 2000, "licence": 300}
ADDRESSES = ("performer_url", "page_url")
MOST_TAGS = 40
_TAG = re.compile(r"\w{1,60}")


@dataclass(frozen=True)
class Credit:
    """What listeners are told of a recording; empty texts mean that it is not known."""

    title: str
    performer: str = ""
    performer_url: str = ""
    page_url: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()


def credit_of(recording: Recording) -> Credit:
    """What is told of a recording now. An address of another kind is not told."""
    texts = {name: getattr(recording, name) or "" for name in LONGEST}
    for name in ADDRESSES:
        texts[name] = texts[name] if _is_web_address(texts[name]) else ""
    return Credit(
        **texts,
        tags=tuple(sorted(each.hashtag.name for each in recording.hashtags)),
    )


def set_credit(session: Session, recording: Recording, credit: Credit, *, actor: Actor) -> None:
    """Tell this of a recording from now on. Tags that stay keep where they came from.

    Raises:
        InputError: for a recording without a title, an address that is none, a tag that is none,
            and a performer who has opted out.
    """
    wanted = _cleaned(credit)
    if has_opted_out(session, wanted.performer_url or None):
        raise InputError(f"{wanted.performer_url} has opted out: take the recording down instead")
    before = credit_of(recording)
    for name in LONGEST:
        setattr(recording, name, getattr(wanted, name) or None)
    _set_tags(session, recording, before.tags, wanted.tags)
    names = [each.name for each in fields(Credit)]
    changed = [name for name in names if getattr(before, name) != getattr(wanted, name)]
    if changed:
        note(session, actor, "recording.credit", f"recording {recording.id}", changed=changed)


def _cleaned(credit: Credit) -> Credit:
    texts = {name: clean_line(getattr(credit, name))[:most] for name, most in LONGEST.items()}
    if not texts["title"]:
        raise InputError("a recording needs a title: write what it is called")
    for name in ADDRESSES:
        if texts[name] and not _is_web_address(texts[name]):
            raise InputError(f"{texts[name][:80]!r} is no web address: write https://…")
    tags = tuple(dict.fromkeys(_tag(each) for each in credit.tags))
    if len(tags) > MOST_TAGS:
        raise InputError(f"{len(tags)} hashtags are too many: {MOST_TAGS} at most")
    return Credit(**texts, tags=tags)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def _tag(text: str) -> str:
    name = fold_hashtag(text)
    if not _TAG.fullmatch(name):
        raise InputError(f"{text[:60]!r} is no hashtag: letters and digits, without spaces")
    return name


def _set_tags(
    session: Session, recording: Recording, before: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    gone = [each.hashtag_id for each in recording.hashtags if each.hashtag.name not in wanted]
    session.execute(
        delete(RecordingHashtag).where(
            RecordingHashtag.recording_id == recording.id, RecordingHashtag.hashtag_id.in_(gone)
        )
    )
    add_hashtags(session, recording, [(each, BY_CURATOR) for each in wanted if each not in before])
    session.expire(recording, ["hashtags"])
