"""Whether a recording is worth fetching, judged by what its source says of it.

Two questions, in this order. First, may it be a cover at all: length, live, shorts, availability,
embedding, language, and words in the title that name another kind of video. Then, does anything
point to the song: its name, hashtags, the words of covers, its length, who plays, and where it was
found. A curator's own list needs little; a search engine's hit needs more. What is doubtful is
fetched, because the ear judges it afterwards; what was refused here is never heard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalog.decisions import Reason
from catalog.lifecycle import SearchKind
from catalog.rules import ScreeningRules
from catalog.strangers_text import fold_words
from ingest.screening.words import find_misspelled, find_phrase, joined, word_lists
from ingest.sources.facts import Facts

ENOUGH = 2.0
"""Points from which a recording that was listed is looked at."""
ENOUGH_DESCRIBED = 2.5
"""Points from which it is fetched: by then its source has said whether it is music, and how long.
"""
FULL_TRUST = 2.0
TRUST = {
    SearchKind.FOLDER: FULL_TRUST,
    SearchKind.CSV: FULL_TRUST,
    SearchKind.ADDRESS: FULL_TRUST,
    SearchKind.YOUTUBE_PLAYLIST: FULL_TRUST,
}
"""Points for where a recording was found: a list that a person made for the song is enough."""
SOME_TRUST = 0.5
"""Points for every other search: somebody thought that it has to do with the song."""
REFUSED_KINDS = ("reaction", "talk", "tutorial", "karaoke", "other_meaning")
UNAVAILABLE = ("private", "premium_only", "subscriber_only", "needs_auth")
ADULT_YEARS = 18
_HASHTAG = re.compile(r"#\w+")


@dataclass(frozen=True)
class Candidate:
    """What is known of a recording before it is heard. Lengths in seconds.

    Attributes:
        trust: points for where it was found, see `TRUST`
        known_performer: whether a cover by the same performer is published
    """

    title: str
    description: str = ""
    hashtags: tuple[str, ...] = ()
    duration_s: float | None = None
    facts: Facts = field(default_factory=Facts)
    trust: float = 0.0
    known_performer: bool = False


@dataclass(frozen=True)
class Wanted:
    """The song that is looked for.

    Attributes:
        names: of the song, as people write it
        reference_s: length of its Reference, `None` before that is fetched
        longest_s: longest recording that is accepted anywhere
    """

    names: tuple[str, ...]
    rules: ScreeningRules
    reference_s: float | None = None
    longest_s: float = 1200.0


@dataclass(frozen=True)
class Verdict:
    """Fetch it or not, and why.

    Attributes:
        points: how much speaks for it; the better ones are fetched first
    """

    accepted: bool
    points: float
    reasons: tuple[Reason, ...]


def screen_metadata(candidate: Candidate, wanted: Wanted, *, described: bool = False) -> Verdict:
    """Judge a candidate by its metadata alone.

    Parameters
    ----------
    described
        whether its source was asked for all that it says of it; then more must speak for it,
        unless a person chose the list that it comes from
    """
    if refusals := refuse_by_metadata(candidate, wanted.rules, longest_s=wanted.longest_s):
        return Verdict(False, 0.0, refusals)
    hints = _hints(candidate, wanted)
    points = sum(worth for worth, _ in hints)
    reasons = tuple(reason for _, reason in hints)
    asks_more = described and candidate.trust < FULL_TRUST
    if points >= (ENOUGH_DESCRIBED if asks_more else ENOUGH):
        return Verdict(True, points, reasons)
    nothing = Reason("no_hint", "nothing says that it is this song")
    return Verdict(False, points, (nothing, *reasons))


def refuse_by_metadata(
    candidate: Candidate, rules: ScreeningRules, *, longest_s: float
) -> tuple[Reason, ...]:
    """Why a candidate cannot be a cover, whatever the song; nothing where it can."""
    return (
        *_wrong_length(candidate.duration_s, rules, longest_s),
        *_not_playable(candidate.facts, rules),
        *_wrong_kind(candidate.title, rules),
    )


def _wrong_length(length_s: float | None, rules: ScreeningRules, longest_s: float) -> list[Reason]:
    if length_s is None:
        return []
    longest_s = rules.max_duration_s or longest_s
    if length_s < rules.min_duration_s:
        too_short = f"lasts {length_s:.0f} s, less than {rules.min_duration_s:.0f} s"
        return [Reason("too_short", too_short)]
    if length_s > longest_s:
        return [Reason("too_long", f"lasts {length_s:.0f} s, more than {longest_s:.0f} s")]
    return []


def _not_playable(facts: Facts, rules: ScreeningRules) -> list[Reason]:
    found = []
    if facts.live_status in ("is_live", "is_upcoming", "post_live"):
        found.append(Reason("live", "is a live stream, which has no end yet"))
    if facts.media_type == "short" and not rules.accept_shorts:
        found.append(Reason("short_video", "is a vertical short"))
    if facts.availability in UNAVAILABLE:
        found.append(Reason("not_available", f"is not public ({facts.availability})"))
    if (facts.age_limit or 0) >= ADULT_YEARS:
        found.append(Reason("age_limit", f"is for people from {facts.age_limit} years on"))
    if facts.playable_in_embed is False and rules.need_embeddable:
        found.append(Reason("not_embeddable", "cannot be played outside its own site"))
    language = (facts.language or "").partition("-")[0].lower()
    if rules.languages and language and language not in rules.languages:
        found.append(Reason("language", f"is in {language}, not in {', '.join(rules.languages)}"))
    return found


def _wrong_kind(written: str, rules: ScreeningRules) -> list[Reason]:
    title, lists = fold_words(written), word_lists()
    if word := find_phrase(title, rules.refused_words):
        return [Reason("word", f"its title says {word!r}")]
    allowed = {fold_words(each) for each in rules.allowed_words}
    for kind in REFUSED_KINDS:
        word = find_phrase(title, (each for each in lists[kind] if fold_words(each) not in allowed))
        if word is not None:
            return [Reason(f"word_{kind}", f"its title says {word!r}")]
    return []


def _hints(candidate: Candidate, wanted: Wanted) -> list[tuple[float, Reason]]:
    """What speaks for or against a candidate: points, each with its reason."""
    lists = word_lists()
    title, description = fold_words(candidate.title), fold_words(candidate.description[:2000])
    tags = {joined(each) for each in candidate.hashtags}
    names = {joined(each) for each in wanted.names}
    hints = []
    sentence = fold_words(_HASHTAG.sub(" ", candidate.title))
    if name := find_phrase(sentence, wanted.names):
        hints.append((2.0, Reason("name_in_title", f"its title names {name!r}")))
    elif tags & names or any(name in tag for tag in tags for name in names if len(name) > 5):
        hints.append((1.5, Reason("name_in_hashtag", "a hashtag names the song")))
    elif name := find_phrase(description, wanted.names):
        hints.append((1.5, Reason("name_in_description", f"its description names {name!r}")))
    elif name := find_misspelled(sentence, wanted.names):
        hints.append((1.5, Reason("name_misspelled", f"its title nearly names {name!r}")))
    if word := find_phrase(title, lists["cover"]):
        hints.append((0.5, Reason("cover_word", f"its title says {word!r}")))
    elif any(tag.endswith(("cover", "covers")) for tag in tags):
        hints.append((0.5, Reason("cover_hashtag", "a hashtag says cover")))
    if word := find_phrase(title, lists["original"]):
        hints.append((-1.0, Reason("original", f"its title says {word!r}")))
    return hints + _outer_hints(candidate, wanted)


def _outer_hints(candidate: Candidate, wanted: Wanted) -> list[tuple[float, Reason]]:
    """What does not lie in words."""
    hints = []
    if candidate.trust:
        hints.append((candidate.trust, Reason("found_there", "of where it was found")))
    if candidate.known_performer:
        hints.append((1.0, Reason("known_performer", "a cover by the same performer is published")))
    if "music" in {each.casefold() for each in candidate.facts.categories}:
        hints.append((0.5, Reason("music", "its source files it under music")))
    if candidate.duration_s is not None and wanted.reference_s:
        share = candidate.duration_s / wanted.reference_s
        if 0.7 <= share <= 1.6:
            hints.append((0.5, Reason("length", "it is about as long as the reference")))
        elif not 0.35 <= share <= 7:
            hints.append((-1.0, Reason("odd_length", f"it is {share:.1f} times the reference")))
    return hints
