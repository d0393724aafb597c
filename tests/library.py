"""Libraries for tests and for looking at the player: rows and media with exactly known maps.

Everything is inserted published, as if it had been fetched and aligned; nothing is estimated.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog import database
from catalog.ffmpeg import run_ffmpeg
from catalog.lifecycle import Relation, Role, Status
from catalog.models import Alignment, Analysis, Recording, Song
from catalog.settings import get_settings
from catalog.songs import add_hashtags
from catalog.time_map import Segment, TimeMap

SAMPLE_RATE = 44100
Sound = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Entry:
    """A recording to insert. A Reference has beats and sections; a Cover has a map."""

    title: str
    duration_s: float
    media: Path | None = None
    poster: Path | None = None
    has_video: bool = False
    performer: str | None = None
    hosted: bool = True
    youtube_id: str | None = None
    status: Status = Status.PUBLISHED
    reason: str | None = None
    tags: tuple[str, ...] = ()
    time_map: TimeMap | None = None
    confidence: float = 0.95
    transposition_semitones: int = 0
    relation: Relation = Relation.PERFORMANCE
    beats_s: Sequence[float] = ()
    downbeats_s: Sequence[float] = ()
    sections: Sequence[dict[str, Any]] = field(default_factory=tuple)


def insert_song(slug: str, title: str, reference: Entry, covers: Sequence[Entry]) -> list[int]:
    """Insert a song with its recordings. Returns their ids, the Reference's first."""
    with database.session() as session:
        song = Song(slug=slug, title=title, composer="traditional")
        session.add(song)
        session.flush()
        ids = []
        for number, entry in enumerate((reference, *covers)):
            recording = _recording(song, entry, number)
            session.add(recording)
            session.flush()
            add_hashtags(session, recording, [(tag, "description") for tag in entry.tags])
            _copy_media(recording, entry)
            ids.append(recording.id)
    return ids


def _recording(song: Song, entry: Entry, number: int) -> Recording:
    is_reference = number == 0
    recording = Recording(
        song_id=song.id,
        role=Role.REFERENCE if is_reference else Role.COVER,
        source="youtube" if entry.youtube_id else "test",
        source_id=entry.youtube_id or str(number),
        location="nowhere",
        title=entry.title,
        performer=entry.performer,
        performer_url="https://example.org/performer" if entry.performer else None,
        licence="CC0 1.0 Universal",
        hosted=entry.hosted,
        status=entry.status,
        reason=entry.reason,
        has_video=entry.has_video,
        duration_s=entry.duration_s,
        relation=None if is_reference else entry.relation,
    )
    if entry.beats_s:
        recording.analysis = Analysis(
            model="exact",
            duration_s=entry.duration_s,
            tempo_bpm=round(60 / float(np.median(np.diff(entry.beats_s))), 2),
            beats_s=list(entry.beats_s),
            downbeats_s=list(entry.downbeats_s),
            sections=list(entry.sections),
        )
    if entry.time_map is not None:
        recording.alignment = Alignment(
            model="exact",
            confidence=entry.confidence,
            transposition_semitones=entry.transposition_semitones,
            tuning_cents=0.0,
            segments=entry.time_map.to_json(),
        )
    return recording


def _copy_media(recording: Recording, entry: Entry) -> None:
    folder = get_settings().media_folder / str(recording.id)
    folder.mkdir(parents=True, exist_ok=True)
    if entry.media is not None:
        shutil.copyfile(entry.media, folder / entry.media.name)
        recording.media_file = f"{recording.id}/{entry.media.name}"
        kind = "video" if entry.has_video else "audio"
        recording.media_type = f"{kind}/mp4" if entry.media.suffix != ".wav" else "audio/wav"
        recording.media_sha256 = hashlib.sha256(entry.media.read_bytes()).hexdigest()
    if entry.poster is not None:
        shutil.copyfile(entry.poster, folder / entry.poster.name)
        recording.poster_file = f"{recording.id}/{entry.poster.name}"


