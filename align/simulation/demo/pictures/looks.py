"""The looks by name."""

from __future__ import annotations

from collections.abc import Callable

from align.simulation.demo.pictures.scene_bulbs import bulbs_scene
from align.simulation.demo.pictures.scene_burst import burst_scene
from align.simulation.demo.pictures.scene_circles import circles_scene
from align.simulation.demo.pictures.scene_disc import disc_scene
from align.simulation.demo.pictures.scene_keyboard import keyboard_scene
from align.simulation.demo.pictures.scene_moon import moon_scene
from align.simulation.demo.pictures.scene_notation import notation_scene
from align.simulation.demo.pictures.scene_pixels import pixels_scene
from align.simulation.demo.pictures.scene_ribbons import ribbons_scene
from align.simulation.demo.pictures.scene_skyline import skyline_scene
from align.simulation.demo.pictures.show import Scene, Show
from catalog.errors import InputError

LOOKS: dict[str, Callable[[Show], Scene]] = {
    "bulbs": bulbs_scene,
    "burst": burst_scene,
    "circles": circles_scene,
    "disc": disc_scene,
    "keyboard": keyboard_scene,
    "moon": moon_scene,
    "notation": notation_scene,
    "pixels": pixels_scene,
    "ribbons": ribbons_scene,
    "skyline": skyline_scene,
}


def make_scene(name: str, show: Show) -> Scene:
    """The look called `name` for one rendition; InputError names those that exist."""
    if name not in LOOKS:
        raise InputError(f"look={name!r} is none of {sorted(LOOKS)}")
    return LOOKS[name](show)
