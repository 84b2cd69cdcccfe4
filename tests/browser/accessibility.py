"""What a page owes to people who do not see it well, do not hear it, or have no mouse: looked up in the page itself.

Each check gives sentences about what is wrong, and an empty list when nothing is.
"""

import re
from typing import Any

from playwright.async_api import Page

_CONTRAST = """
() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * (top[3] ?? 1) + below[at] * (1 - (top[3] ?? 1)));
  const behind = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) {
      const layer = numbers(getComputedStyle(at).backgroundColor);
      if ((layer[3] ?? 1) > 0) layers.push(layer);
      if ((layer[3] ?? 1) === 1 && layer.length) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const one = node.parentElement;
    if (!node.textContent.trim() || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (one.closest(".hidden-words, .skip")) continue;
    const style = getComputedStyle(one);
    const size = parseFloat(style.fontSize);
    if (!size) continue;
    const below = behind(one);
    const [a, b] = [luminance(over(numbers(style.color), below)), luminance(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < wanted) found.push(`${ratio.toFixed(2)} : 1 for «${node.textContent.trim().slice(0, 40)}»`);
  }
  return [...new Set(found)];
}
"""

_SMALL = """
() => [...document.querySelectorAll("button, a[href], input, textarea, [role=button], summary")]
  .filter((one) => one.checkVisibility() && !one.closest(".text, .hidden-words, .skip"))
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width > 0 && (box.width < 24 || box.height < 24))
  .map(([box, one]) => `${Math.round(box.width)} × ${Math.round(box.height)} for ${one.outerHTML.slice(0, 80)}`)
"""

_STRUCTURE = """
() => {
  const found = [];
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`two elements are #${id}`);
  for (const name of ["aria-labelledby", "aria-controls", "aria-describedby"])
    for (const one of document.querySelectorAll(`[${name}]`))
      for (const id of one.getAttribute(name).split(" "))
        if (!document.getElementById(id)) found.push(`${name} names #${id}, which is not there`);
  for (const image of document.images) if (!image.hasAttribute("alt")) found.push(`no alt: ${image.src}`);
  for (const kind of ["header", "main", "nav", "aside"]) if (!document.querySelector(kind)) found.push(`no ${kind}`);
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const here = Number(heading.tagName[1]);
    if (here > level + 1) found.push(`h${here} «${heading.textContent}» after h${level}`);
    level = here;
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  return found;
}
"""

_FOCUSED = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const visible = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  window.places ??= new Map();
  if (!window.places.has(one)) window.places.set(one, window.places.size);
  return { place: window.places.get(one), what: one.outerHTML.slice(0, 90), visible };
}
"""

_NAMELESS = re.compile(
    r"^\s*- (button|link|textbox|tab|menuitem|img|dialog|log|region|tablist|progressbar)(\s\[.*\])?:?$"
)
_MOST_STOPS = 400


async def low_contrast(page: Page) -> list[str]:
    """Find text whose contrast is below WCAG's AA: 4.5 : 1, or 3 : 1 where it is large."""
    return list(await page.evaluate(_CONTRAST))


async def small_targets(page: Page) -> list[str]:
    """Find what is to be tapped and is smaller than 24 × 24 (WCAG 2.2, 2.5.8)."""
    return list(await page.evaluate(_SMALL))


async def broken_structure(page: Page) -> list[str]:
    """Find what a screen reader would stumble over: ids, references, headings, landmarks."""
    return list(await page.evaluate(_STRUCTURE))


async def nameless(page: Page) -> list[str]:
    """Find what has a role and no name, in the tree that Chromium gives to assistive technology."""
    tree = await page.locator("body").aria_snapshot()
    return [line.strip() for line in tree.splitlines() if _NAMELESS.match(line)]


async def stops(page: Page) -> list[dict[str, Any]]:
    """Press Tab from the beginning until the page is left; each stop says `what` it is and whether its focus shows.

    Raises AssertionError when the focus comes back to a place without having left the page: a trap.
    """
    await page.evaluate("window.places = new Map(); document.querySelector('.skip').focus()")
    await page.evaluate(_FOCUSED)
    found: list[dict[str, Any]] = []
    for _ in range(_MOST_STOPS):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(_FOCUSED)
        if stop is None:  # outside the page, before it begins again
            continue
        if stop["place"] == 0:
            return found
        assert stop["place"] == len(found) + 1, f"The focus went back to {stop['what']}"
        found.append(stop)
    raise AssertionError("The focus never leaves the page.")
