/** A small menu beside the button that opens it: arrows move, Escape closes, the focus goes back. */

import { attribute_, element } from "./dom.js";

/** @typedef {{label: string, more?: string, choose: () => void}} Entry */

/**
 * Let `button` open a menu, which stands behind it in the page.
 *
 * @param {HTMLElement} button
 * @param {() => Entry[]} entries asked each time it opens
 * @param {string} name a class for the menu
 */
export function menu(button, entries, name = "") {
  /** @type {(() => void)|null} */
  let close = null;
  attribute_(button, "aria-haspopup", "menu");
  attribute_(button, "aria-expanded", "false");
  button.addEventListener("click", () => {
    if (close) close();
    else close = open(button, entries(), name, () => (close = null));
  });
}

/**
 * @param {HTMLElement} button @param {Entry[]} entries @param {string} name @param {() => void} closed
 * @returns {() => void} what closes it
 */
function open(button, entries, name, closed) {
  const list = element("div", { class: `menu ${name}`, role: "menu", "aria-label": button.getAttribute("aria-label") });
  const items = entries.map((entry) => item(entry, close));
  list.append(...items);
  button.setAttribute("aria-expanded", "true");
  button.after(list);
  list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => move(event, items, close));
  list.addEventListener("focusout", left);
  document.addEventListener("pointerdown", outside, true);
  if (reachesOut(list)) list.classList.add("to-left");
  list.scrollIntoView({ block: "nearest", inline: "nearest" });
  items[0]?.focus();
  return close;

  function close() {
    document.removeEventListener("pointerdown", outside, true);
    list.removeEventListener("focusout", left);
    button.setAttribute("aria-expanded", "false");
    if (list.contains(document.activeElement)) button.focus();
    list.remove();
    closed();
  }

  /** @param {PointerEvent} event */
  function outside(event) {
    const target = /** @type {Node} */ (event.target);
    if (!list.contains(target) && !button.contains(target)) close();
  }

  /** @param {FocusEvent} event */
  function left(event) {
    const target = /** @type {Node|null} */ (event.relatedTarget);
    if (target && target !== button && !list.contains(target)) close();
  }
}

/** Say whether a menu is wider than what is left of its phone. @param {HTMLElement} list */
function reachesOut(list) {
  const room = list.closest(".phone")?.getBoundingClientRect().right ?? innerWidth;
  return list.getBoundingClientRect().right > room;
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} items @param {() => void} close */
function move(event, items, close) {
  if (event.key === "Escape" || event.key === "Tab") {
    event.stopPropagation();
    close();
  }
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
}

/** @param {Entry} entry @param {() => void} close */
function item(entry, close) {
  const choose = () => {
    close();
    entry.choose();
  };
  const more = entry.more ? element("small", { text: entry.more }) : null;
  return element(
    "button",
    { type: "button", role: "menuitem", tabindex: "-1", on: { click: choose } },
    entry.label,
    more,
  );
}