def render_clicks(
    clicks_s: Sequence[float], duration_s: float, *, click_hz: float, bed_hz: float
) -> Sound:
    """Short decaying tones at given times over a quiet steady tone, both told by their pitch."""
    time_s = np.arange(int(duration_s * SAMPLE_RATE)) / SAMPLE_RATE
    sound = 0.1 * np.sin(2 * np.pi * bed_hz * time_s)
    length = int(0.03 * SAMPLE_RATE)
    decay_s = np.arange(length) / SAMPLE_RATE
    click = 0.7 * np.exp(-decay_s / 0.006) * np.sin(2 * np.pi * click_hz * decay_s)
    for click_s in clicks_s:
        start = round(click_s * SAMPLE_RATE)
        end = min(start + length, len(sound))
        sound[start:end] += click[: end - start]
    return sound


def write_m4a(sound: Sound, path: Path) -> Path:
    """Encode as browsers like it best: AAC in an MP4 whose index comes first."""
    raw = path.with_suffix(".f32")
    raw.write_bytes(sound.astype("<f4").tobytes())
    result = run_ffmpeg(
        *("-v", "error", "-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", str(raw)),
        *("-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart", "-y", str(path)),
    )
    raw.unlink()
    assert result.returncode == 0, result.stderr.decode()
    return path


def read_demo(folder: Path) -> tuple[Entry, list[Entry]]:
    """The Reference and the covers of the demo library, with their exact maps."""
    reference = _demo_entry(folder / "reference.mp4")
    stems = sorted(path.stem for path in folder.glob("*.info.json"))
    names = [stem.removesuffix(".info") for stem in stems if not stem.startswith("reference")]
    media = [found for name in names if (found := _find_media(folder, name)) is not None]
    return reference, [_demo_entry(path) for path in media]


def _find_media(folder: Path, name: str) -> Path | None:
    found = [folder / f"{name}{suffix}" for suffix in (".mp4", ".m4a", ".ogg", ".flac")]
    return next((path for path in found if path.is_file()), None)


def _demo_entry(media: Path) -> Entry:
    described = json.loads(media.with_suffix(".info.json").read_text())
    truth = _read_json(media.with_suffix(".truth.json"))
    beats = _read_rows(media.with_suffix(".beats.csv"))
    return Entry(
        title=described["title"],
        performer=described.get("uploader"),
        duration_s=float(described["duration"]),
        media=media,
        poster=_make_poster(media) if media.suffix == ".mp4" else None,
        has_video=media.suffix == ".mp4",
        tags=tuple(described.get("tags", ())),
        relation=Relation(truth.get("relation", "performance")),
        transposition_semitones=int(truth.get("transposition_semitones", 0)),
        time_map=_read_map(media.with_suffix(".csv")),
        beats_s=[float(row["time_s"]) for row in beats],
        downbeats_s=[float(row["time_s"]) for row in beats if row["position"] == "1"],
        sections=_read_sections(media.with_suffix(".sections.csv")),
    )


def _make_poster(media: Path) -> Path:
    poster = get_settings().data_folder / f"{media.stem}.jpg"
    arguments = ("-v", "error", "-ss", "30", "-i", str(media), "-frames:v", "1", "-y", str(poster))
    run_ffmpeg(*arguments)
    return poster


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def _read_rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(newline="") as opened:
        return list(csv.DictReader(opened))


def _read_sections(path: Path) -> list[dict[str, Any]]:
    return [
        {
            "start_s": float(row["start_s"]),
            "end_s": float(row["end_s"]),
            "label": row["label"],
            "confidence": 1.0,
        }
        for row in _read_rows(path)
    ]


def _read_map(path: Path) -> TimeMap | None:
    rows = _read_rows(path)
    if not rows:
        return None
    segments = []
    for number in sorted({int(row["segment"]) for row in rows}):
        own = [row for row in rows if int(row["segment"]) == number]
        segments.append(
            Segment.of(
                [float(row["reference_s"]) for row in own],
                [float(row["cover_s"]) for row in own],
            )
        )
    return TimeMap(tuple(segments))


@dataclass(frozen=True)
class ClickSong:
    """A song of clicks: ids of its recordings, each with the pitch of its clicks."""

    slug: str
    ids: tuple[int, ...]
    click_hz: dict[int, float]
    beat_s: float


