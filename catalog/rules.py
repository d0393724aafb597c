"""What is accepted as a cover of a song: thresholds of confidence, and rules about metadata."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InputError
from catalog.jobs import enqueue
from catalog.lifecycle import DecisionStep, Stage, Status
from catalog.models import Decision, Recording, Song
from catalog.settings import get_settings


@dataclass(frozen=True)
class Thresholds:
    """Confidence from which covers are published, and below which they are rejected.

    Between the two a person looks.
    """

    publish_above: float
    reject_below: float

    def __post_init__(self) -> None:
        if not 0 <= self.reject_below <= self.publish_above <= 1:
            raise InputError(
                f"reject below {self.reject_below} and publish above {self.publish_above} are not "
                "usable: both lie in 0..1, the first at most the second"
            )


class ScreeningRules(BaseModel):
    """What a source must say of a recording for it to be fetched. Everything has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...] = Field(default=(), description="Other names of the song.")
    min_duration_s: float = Field(default=45.0, ge=0, description="Shorter ones are refused.")
    max_duration_s: float | None = Field(
        default=None, gt=0, description="Longer ones are refused; COVERS_MAX_DURATION_S if absent."
    )
    accept_shorts: bool = Field(default=False, description="Whether vertical shorts are taken.")
    need_embeddable: bool = Field(
        default=True, description="Refuse what cannot be played outside its own site."
    )
    languages: tuple[str, ...] = Field(
        default=(), description="Accepted languages, such as `en`; empty accepts all."
    )
    refused_words: tuple[str, ...] = Field(
        default=(), description="Refused in titles, besides those of the program."
    )
    allowed_words: tuple[str, ...] = Field(
        default=(), description="Not refused, though the program would."
    )


def thresholds_of(song: Song) -> Thresholds:
    """A song's thresholds; the settings' where it has none of its own."""
    settings = get_settings()
    above, below = song.publish_above, song.reject_below
    publish_above = settings.publish_confidence if above is None else above
    reject_below = settings.reject_confidence if below is None else below
    return Thresholds(publish_above, min(reject_below, publish_above))


def set_thresholds(
    session: Session, song: Song, *, publish_above: float | None, reject_below: float | None
) -> Thresholds:
    """Set a song's thresholds, `None` for the settings' own, and decide again what is open.

    Raises:
        InputError: when they are not in 0..1 or the wrong way round.
    """
    settings = get_settings()
    Thresholds(
        settings.publish_confidence if publish_above is None else publish_above,
        0.0 if reject_below is None else reject_below,
    )
    before = thresholds_of(song)
    song.publish_above, song.reject_below = publish_above, reject_below
    if thresholds_of(song) != before:
        decide_again(session, song)
    return thresholds_of(song)


def decide_again(session: Session, song: Song) -> int:
    """Queue a new decision for covers that a threshold decided about. Returns how many.

    What a person decided, or took back, stays as it is, and everything until a worker has decided.
    """
    covers = session.scalars(
        select(Recording).where(
            Recording.song_id == song.id,
            Recording.status.in_((Status.IN_REVIEW, Status.PUBLISHED, Status.REJECTED)),
        )
    ).all()
    open_ones = [cover for cover in covers if _decided_by_threshold(session, cover)]
    for cover in open_ones:
        enqueue(session, cover, Stage.DECIDE)
    return len(open_ones)


def _decided_by_threshold(session: Session, cover: Recording) -> bool:
    decisions = select(Decision).where(Decision.recording_id == cover.id)
    last = session.scalar(decisions.order_by(Decision.id.desc()).limit(1))
    return last is not None and last.step is DecisionStep.THRESHOLD and last.undone_at is None


def rules_of(song: Song) -> ScreeningRules:
    """A song's rules about metadata."""
    return ScreeningRules.model_validate(song.screening_rules or {})


def set_rules(song: Song, fields: dict[str, object]) -> ScreeningRules:
    """Change some of a song's rules; those that are not named stay. Later finds go by them.

    Raises:
        InputError: naming the rule and what is wrong with its value.
    """
    try:
        rules = ScreeningRules.model_validate((song.screening_rules or {}) | fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"rule {name}={first['input']!r} is not usable: {first['msg']}") from error
    song.screening_rules = rules.model_dump(mode="json", exclude_defaults=True)
    return rules
