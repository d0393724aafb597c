"""What can be told of a page's looks without eyes, and the devices it is looked at on."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "tablet": {"viewport": {"width": 1024, "height": 768}, "has_touch": True},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
    "aside": {"viewport": {"width": 844, "height": 390}, "has_touch": True, "is_mobile": True},
}

FAULTS = """() => {
  const found = [];
  const least_px = matchMedia('(pointer: coarse)').matches ? 44 : 24;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`wider than the screen: ${root.scrollWidth}`);
  const seen = (each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  for (const each of document.querySelectorAll('button, input, select, a.pill, nav a')) {
    const { width, height, left, right, top, bottom } = each.getBoundingClientRect();
    const box = each.closest('.tags, .table-box, .drawer');
    if (!seen(each) || width === 0) continue;
    const name = each.id || each.className || each.textContent;
    const least = each.closest('.section') ? height : Math.min(width, height);
    if (least < least_px) found.push(`small: ${name} ${width|0}x${height|0}`);
    const isOut = right > innerWidth + 1 || left < -1;
    if (!box && isOut) found.push(`cut off: ${name} ${left|0}..${right|0}`);
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const isBelow = hit?.closest('.drawer') && innerWidth <= 720; // where it comes from below
    const isFree = !hit || hit.contains(each) || each.contains(hit) || hit.closest('#opening');
    if (!box && !isFree && !isBelow) found.push(`covered: ${name} by ${hit.className}`);
  }
  return [...new Set(found)];
}"""


SETTLING_MS = 3000


def faults(page: Page) -> list[str]:
    """What can be told without eyes: too wide, cut off, or too small for a finger.

    What moves has time to come to rest first.
    """
    for _ in range(SETTLING_MS // 100):
        if not page.evaluate(FAULTS):
            return []
        page.wait_for_timeout(100)
    return list(page.evaluate(FAULTS))
