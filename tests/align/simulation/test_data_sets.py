"""Recipes drawn, kept, rendered and gone on with; what is for tests stays out of training."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.main import get_command

from align.datasets.reading import read_dataset
from align.simulation.arranging.drawing import KINDS as ALL_KINDS
from align.simulation.commands import simulate_app
from align.simulation.drawing import Wish, draw_recipe
from align.simulation.generator import describe_generator, digest_recording
from align.simulation.recipe import Recipe, RecipeError, read_recipe
from align.simulation.rendering import plain_truth, play_recording, render_recipe, write_recording
from align.simulation.score.meter import CHANGES
from align.simulation.score.songform import write_song
from align.simulation.score.tune import TUNES, load_tune
from align.simulation.simulator import Recording, truth_of
from align.simulation.songbook import choose_tunes, name_tunes, read_songbook, slugify
from align.simulation.splits import SplitError, limit_sources, load_split
from align.simulation.truth import Span
from catalog.errors import InputError

OWN_SOUNDS = ("own-additive", "own-models", "own-drums", "own-singer")
KINDS = ("acoustic_solo", "cut", "repeat")
BOOK = name_tunes([load_tune("londonderry-air")])
SPLIT = limit_sources(load_split("train"), OWN_SOUNDS)


def draw(seed: int = 3, covers: int = 2, kinds: tuple[str, ...] = KINDS) -> Recipe:
    return draw_recipe(BOOK, SPLIT, Wish("small", covers, seed, kinds))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    render_recipe(draw(), BOOK, folder, n_processes=2, done=lambda stem: None)
    return folder


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def test_a_recipe_survives_json() -> None:
    recipe = draw()
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_the_same_seed_gives_the_same_recipe_and_another_another() -> None:
    assert draw(3) == draw(3)
    assert draw(3) != draw(4)


def test_kinds_are_dealt_evenly() -> None:
    kinds = [cover.kind for cover in draw(covers=6).songs[0].covers]
    assert {kinds.count(kind) for kind in KINDS} == {2}


def test_kinds_that_nothing_fits_are_refused() -> None:
    with pytest.raises(RecipeError, match="jazz"):
        draw(kinds=("jazz",))


def test_a_rendered_recipe_is_a_data_set_with_truth(rendered: Path) -> None:
    dataset = read_dataset(rendered)
    document = json.loads((rendered / "dataset.json").read_text())
    assert document["generator"] == describe_generator()
    assert document["split"] == "train"
    assert "own-singer: MIT" in document["licence"]
    assert "talk: " in document["licence"]
    assert len(dataset.covers) == 2
    for cover in dataset.covers:
        assert cover.annotation is not None
        audio, rate = soundfile.read(cover.file)
        assert rate == 22050
        assert np.abs(audio).max() > 0.05
        assert cover.annotation.cover_s[-1] < len(audio) / rate


def test_marks_lead_beats_of_the_cover_to_beats_of_the_reference(rendered: Path) -> None:
    song = draw().songs[0]
    reference_s = {row["time_s"] for row in read_rows(rendered / f"{song.id}-reference.beats.csv")}
    for cover in song.covers:
        rows = read_rows(rendered / f"{cover.stem}.csv")
        own_s = {row["time_s"] for row in read_rows(rendered / f"{cover.stem}.beats.csv")}
        assert {row["reference_s"] for row in rows} <= reference_s
        assert {row["cover_s"] for row in rows} <= own_s


def test_truth_without_sound_is_the_truth_with_sound(rendered: Path) -> None:
    song = draw().songs[0]
    truth = plain_truth(write_song(BOOK[song.tune], seed=song.form_seed), song.covers[0])
    rows = read_rows(rendered / f"{song.covers[0].stem}.beats.csv")
    assert [f"{time_s:.5f}" for time_s in truth.beats_s] == [row["time_s"] for row in rows]


def test_a_broken_off_run_goes_on_and_renders_only_what_is_missing(rendered: Path) -> None:
    recipe = draw()
    lost = rendered / f"{recipe.songs[0].covers[0].stem}.flac"
    kept = rendered / f"{recipe.songs[0].reference.stem}.flac"
    before, stamp = lost.read_bytes(), kept.stat().st_mtime_ns
    lost.unlink()
    (rendered / "dataset.json").unlink()
    render_recipe(recipe, BOOK, rendered, n_processes=1, done=lambda stem: None)
    assert lost.read_bytes() == before
    assert kept.stat().st_mtime_ns == stamp
    assert (rendered / "dataset.json").exists()


def test_a_folder_keeps_to_its_recipe(rendered: Path) -> None:
    assert read_recipe(rendered / "recipe.json") == draw()
    with pytest.raises(RecipeError, match="another recipe"):
        render_recipe(draw(9), BOOK, rendered, n_processes=1, done=lambda stem: None)


def test_a_folder_may_be_renamed_but_holds_nothing_else(rendered: Path, tmp_path: Path) -> None:
    renamed = replace(draw(), name="renamed")
    render_recipe(renamed, BOOK, rendered, n_processes=1, done=lambda stem: None)
    assert json.loads((rendered / "dataset.json").read_text())["name"] == "renamed"
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(RecipeError, match=r"is not empty and holds no recipe\.json"):
        render_recipe(draw(), BOOK, tmp_path, n_processes=1, done=lambda stem: None)


def test_the_help_names_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    simulate("--help")
    shown = capsys.readouterr().out
    assert [kind for kind in ALL_KINDS if kind not in shown] == []


def test_a_digest_follows_the_seed_and_the_truth() -> None:
    recipe = draw()
    song, cover = recipe.songs[0], recipe.songs[0].covers[0]
    reference = truth_of(play_recording(song, song.reference, BOOK), song.reference.plan)

    def digest(seed: int, foreign_s: float = 0.0) -> str:
        plan = replace(cover.plan, seed=seed)
        played = play_recording(song, replace(cover, plan=plan), BOOK)
        truth = truth_of(played, plan)
        spans = (*truth.foreign, Span(truth.duration_s - foreign_s, truth.duration_s))
        return digest_recording(played, replace(truth, foreign=spans), reference)

    assert digest(1) == digest(1)
    assert len({digest(1), digest(2), digest(1, foreign_s=0.5)}) == 3


def test_tuning_is_written_as_heard_against_the_reference(tmp_path: Path) -> None:
    song = draw().songs[0]
    truths = [
        replace(plain_truth(write_song(BOOK[song.tune], seed=song.form_seed), each), tuning_cents=c)
        for each, c in ((song.reference, 4.0), (song.covers[0], 10.0))
    ]
    recording = Recording(np.zeros((100, 2), dtype=np.float32), 22050, truths[1])
    write_recording(tmp_path / "cover", recording, truths[0])
    assert json.loads((tmp_path / "cover.truth.json").read_text())["tuning_cents"] == 6.0
    assert (tmp_path / "cover.csv").exists()
    write_recording(tmp_path / "unmarked", recording, truths[0], is_annotated=False)
    assert not (tmp_path / "unmarked.csv").exists()


@pytest.mark.parametrize("change", list(CHANGES))
def test_beats_per_mark_are_those_that_are_heard(change: str) -> None:
    for metre in CHANGES[change].values():
        heard_s = [metre.heard_beat[mark] for mark in (*metre.marks, metre.tune_beats)]
        gaps = np.diff(heard_s)
        assert metre.beats_per_mark == gaps.min()
        assert metre.beats_per_mark >= 1


def test_training_and_tests_share_no_sound_source() -> None:
    train, test = load_split("train"), load_split("test")
    assert not set(train.sources) & set(test.sources)
    assert not any(style.startswith("mma:") for style in train.styles)
    assert any(style.startswith("mma:") for style in test.styles)
    with pytest.raises(SplitError, match="neither train nor test"):
        load_split("validation")


def test_a_test_tune_in_disguise_is_kept_out_of_training(tmp_path: Path) -> None:
    text = (TUNES / "londonderry-air.txt").read_text(encoding="utf-8")
    disguised = text.replace("title: Londonderry Air", "title: Danny Boy")
    (tmp_path / "danny.txt").write_text(disguised, encoding="utf-8")
    book, reasons = read_songbook(tmp_path, split="train")
    assert not book
    assert reasons == ["Danny Boy: kept for tests"]
    assert list(read_songbook(tmp_path, split="test")[0]) == ["danny-boy"]


def test_tunes_of_one_title_get_names_of_their_own() -> None:
    air = load_tune("londonderry-air")
    assert list(name_tunes([air, air])) == ["londonderry-air", "londonderry-air-2"]
    assert slugify("L’Été à Paris / Nº 5") == "lete-a-paris-no-5"
    assert slugify("///") == "tune"


def test_tunes_are_chosen_by_seed_in_their_order() -> None:
    air = load_tune("londonderry-air")
    book = name_tunes(replace(air, title=f"Air {letter}") for letter in "abcdef")
    chosen = choose_tunes(book, 3, seed=1)
    assert list(chosen) == sorted(chosen)
    assert choose_tunes(book, 3, seed=1) == chosen
    assert choose_tunes(book, None, seed=1) == book


def simulate(*arguments: object) -> int:
    try:
        get_command(simulate_app)(
            args=[str(each) for each in arguments], prog_name="covers simulate"
        )
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_the_command_lists_what_it_would_render(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tune = TUNES / "londonderry-air.txt"
    options = ["--split", "test", "--covers", 3, "--list", "--output", tmp_path / "new"]
    assert simulate(tune, *options) == 0
    stems = capsys.readouterr().out.split()
    assert len(stems) == 4
    assert stems[0] == "londonderry-air-reference"
    assert not (tmp_path / "new").exists()


def test_the_command_lists_what_it_would_render_for_screening(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ode-to-joy", "clementine"):
        (tmp_path / f"{name}.abc").write_bytes((TUNES / f"{name}.abc").read_bytes())
    options = ["--split", "test", "--screening", "--kind", "copy", "--list"]
    assert simulate(tmp_path, *options, "--output", tmp_path / "new") == 0
    assert sorted(capsys.readouterr().out.split()) == [
        "clementine-01-copy", "clementine-reference", "ode-to-joy-01-copy", "ode-to-joy-reference",
    ]  # fmt: skip
    assert not (tmp_path / "new").exists()


def test_the_command_refuses_a_single_tune_for_screening(tmp_path: Path) -> None:
    tune, folder = TUNES / "londonderry-air.txt", tmp_path / "new"
    with pytest.raises(InputError, match="1 tune is too few for screening"):
        simulate(tune, "--output", folder, "--split", "test", "--screening")
    assert not folder.exists()


def test_the_command_refuses_what_does_not_exist(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=r"none\.abc does not exist"):
        simulate(tmp_path / "none.abc", "--output", tmp_path)
    with pytest.raises(InputError, match="holds no tune that can be used"):
        simulate(TUNES / "londonderry-air.txt", "--output", tmp_path)
    assert "Londonderry Air: kept for tests" in capsys.readouterr().err
    with pytest.raises(InputError, match="kind='heavy' is none of full_band, "):
        tune = TUNES / "londonderry-air.txt"
        simulate(tune, "--output", tmp_path, "--split", "test", "--kind", "heavy")
    with pytest.raises(InputError, match="source='timgm6mb' is none of the sources for train"):
        simulate(TUNES / "londonderry-air.txt", "--output", tmp_path, "--source", "timgm6mb")
    with pytest.raises(InputError, match="source='moog' is none of"):
        simulate(TUNES / "londonderry-air.txt", "--output", tmp_path, "--source", "moog")
