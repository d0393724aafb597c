"""A library to look at: songs of clicks whose films differ, with words in many scripts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from align.rendition.making import render_recording
from catalog import database
from catalog.ffmpeg import run_ffmpeg
from catalog.listener_models import Mix
from catalog.mixes import MixStep, add_mix
from catalog.models import Recording, Song
from catalog.play_counts import Batch, PlayEvent, count_batches
from catalog.settings import get_settings
from catalog.time_map import Segment, TimeMap
from tests.library import Entry, insert_song, render_clicks, write_m4a

BEAT_S = 0.6
BEATS = 112
SECTIONS = (
    ("intro", 8),
    ("verse", 24),
    ("pre-chorus", 8),
    ("chorus", 16),
    ("verse", 16),
    ("bridge", 8),
    ("chorus", 24),
    ("outro", 8),
)
SMALL = "s=640x360:rate=15"


@dataclass(frozen=True)
class Take:
    """A recording to make: who plays, how fast, and a source of ffmpeg's for the film."""

    performer: str | None
    title: str
    film: str | None = None
    tempo_ratio: float = 1.0
    semitones: int = 0
    missing: range = range(0)
    tags: Sequence[str] = field(default_factory=tuple)
    youtube_id: str | None = None


def _gradient(first: str, second: str, seed: int) -> str:
    return f"gradients={SMALL}:c0={first}:c1={second}:speed=0.02:seed={seed}"


LIVING = (
    "life=s=160x90:rate=15:mold=20:ratio=0.2:life_color=#ffd9a0:death_color=#a03060"
    ":mold_color=#180818,scale=640:360:flags=neighbor"
)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TAKES = (
    Take("The Evening Choir", "The Long Evening", _gradient("0xff7a4d", "0x2b1055", 1)),
    Take(
        *("Mira & the Clocks", "The Long Evening (live in the kitchen)", LIVING),
        *(0.95, 2),
        tags=("live", "piano", "evening"),
    ),
    Take(
        *("Blechkapelle Nord", "Der lange Abend", f"sierpinski={SMALL}:type=carpet", 1.05),
        tags=("brass", "evening"),
    ),
    Take(
        *("שירת הערב", "הערב הארוך — גרסה אקוסטית", _gradient("0x1fd1a5", "0x0a2a4d", 3), 0.9, -2),
        tags=("guitar", "שירים"),
    ),
    Take(
        *(LONG, f"The Long Evening, played by the {LONG} on a Sunday", f"testsrc2={SMALL}", 1.1),
        tags=("brass", "a-hashtag-that-somebody-made-much-too-long-to-fit-anywhere"),
    ),
    Take(
        *("الأمسية", "المساء الطويل", _gradient("0xffd34d", "0x7a1030", 5)),
        *(1.0, 0, range(0, 40)),
        tags=("oud",),
    ),
    Take("Вечерний хор", "Долгий вечер", None, 0.85, 5, tags=("choir", "evening")),
    Take(None, "untitled 4", None, 1.2, tags=("piano",)),
    Take("Steadfast", "Evening, in time", _gradient("0x4d7aff", "0x101030", 9), tags=("live",)),
)
RENDITIONS = 3
VIDEOS = ("videoAAAAA1", "videoBBBBB2", "videoCCCCC3")


def is_filled() -> bool:
    """Whether the library in force has songs."""
    with database.reading() as session:
        return session.query(Song).first() is not None


def find_mix() -> str:
    """The key of the mix."""
    with database.reading() as session:
        return session.query(Mix).one().key


def fill(folder: Path) -> None:
    """Make the songs, a mix, and what was heard; films are made in a folder."""
    ids = _insert(folder, "evening", "The Long Evening", TAKES)
    for cover_id in ids[1 : 1 + RENDITIONS]:
        render_recording(cover_id, lambda share: None)
    _insert(folder, "alone", "A Song Nobody Covered Yet", TAKES[:1])
    broken = _insert(folder, "broken", "A Song with a Broken Cover", TAKES[:4])
    _break(broken[1])
    _caption(ids[0])
    tube = [Take(f"Channel {each}", "On YouTube", youtube_id=each) for each in VIDEOS]
    _insert(folder, "tube", "A Song on YouTube", [TAKES[0], *tube])
    _hear(ids)
    _mix(ids)


