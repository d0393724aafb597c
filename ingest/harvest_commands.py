"""`covers ingest plan, run, hosts, approve, reject, undo, rules, clean`: the harvest by command."""

from __future__ import annotations

import getpass
from typing import Annotated, Any

import typer

from catalog import database
from catalog.console import print_json, progress_console
from ingest.credit_command import credit_command
from ingest.showing import AsJson, Slug, moment, show
from ingest.takedown_commands import takedown_command

CoverId = Annotated[int, typer.Argument(help="The cover's number.")]
OneSong = Annotated[str | None, typer.Argument(help="One song; without it, all.")]


def plan_command(slug: OneSong = None, as_json: AsJson = False) -> None:
    """Show what the searches would do now: counts, sizes and time. Nobody is asked."""
    from catalog.songs import get_song
    from ingest.discovery.planning import plan_harvest

    database.upgrade()
    with database.reading() as session:
        plan = plan_harvest(session, get_song(session, slug) if slug else None).to_json()
    if as_json:
        print_json(plan)
        return
    columns = ["search", "song", "kind", "asks", "is_due", "listed", "new", "download_mib"]
    show(list(plan["searches"]), [*columns, "fetch_min"], False)
    listening = plan["listening_min"]
    heard = "" if listening is None else f", {listening:.0f} min of one core to hear them"
    progress_console.print(
        f"Up to {plan['new']} new, {plan['download_mib']:.0f} MiB, {plan['fetch_min']:.0f} min to "
        f"fetch{heard}.",
        markup=False,
    )


def run_command(
    slug: OneSong = None,
    search_id: Annotated[int | None, typer.Option("--search", help="Only this one.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only those whose time has come.")] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Do the work now, and come back when done.")
    ] = False,
) -> None:
    """Queue searches now, whatever their schedule; `covers worker` runs them."""
    from catalog.searches import enqueue_due, list_searches, run_now
    from catalog.songs import get_song

    database.upgrade()
    with database.session() as session:
        if search_id is not None:
            run_now(session, search_id)
            count = 1
        elif due:
            count = enqueue_due(session)
        else:
            searches = list_searches(session, get_song(session, slug) if slug else None)
            count = len([run_now(session, each.id) for each in searches if each.enabled])
    progress_console.print(f"{count} searches queued.", markup=False)
    if wait:
        from ingest.work import work_until_idle

        work_until_idle()


def hosts_command(
    resume: Annotated[str | None, typer.Option(help="Ask this paused host again at once.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show how hosts behave: which are paused, why, and when they are asked again."""
    from catalog.hosts import list_hosts, resume_host

    database.upgrade()
    if resume is not None:
        with database.session() as session:
            resume_host(session, resume)
    with database.reading() as session:
        rows: list[dict[str, Any]] = [
            {
                "host": each.name,
                "state": each.state.value,
                "cause": each.cause,
                "failures": each.failures,
                "next_probe_at": moment(each.next_probe_at),
                "last_success_at": moment(each.last_success_at),
            }
            for each in list_hosts(session)
        ]
    show(rows, ["host", "state", "failures", "next_probe_at", "cause"], as_json)


def approve_command(cover_id: CoverId) -> None:
    """Publish one aligned cover, wherever it stands."""
    from catalog.reviewing import approve

    database.upgrade()
    with database.session() as session:
        approve(session, cover_id, made_by=getpass.getuser())


def reject_command(
    cover_id: CoverId,
    reason: Annotated[str, typer.Option(help="Why, for whoever asks later.")] = "",
) -> None:
    """Take one cover out, wherever it stands, and call off the work on it."""
    from catalog.reviewing import reject

    database.upgrade()
    with database.session() as session:
        reject(session, cover_id, made_by=getpass.getuser(), reason=reason)


def undo_command(cover_id: CoverId) -> None:
    """Take back the last decision about a cover; its work goes on from there."""
    from catalog.reviewing import undo

    database.upgrade()
    with database.session() as session:
        decision = undo(session, cover_id, made_by=getpass.getuser())
        said = "; ".join(each["text"] for each in decision.reasons) or "no reason given"
    progress_console.print(
        f"Undone: {decision.to_status.value} by {decision.made_by} ({said})", markup=False
    )


def reasons_command(cover_id: CoverId, as_json: AsJson = False) -> None:
    """Show every decision about a cover with its reasons, newest first."""
    from catalog.reviewing import get_cover, list_decisions

    database.upgrade()
    with database.session() as session:
        get_cover(session, cover_id)
        rows: list[dict[str, Any]] = [
            {
                "made_at": moment(each.made_at),
                "made_by": each.made_by,
                "step": each.step.value,
                "from": each.from_status.value,
                "to": each.to_status.value,
                "reasons": each.reasons
                if as_json
                else "; ".join(reason["text"] for reason in each.reasons),
                "undone_by": each.undone_by,
            }
            for each in list_decisions(session, cover_id)
        ]
    show(rows, ["made_at", "made_by", "step", "from", "to", "reasons", "undone_by"], as_json)


def rules_command(
    slug: Slug,
    rule: Annotated[
        list[str] | None,
        typer.Option("--set", help="NAME=VALUE, the value as JSON or a bare word."),
    ] = None,
    publish_above: Annotated[float | None, typer.Option(help="Publish from here on.")] = None,
    reject_below: Annotated[float | None, typer.Option(help="Reject below this.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show, and change, what is accepted as a cover of a song.

    \b
      covers ingest rules air --publish-above 0.7 --reject-below 0.1
      covers ingest rules air --set 'names=["Danny Boy"]' --set min_duration_s=60
    """
    from catalog.rules import rules_of, set_rules, set_thresholds, thresholds_of
    from catalog.songs import get_song

    database.upgrade()
    with database.session() as session:
        song = get_song(session, slug)
        if rule:
            set_rules(song, dict(_parse_rule(each) for each in rule))
        if publish_above is not None or reject_below is not None:
            set_thresholds(
                session,
                song,
                publish_above=song.publish_above if publish_above is None else publish_above,
                reject_below=song.reject_below if reject_below is None else reject_below,
            )
        thresholds, rules = thresholds_of(song), rules_of(song)
    document = {**vars(thresholds), **rules.model_dump(mode="json")}
    if as_json:
        print_json(document)
        return
    meanings = {name: field.description for name, field in type(rules).model_fields.items()}
    meanings |= {
        "publish_above": "Confidence from which covers are published.",
        "reject_below": "Confidence below which covers are rejected.",
    }
    rows = [
        {"rule": name, "value": _shown(value), "meaning": meanings[name]}
        for name, value in document.items()
    ]
    show(rows, ["rule", "value", "meaning"], False)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _parse_rule(text: str) -> tuple[str, object]:
    import json

    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def clean_command() -> None:
    """Remove media that nobody needs: what was given up, and what was decided long ago."""
    from ingest.janitor import clean

    database.upgrade()
    cleaned = clean()
    progress_console.print(
        f"{cleaned.abandoned} given up and {cleaned.dropped} decided removed, "
        f"{cleaned.freed_bytes / 1024**2:.1f} MiB freed.",
        markup=False,
    )


def add_harvest_commands(app: typer.Typer) -> None:
    """Put them below `covers ingest`."""
    for command in (
        *(plan_command, run_command, hosts_command, approve_command, reject_command),
        *(undo_command, reasons_command, credit_command, takedown_command),
        *(rules_command, clean_command),
    ):
        app.command(command.__name__.removesuffix("_command"))(command)
