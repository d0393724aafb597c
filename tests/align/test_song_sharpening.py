import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.main import get_command

from align import song_sharpening
from align.cache import cache_path, save_features
from align.features import Features
from align.network.hearing import Places
from align.prototype_files import load_prototypes, prototypes_path
from align.song_sharpening import (
    SongToSharpen,
    Sound,
    prepare_sharpening,
    sharpen_when_due,
    verified_covers,
)
from align.training.commands import train_app
from catalog import database
from catalog.errors import InputError, MediaError, NotFoundError, StateError
from catalog.lifecycle import Relation, Role, Status
from catalog.models import Alignment, Recording, Song
from tests.align.test_sharpening import WHOLE, places

SLUG = "song"


def sha256_of(name: str) -> str:
    return name.encode().hex().ljust(64, "0")


def insert(name: str, *, role: Role = Role.COVER, confidence: float = 0.9, **values: object) -> int:
    """A published recording whose media was dropped and whose features were kept."""
    cache_path(sha256_of(name)).parent.mkdir(parents=True, exist_ok=True)
    cache_path(sha256_of(name)).touch()
    with database.session() as session:
        song = session.query(Song).filter_by(slug=SLUG).one()
        fields = {"status": Status.PUBLISHED, "relation": Relation.PERFORMANCE, **values}
        recording = Recording(
            song_id=song.id, role=role, source="folder", source_id=name, location=name,
            title=name, media_sha256=sha256_of(name), **fields,
        )  # fmt: skip
        if role is Role.COVER:
            recording.alignment = Alignment(
                model="any", confidence=confidence, transposition_semitones=2, tuning_cents=0.0,
                segments=WHOLE.to_json(),
            )  # fmt: skip
        session.add(recording)
        session.flush()
        return recording.id


@pytest.fixture
def song_id(library: Path) -> int:
    with database.session() as session:
        song = Song(slug=SLUG, title="Song")
        session.add(song)
        session.flush()
        return song.id


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Recordings sound as their number says; yields what was heard, and in which key."""
    heard = []

    def listen(sound: Sound, semitones: int = 0) -> Places:
        heard.append((sound.name, semitones))
        return places(int(sound.name))

    monkeypatch.setattr(Sound, "places", listen)
    return heard


def names_of_verified(song_id: int) -> Sequence[str]:
    with database.reading() as session:
        return [each.sound.name for each in verified_covers(session, song_id)]


def n_asked() -> int | None:
    stored = load_prototypes(sha256_of("0"), places(0))
    return None if stored is None else stored.prototypes.n_covers


def run(*arguments: str) -> None:
    get_command(train_app)(args=list(arguments), prog_name="covers train", standalone_mode=False)


def test_covers_are_verified_when_published_sure_and_at_hand(song_id: int) -> None:
    for name, values in {
        "good": {},
        "unjudged": {"relation": None},
        "unsure": {"confidence": 0.79},
        "in review": {"status": Status.IN_REVIEW},
        "copy": {"relation": Relation.SAME_RECORDING},
        "gone": {},
    }.items():
        insert(name, **values)
    insert("reference", role=Role.REFERENCE)
    cache_path(sha256_of("gone")).unlink()
    assert names_of_verified(song_id) == ["good", "unjudged"]


def test_a_song_is_sharpened_in_the_references_key(
    song_id: int, ears: list[tuple[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    insert("0", role=Role.REFERENCE)
    for name in "123":
        insert(name)
    run("--song", SLUG, "--json")
    assert ears == [("0", 0), ("1", -2), ("2", -2), ("3", -2)]
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "covers.sharpening/1"
    assert document["kept"]
    assert [each["cover"] for each in document["covers"]] == ["1", "2", "3"]
    assert all(each["gain"] > 0 for each in document["covers"])
    assert n_asked() == 3
    run("--song", SLUG)
    assert "\nkept: +" in capsys.readouterr().out


def test_a_verified_cover_sounds_like_the_reference_in_its_key(library: Path) -> None:
    random = np.random.default_rng(2)
    pitch = np.zeros((400, 216), np.uint8)
    pitch[:, 60:150] = np.repeat(random.integers(0, 256, (50, 90)), 8, axis=0)
    attack = np.zeros((400, 48), np.uint8)
    places_by_key = []
    for name, semitones in (("low", 0), ("high", 2)):
        features = Features(np.roll(pitch, 3 * semitones, axis=1), attack, 0.0, 8.0)
        save_features(cache_path(sha256_of(name)), features)
        sound = Sound(name, Path("dropped"), sha256_of(name))
        places_by_key.append(sound.places(-semitones).embedding)
    assert np.allclose(*places_by_key, atol=1e-4)


def test_what_cannot_be_sharpened_is_one_sentence(
    song_id: int, ears: list[tuple[str, int]]
) -> None:
    with pytest.raises(NotFoundError, match="there is no song 'nothing'"):
        run("--song", "nothing")
    with pytest.raises(StateError, match="has no reference at hand"):
        prepare_sharpening(SLUG)
    insert("0", role=Role.REFERENCE)
    insert("1")
    with pytest.raises(StateError, match="has 1 verified covers and needs 3"):
        run("--song", SLUG)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--song", SLUG, "folder"], "takes neither data sets nor --output"),
        (["--song", SLUG, "--output", "weights"], "takes neither data sets nor --output"),
        ([], "nothing to train on: give data sets and --output, or --song"),
        (["folder"], "nothing to train on: give data sets and --output, or --song"),
    ],
)
def test_train_takes_data_sets_or_a_song(arguments: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(*arguments)


def test_a_song_is_sharpened_again_when_half_as_many_covers_came(
    song_id: int, ears: list[tuple[str, int]]
) -> None:
    asked = []
    for name in "12345678":
        insert(name)
        sharpen_when_due(song_id, sha256_of("0"), places(0))
        asked.append(n_asked())
    assert asked == [None, None, 3, 3, 5, 5, 5, 8]


def test_it_is_due_again_when_the_reference_is_heard_by_other_networks(
    song_id: int, ears: list[tuple[str, int]]
) -> None:
    for name in "123":
        insert(name)
    sharpen_when_due(song_id, sha256_of("0"), places(0))
    with database.reading() as session:
        covers = verified_covers(session, song_id)
    assert not SongToSharpen(sha256_of("0"), places(0), covers).is_due
    assert SongToSharpen(sha256_of("0"), places(9), covers).is_due


def test_an_alignment_survives_a_failure_to_sharpen(
    song_id: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise MediaError("damaged")

    monkeypatch.setattr(song_sharpening, "features_of", refuse)
    for name in "123":
        insert(name)
    with caplog.at_level(logging.WARNING):
        sharpen_when_due(song_id, sha256_of("0"), places(0))
    assert "was not sharpened: damaged" in caplog.text
    assert not prototypes_path(sha256_of("0")).exists()
