"""Songs and their covers: listing, adding by upload or address, and thresholds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from catalog import database
from catalog.audit import note
from catalog.credits import credit_of, set_credit
from catalog.errors import InputError, StorageError
from catalog.lifecycle import Role, SearchKind
from catalog.models import Recording, Song
from catalog.rules import set_thresholds, thresholds_of
from catalog.searches import add_search, list_searches, run_now
from catalog.songs import Found, add_recording, add_song, count_by_status, get_song
from catalog.strangers_text import clean_line
from catalog.timelines import reference_of
from webapp import warp_plot
from webapp.desk import queries
from webapp.desk.access import takes_files, visitor
from webapp.desk.forms import credit, on_page, share
from webapp.desk.uploads import MOST_FILES, keep_upload, remove_fetched
from webapp.rows_to_json import web_address

blueprint = APIBlueprint("desk_songs", __name__, url_prefix="/desk/songs", enable_openapi=False)
on_page(blueprint)


@blueprint.get("")
def songs() -> str:
    """All songs, and where their recordings stand."""
    with database.reading() as session:
        return render_template("desk/songs.html", rows=queries.list_song_rows(session))


@blueprint.get("/new")
def new_song() -> str:
    """The form for a song and its reference."""
    return render_template("desk/song-new.html", form={})


@blueprint.post("")
@takes_files(1)
def make_song() -> tuple[str, int] | Response:
    """Add a song with its reference, by a file or an address."""
    form = request.form
    try:
        found = _reference(request.files.get("file"), form)
        with database.session() as session:
            song = add_song(
                session,
                form.get("slug", "").strip() or slug_of(form.get("title", "")),
                title=clean_line(form.get("title", "")) or None,
                composer=clean_line(form.get("composer", "")) or None,
            )
            found = replace(found, title=song.title)
            add_recording(session, song, found, role=Role.REFERENCE, hosted=_may_host(form))
            remove_fetched(session)
            note(session, visitor().actor, "song.add", f"song {song.slug}")
            slug = song.slug
    except (InputError, StorageError) as error:
        return render_template("desk/song-new.html", form=form, wrong=str(error)), 422
    flash("Added. The worker fetches and analyses the reference; this page shows how far it is.")
    return redirect(url_for("desk_songs.song", slug=slug), 303)


def slug_of(title: str) -> str:
    """A short name for addresses, made of a title."""
    folded = "".join(each if each.isascii() and each.isalnum() else "-" for each in title.lower())
    return "-".join(part for part in folded.split("-") if part)[:60]


def _reference(upload: FileStorage | None, form: Any) -> Found:
    address = form.get("address", "").strip()
    if upload is not None and upload.filename:
        found = keep_upload(upload)
    elif address:
        found = _on_the_web(address)
    else:
        raise InputError("there is no reference: choose a file, or give an address")
    return replace(
        found,
        performer=clean_line(form.get("performer", "")) or None,
        licence=clean_line(form.get("licence", "")) or None,
    )


def _on_the_web(address: str) -> Found:
    shown = web_address(address)
    if shown is None or shown != address:
        raise InputError(
            f"{clean_line(address)[:80]!r} is no address of a recording: it begins with https:// "
            "and holds no password"
        )
    return Found(source="web", source_id=address, location=address, title=address, page_url=shown)


def _may_host(form: Any) -> bool:
    return bool(form.get("hosted") == "yes")


@blueprint.get("/<slug>")
def song(slug: str) -> str:
    """One song: its reference, covers, thresholds and searches."""
    with database.reading() as session:
        found = get_song(session, slug)
        reference = reference_of(session, found)
        covers = queries.list_covers(session, status=None, song=found, limit=500)
        return render_template(
            "desk/song.html",
            song=found,
            reference=reference,
            analysis=reference.analysis if reference else None,
            credit=credit_of(reference) if reference else None,
            job=queries.active_job(session, reference) if reference else None,
            counts=count_by_status(session, found),
            rows=[cover_row(each) for each in covers.covers],
            total=covers.total,
            under_way=queries.count_under_way(session, found),
            thresholds=thresholds_of(found),
            searches=list_searches(session, found),
        )


def cover_row(cover: Recording) -> dict[str, Any]:
    """A cover as tables show it."""
    alignment = cover.alignment
    return {"cover": cover, "alignment": alignment, "plot": warp_plot.draw_in_row(alignment)}


@blueprint.post("/<slug>/covers")
@takes_files(MOST_FILES)
def add_covers(slug: str) -> Response:
    """Add covers by files, or have the worker look through an address."""
    uploads = [each for each in request.files.getlist("files") if each.filename]
    address = request.form.get("address", "").strip()
    if len(uploads) > MOST_FILES:
        raise InputError(f"{len(uploads)} files are too many at once: send {MOST_FILES} at most")
    if uploads and address:
        raise InputError("files and an address are two things: send one, then the other")
    files = [keep_upload(each) for each in uploads]
    with database.session() as session:
        found = get_song(session, slug)
        if files:
            flash(_add_files(session, found, files))
        elif address:
            flash(_look_through(session, found, address))
        else:
            raise InputError("there is nothing to add: choose files, or give an address")
        remove_fetched(session)
    return redirect(url_for("desk_songs.song", slug=slug), 303)


def _add_files(session: Session, song: Song, files: list[Found]) -> str:
    hosted = _may_host(request.form)
    added = [add_recording(session, song, each, role=Role.COVER, hosted=hosted) for each in files]
    note(session, visitor().actor, "cover.add", f"song {song.slug}", files=len(added))
    what = "One cover" if len(added) == 1 else f"{len(added)} covers"
    return f"{what} added. The worker screens and aligns what you sent."


def _look_through(session: Session, song: Song, address: str) -> str:
    known = [each for each in list_searches(session, song) if each.query == address]
    search = (
        known[0] if known else add_search(session, song, SearchKind.ADDRESS, address, every_h=None)
    )
    run_now(session, search.id)
    note(session, visitor().actor, "search.run", f"search {search.id}", query=address)
    return "The worker looks through that address and adds what is new."


@blueprint.post("/<slug>/credit")
def change_credit(slug: str) -> Response:
    """Tell listeners something else of the reference."""
    with database.session() as session:
        reference = reference_of(session, get_song(session, slug))
        if reference is None:
            raise InputError(f"{slug} has no reference to tell anything of")
        set_credit(session, reference, credit(), actor=visitor().actor)
    flash("Kept. Listeners are told so from now on.")
    return redirect(url_for("desk_songs.song", slug=slug), 303)


@blueprint.post("/<slug>/thresholds")
def change_thresholds(slug: str) -> Response:
    """Set from which confidence covers are published or rejected without a person."""
    above, below = share("publish_above"), share("reject_below")
    with database.session() as session:
        found = get_song(session, slug)
        set_thresholds(session, found, publish_above=above, reject_below=below)
        detail = {"publish_above": above, "reject_below": below}
        note(session, visitor().actor, "song.thresholds", f"song {slug}", **detail)
    flash("The thresholds hold. What others had decided before is decided again.")
    return redirect(url_for("desk_songs.song", slug=slug), 303)