REFERENCE_BEAT_S = 0.6
BEATS_IN_BAR = 4


def insert_click_song(
    folder: Path,
    *,
    tempo_ratios: Sequence[float],
    beat_count: int = 100,
    missing_beats: dict[int, range] | None = None,
    levels_db: Sequence[float] = (0.0,),
    slug: str = "clicks",
    at_youtube: Mapping[int, str] | None = None,
) -> ClickSong:
    """A Reference at 100 beats a minute, and covers at other tempi that begin with silence.

    `missing_beats` says which beats the n-th cover (from 0) leaves out of its map; `levels_db` how
    loud they are, in turn; `at_youtube` which recordings (the Reference is 0) only YouTube may
    play, as which videos.
    """
    videos = at_youtube or {}
    beats_s = [1.0 + REFERENCE_BEAT_S * beat for beat in range(beat_count)]
    reference = _click_entry(
        *(folder, 0, beats_s),
        performer="The Clock",
        beats=True,
        level_db=levels_db[0],
        youtube_id=videos.get(0),
    )
    covers = []
    for number, ratio in enumerate(tempo_ratios):
        own_s = [1.5 + number / 4 + (beat_s - beats_s[0]) / ratio for beat_s in beats_s]
        left_out = (missing_beats or {}).get(number, range(0))
        time_map = _map_without(beats_s, own_s, left_out)
        covers.append(
            _click_entry(
                *(folder, number + 1, own_s),
                performer=f"Cover {ratio}",
                time_map=time_map,
                level_db=levels_db[(number + 1) % len(levels_db)],
                youtube_id=videos.get(number + 1),
            )
        )
    ids = insert_song(slug, "Clicks", reference, covers)
    pitches = {each: _click_hz(number) for number, each in enumerate(ids)}
    return ClickSong(slug, tuple(ids), pitches, REFERENCE_BEAT_S)


def _click_hz(number: int) -> float:
    return 3000.0 + 400.0 * number


def _click_entry(
    folder: Path,
    number: int,
    clicks_s: list[float],
    *,
    performer: str,
    time_map: TimeMap | None = None,
    beats: bool = False,
    level_db: float = 0.0,
    youtube_id: str | None = None,
) -> Entry:
    duration_s = clicks_s[-1] + 1.5
    media = None
    if youtube_id is None:
        bed_hz = 150.0 + 115.0 * number
        sound = render_clicks(clicks_s, duration_s, click_hz=_click_hz(number), bed_hz=bed_hz)
        sound = sound * 10 ** (level_db / 20)
        media = write_m4a(sound, folder / f"clicks-{number}.m4a")
    return Entry(
        title=f"Clicks, take {number}",
        performer=performer,
        duration_s=duration_s,
        media=media,
        hosted=youtube_id is None,
        youtube_id=youtube_id,
        time_map=time_map,
        tags=("steady",) if number % 2 else ("steady", "odd"),
        beats_s=clicks_s if beats else (),
        downbeats_s=clicks_s[::BEATS_IN_BAR] if beats else (),
        sections=_click_sections(clicks_s) if beats else (),
    )


def _click_sections(beats_s: list[float]) -> list[dict[str, Any]]:
    labels = ("intro", "verse", "chorus", "verse", "ending")
    edges = [beats_s[len(beats_s) * each // 5 // 4 * 4] for each in range(5)] + [beats_s[-1] + 0.6]
    return [
        {"start_s": start_s, "end_s": end_s, "label": label, "confidence": 1.0}
        for label, start_s, end_s in zip(labels, edges, edges[1:], strict=False)
    ]


def _map_without(reference_s: list[float], cover_s: list[float], left_out: range) -> TimeMap:
    """Straight from beat to beat, with one gap where beats are left out."""
    runs = [range(0, left_out.start), range(left_out.stop, len(cover_s))] if left_out else []
    return TimeMap(
        tuple(
            Segment.of([reference_s[beat] for beat in run], [cover_s[beat] for beat in run])
            for run in runs or [range(len(cover_s))]
            if len(run) > 1
        )
    )
