"""Screening where a recording is described: in a listing, and once more just before its first byte.

A list tells little of its entries. The process that downloads learns all of it, and refuses there
what cannot be a cover; whether anything points to the song was answered when it was found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from catalog.rules import ScreeningRules
from catalog.songs import Found
from ingest.screening.metadata import Candidate, refuse_by_metadata
from ingest.sources.description import Description
from ingest.sources.facts import Facts


def screening_document(rules: ScreeningRules, *, longest_s: float) -> dict[str, Any]:
    """What `judge_description` needs, as JSON."""
    return {"rules": rules.model_dump(mode="json"), "longest_s": longest_s}


def judge_description(
    document: Mapping[str, Any], fields: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Reasons against a recording that yt-dlp describes; none where it is accepted."""
    described = Description.from_untrusted(fields)
    candidate = Candidate(
        title=described.title or "",
        duration_s=described.duration,
        facts=Facts.from_untrusted(fields),
    )
    rules = ScreeningRules.model_validate(document["rules"])
    refusals = refuse_by_metadata(candidate, rules, longest_s=document["longest_s"])
    return [asdict(each) for each in refusals]


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
