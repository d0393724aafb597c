"""The reference's beats and sections: shown, and corrected by a person."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalog import database
from catalog.errors import InputError, StateError
from catalog.models import Analysis, Recording
from catalog.songs import get_song
from catalog.timelines import Timeline, correct_timeline, mapped_covers, reference_of
from webapp.desk.access import visitor
from webapp.desk.forms import on_page, seconds

blueprint = APIBlueprint("desk_timeline", __name__, url_prefix="/desk/songs", enable_openapi=False)
on_page(blueprint)

BAR_MARK = "|"


@blueprint.get("/<slug>/timeline")
def timeline(slug: str) -> str:
    """Beats and sections of a reference, to be looked at and corrected."""
    with database.reading() as session:
        song = get_song(session, slug)
        reference = reference_of(session, song)
        if reference is None or reference.analysis is None:
            raise StateError(f"the reference of {slug!r} is not analysed yet: wait for the worker")
        return render_template(
            "desk/timeline.html",
            song=song,
            reference=reference,
            analysis=reference.analysis,
            version=version_of(reference),
            beats=write_beats(reference.analysis),
            sections=write_sections(reference.analysis),
            covers=len(mapped_covers(session, song)),
        )


@blueprint.post("/<slug>/timeline")
def correct(slug: str) -> Response:
    """Keep a corrected timeline; the song's covers are aligned again."""
    beats = read_beats(request.form.get("beats", ""))
    sections = read_sections(request.form.get("sections", ""))
    with database.session() as session:
        song = get_song(session, slug)
        reference = reference_of(session, song)
        if request.form.get("version") != version_of(reference):
            raise StateError(
                "somebody has changed this timeline meanwhile, or the reference: open the page "
                "anew to see theirs; keeping yours now writes over it"
            )
        duration_s = 0.0 if reference is None else reference.duration_s or 0.0
        corrected = Timeline.of(beats, sections, duration_s=duration_s)
        queued, kept = correct_timeline(session, song, corrected, actor=visitor().actor)
    rest = f" {kept} keep their map until their media is fetched again." if kept else ""
    flash(f"The timeline holds. {queued} covers are aligned again.{rest}")
    return redirect(url_for("desk_songs.song", slug=slug), 303)


def version_of(reference: Recording | None) -> str:
    """Names what a page shows, so that nobody writes over what another has changed since."""
    if reference is None or reference.analysis is None:
        return ""
    return f"{reference.id} {reference.analysis.corrected_at or ''}"


def write_beats(analysis: Analysis) -> str:
    """One beat a line: its time, and a mark where it begins a bar."""
    downbeats = {round(each, 3) for each in analysis.downbeats_s}
    return "\n".join(
        f"{beat_s:.3f}{' ' + BAR_MARK if round(beat_s, 3) in downbeats else ''}"
        for beat_s in analysis.beats_s
    )


def write_sections(analysis: Analysis) -> str:
    """One section a line: start, end, name."""
    return "\n".join(
        f"{each['start_s']:.3f} {each['end_s']:.3f} {each['label']}" for each in analysis.sections
    )


def read_beats(text: str) -> list[tuple[float, bool]]:
    """Beats as `write_beats` writes them.

    Raises:
        InputError: naming the line.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(seconds(line.removesuffix(BAR_MARK)), line.endswith(BAR_MARK)) for line in lines]


def read_sections(text: str) -> list[tuple[float, float, str]]:
    """Sections as `write_sections` writes them.

    Raises:
        InputError: naming the line.
    """
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = line.split(maxsplit=2)
        if len(parts) < 3:
            raise InputError(f"{line[:40]!r} is no section: write start, end and name")
        found.append((seconds(parts[0]), seconds(parts[1]), parts[2]))
    return found
