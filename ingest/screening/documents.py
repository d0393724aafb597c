"""Screening where a recording is described: in a listing, and once more just before its first byte.

A list tells little of its entries. The process that downloads learns all of it, and judges there
again before anything is fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from catalog.rules import ScreeningRules
from catalog.songs import Found
from ingest.hashtags import find_hashtags
from ingest.screening.metadata import Candidate, Wanted, screen_metadata
from ingest.sources.description import Description
from ingest.sources.facts import Facts


def screening_document(wanted: Wanted, *, trust: float, known_performer: bool) -> dict[str, Any]:
    """What `judge_description` needs, as JSON."""
    return {
        "names": list(wanted.names),
        "rules": wanted.rules.model_dump(mode="json"),
        "reference_s": wanted.reference_s,
        "longest_s": wanted.longest_s,
        "trust": trust,
        "known_performer": known_performer,
    }


def judge_description(
    document: Mapping[str, Any], fields: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Reasons against a recording that yt-dlp describes; none where it is accepted."""
    wanted = Wanted(
        names=tuple(document["names"]),
        rules=ScreeningRules.model_validate(document["rules"]),
        reference_s=document["reference_s"],
        longest_s=document["longest_s"],
    )
    described = Description.from_untrusted(fields)
    candidate = Candidate(
        title=described.title or "",
        description=described.description or "",
        hashtags=tuple(name for name, _ in find_hashtags(described.title, described.description)),
        duration_s=described.duration,
        facts=Facts.from_untrusted(fields),
        trust=document["trust"],
        known_performer=document["known_performer"],
    )
    verdict = screen_metadata(candidate, wanted, described=True)
    return [] if verdict.accepted else [asdict(each) for each in verdict.reasons]


def candidate_of(found: Found, *, trust: float, known_performers: Collection[str]) -> Candidate:
    """What a source lists, as screening sees it."""
    return Candidate(
        title=found.title,
        description=found.description or "",
        hashtags=tuple(name for name, _ in found.hashtags),
        duration_s=found.duration_s,
        facts=Facts.from_untrusted(found.facts),
        trust=trust,
        known_performer=found.performer_url is not None and found.performer_url in known_performers,
    )
