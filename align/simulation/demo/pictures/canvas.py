"""A canvas of light: shapes add linear-light colour, anti-aliased from their distance fields.

Coordinates are pixels, x to the right, y down, pixel centres at .5. Colours are linear-light
triples; overlapping lights add up and are softly compressed on the way to 8 bits.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Color = NDArray[np.floating[Any]]
Field = NDArray[np.floating[Any]]
LEVELS = 4096
BRIGHTEST = 4.0


def oklch(lightness: float, chroma: float, hue_degrees: float) -> Color:
    """OKLCH (Ottosson 2020) -> linear sRGB, clipped to the gamut."""
    hue = np.radians(hue_degrees)
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return np.asarray(np.clip([red, green, blue], 0, 1), dtype=np.float32)


WARM_WHITE = oklch(0.93, 0.03, 80)
GROUND = oklch(0.13, 0.008, 70)


class Canvas:
    """An additive picture. `light`: (height, width, 3), linear."""

    def __init__(self, width: int, height: int, ground: Color = GROUND) -> None:
        self.width, self.height, self.ground = width, height, ground
        self.light = np.empty((height, width, 3), dtype=np.float32)
        self.clear()

    def clear(self) -> None:
        """Back to the ground colour."""
        self.light[:] = self.ground

    def disc(self, x: float, y: float, radius: float, color: Color, glow: float = 0.0) -> None:
        """A filled disc; `glow` is the reach in pixels of a halo around it."""
        self.bar(x - radius, y - radius, x + radius, y + radius, color, radius, glow)

    def ring(self, x: float, y: float, radius: float, width: float, color: Color) -> None:
        """A circle line `width` wide."""
        reach = radius + width + 1
        rows, columns = self._window(x - reach, y - reach, x + reach, y + reach)
        dx, dy = _offsets(columns, x), _offsets(rows, y)[:, None]
        edge = np.abs(np.sqrt(dx * dx + dy * dy) - radius) - width / 2
        self._add(rows, columns, np.clip(0.5 - edge, 0, 1), color)

    def bar(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        color: Color,
        corner: float = 3.0,
        glow: float = 0.0,
    ) -> None:
        """A rectangle with round corners, and a halo that fades over `glow` pixels."""
        reach = 1 + 2.2 * glow
        rows, columns = self._window(left - reach, top - reach, right + reach, bottom + reach)
        if rows.stop <= rows.start or columns.stop <= columns.start:
            return
        corner = min(corner, (right - left) / 2, (bottom - top) / 2)
        dx = np.abs(_offsets(columns, (left + right) / 2)) - (right - left) / 2 + corner
        dy = (np.abs(_offsets(rows, (top + bottom) / 2)) - (bottom - top) / 2 + corner)[:, None]
        outside = np.sqrt(np.maximum(dx, 0) ** 2 + np.maximum(dy, 0) ** 2)
        distance = outside + np.minimum(np.maximum(dx, dy), 0) - corner
        self._add(rows, columns, _coverage(distance, glow), color)

    def stroke(
        self, x: ArrayLike, y: ArrayLike, width: float, color: Color, glow: float = 0.0
    ) -> None:
        """A line through points, `width` wide; its segments do not brighten where they meet."""
        points = np.stack([np.asarray(x, float), np.asarray(y, float)], axis=1)
        low, high = points.min(axis=0), points.max(axis=0)
        reach = width / 2 + 1 + 2.2 * glow
        rows, columns = self._window(*(low - reach), *(high + reach))
        if rows.stop <= rows.start or columns.stop <= columns.start:
            return
        nearest = np.full((rows.stop - rows.start, columns.stop - columns.start), 1e9)
        for start, end in pairwise(points):
            _lower_to_segment(nearest, rows, columns, start, end, reach)
        self._add(rows, columns, _coverage(np.sqrt(nearest) - width / 2, glow), color)

    def ribbon(self, y: ArrayLike, half_width: ArrayLike, color: Color, glow: float = 0.0) -> None:
        """A band across the picture.

        Parameters
        ----------
        y, half_width
            centre and half width of the band in every column, (width,) or scalar
        color
            (3,), or (width, 3) for a colour that changes along the band
        """
        centre = np.broadcast_to(np.asarray(y, np.float32), self.width)
        half = np.broadcast_to(np.asarray(half_width, np.float32), self.width)
        reach = float(half.max()) + 2 + 2.2 * glow
        rows, _ = self._window(0, float(centre.min()) - reach, 1, float(centre.max()) + reach)
        # The vertical distance, shortened by the slope, is the distance to the line.
        slant = np.sqrt(1 + np.gradient(centre) ** 2)
        distance = np.abs(_offsets(rows, 0.0)[:, None] - centre) / slant - half
        amount = _coverage(distance, glow) * np.minimum(1, half * 2)
        self._add(rows, slice(0, self.width), amount, color)

    def to_srgb(self) -> NDArray[np.uint8]:
        """8-bit sRGB, (height, width, 3)."""
        share = np.sqrt(np.minimum(self.light, BRIGHTEST) / BRIGHTEST)
        index = (share * (LEVELS - 1) + 0.5).astype(np.int16)
        return _srgb_table()[index]

    def _window(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        rows = slice(max(0, int(top)), min(self.height, int(bottom) + 2))
        return rows, slice(max(0, int(left)), min(self.width, int(right) + 2))

    def _add(self, rows: slice, columns: slice, amount: Field, color: Color) -> None:
        self.light[rows, columns] += amount[..., None].astype(np.float32) * color


def _offsets(pixels: slice, centre: float) -> NDArray[np.float32]:
    return np.arange(pixels.start, pixels.stop, dtype=np.float32) + np.float32(0.5 - centre)


def _coverage(distance: Field, glow: float) -> Field:
    fill = np.asarray(np.clip(0.5 - distance, 0, 1))
    if glow <= 0:
        return fill
    halo = np.clip(1 - distance / (2.2 * glow), 0, 1) ** 3
    return np.asarray(np.maximum(fill, 0.28 * halo))


def _lower_to_segment(
    nearest: Field,
    rows: slice,
    columns: slice,
    start: Field,
    end: Field,
    reach: float,
) -> None:
    """Lower squared distances to those from one segment, only where it can matter."""
    left = max(columns.start, int(min(start[0], end[0]) - reach))
    right = min(columns.stop, int(max(start[0], end[0]) + reach) + 2)
    top = max(rows.start, int(min(start[1], end[1]) - reach))
    bottom = min(rows.stop, int(max(start[1], end[1]) + reach) + 2)
    if right <= left or bottom <= top:
        return
    dx = _offsets(slice(left, right), start[0])
    dy = _offsets(slice(top, bottom), start[1])[:, None]
    along = end - start
    share = np.clip((dx * along[0] + dy * along[1]) / max(1e-9, float(along @ along)), 0, 1)
    squared = (dx - share * along[0]) ** 2 + (dy - share * along[1]) ** 2
    inner_rows = slice(top - rows.start, bottom - rows.start)
    part = nearest[inner_rows, left - columns.start : right - columns.start]
    np.minimum(part, squared, out=part)


@cache
def _srgb_table() -> NDArray[np.uint8]:
    """Square root of the share of BRIGHTEST -> 8-bit sRGB; bright light bends towards white."""
    light = BRIGHTEST * (np.arange(LEVELS) / (LEVELS - 1)) ** 2
    bent = np.where(light < 0.6, light, 0.6 + 0.4 * np.tanh((light - 0.6) / 0.8))
    encoded = np.where(bent < 0.0031308, 12.92 * bent, 1.055 * bent ** (1 / 2.4) - 0.055)
    return np.round(255 * encoded).astype(np.uint8)