def _insert(folder: Path, slug: str, title: str, takes: Sequence[Take]) -> list[int]:
    entries = [_entry(folder, slug, number, take) for number, take in enumerate(takes)]
    return insert_song(slug, title, entries[0], entries[1:])


def _entry(folder: Path, slug: str, number: int, take: Take) -> Entry:
    beats_s = [1 + BEAT_S * beat for beat in range(BEATS)]
    own_s = [1 + BEAT_S * beat / take.tempo_ratio for beat in range(BEATS)]
    duration_s = own_s[-1] + 2
    stem = folder / f"{slug}-{number}"
    media, poster = None, None
    if take.youtube_id is None:
        sound = render_clicks(own_s, duration_s, click_hz=2000 + 150 * number, bed_hz=110)
        media = write_m4a(0.4 * sound, stem.with_suffix(".m4a"))
    if media is not None and take.film is not None:
        media = _film(take.film, media)
        poster = _still(media)
    kept = [beat for beat in range(BEATS) if beat not in take.missing]
    time_map = TimeMap((Segment.of([beats_s[i] for i in kept], [own_s[i] for i in kept]),))
    return Entry(
        title=take.title,
        performer=take.performer,
        duration_s=duration_s,
        media=media,
        poster=poster,
        has_video=take.film is not None,
        hosted=take.youtube_id is None,
        youtube_id=take.youtube_id,
        tags=tuple(take.tags),
        transposition_semitones=take.semitones,
        time_map=time_map if number else None,
        beats_s=() if number else beats_s,
        downbeats_s=() if number else beats_s[::4],
        sections=() if number else _sections(beats_s),
    )


def _sections(beats_s: Sequence[float]) -> list[dict[str, object]]:
    sections: list[dict[str, object]] = []
    first = 0
    for label, count in SECTIONS:
        start_s, end_s = beats_s[first], beats_s[first] + BEAT_S * count
        sections.append({"start_s": start_s, "end_s": end_s, "label": label, "confidence": 1.0})
        first += count
    return sections


def _film(source: str, sound: Path) -> Path:
    film = sound.with_suffix(".mp4")
    _run(
        *("-f", "lavfi", "-i", source, "-i", str(sound), "-shortest", "-c:a", "copy"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "15"),
        *("-movflags", "+faststart", str(film)),
    )
    return film


def _still(film: Path) -> Path:
    still = film.with_suffix(".jpg")
    _run("-ss", "12", "-i", str(film), "-frames:v", "1", str(still))
    return still


def _run(*arguments: str) -> None:
    made = run_ffmpeg("-v", "error", "-y", *arguments)
    assert made.returncode == 0, made.stderr.decode()


def _break(recording_id: int) -> None:
    with database.reading() as session:
        media = session.get_one(Recording, recording_id).media_file
    (get_settings().media_folder / str(media)).write_bytes(b"no film at all")


def _caption(recording_id: int) -> None:
    """Somebody writes at every second bar what is sung there."""
    lines = ["WEBVTT", ""]
    for bar in range(BEATS // 8):
        from_s = 1 + 8 * BEAT_S * bar
        times = [f"{int(at_s // 60):02}:{at_s % 60:06.3f}" for at_s in (from_s, from_s + 4)]
        lines += [
            " --> ".join(times),
            f"The evening is long, sang the choir\nfor the {bar + 1}. time",
            "",
        ]
    with database.reading() as session:
        media = session.get_one(Recording, recording_id).media_file
    captions = (get_settings().media_folder / str(media)).with_name("captions.en.vtt")
    captions.write_text("\n".join(lines))


def _hear(ids: Sequence[int]) -> None:
    events = [
        each
        for number, one in enumerate(ids)
        for each in (PlayEvent("heard", one, 400_000 // (number + 1)), PlayEvent("switched", one))
    ]
    with database.session() as session:
        batch = Batch(str(uuid.uuid4()), [*events, PlayEvent("loop", ids[0])])
        count_batches(session, [batch])


def _mix(ids: Sequence[int]) -> None:
    steps = [MixStep(0, ids[0], 1000), MixStep(4800, ids[2], 5800), MixStep(9600, ids[1], 10_600)]
    with database.session() as session:
        song = session.query(Song).filter_by(slug="evening").one()
        add_mix(session, song, name="An evening", duration_ms=14_000, steps=steps)
