/** The tabs above a phone: one for each person, with how much is unread there. */

import { arrange, attribute_, element } from "./dom.js";
import { say } from "./words.js";

/** @import {Person} from "./types.js" */

/**
 * Keep a list of tabs.
 *
 * @param {HTMLElement} list the element with the role tablist
 * @param {(id: number) => void} chosen
 */
export function tabs(list, chosen) {
  /** @type {Map<number, HTMLElement>} */
  const drawn = new Map();
  list.addEventListener("keydown", (event) => {
    const all = [...drawn.keys()];
    const at = [...drawn.values()].indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const id = all[(to + all.length) % all.length];
    chosen(id);
    drawn.get(id)?.focus();
  });

  /** @param {(Person & {unread: number})[]} people @param {number|null} shown */
  function draw(people, shown) {
    const here = new Set(people.map((person) => person.id));
    for (const id of drawn.keys()) if (!here.has(id)) drawn.delete(id);
    arrange(
      list,
      people.map((person) => tab(person, person.id === shown)),
    );
  }

  /** @param {Person & {unread: number}} person @param {boolean} selected */
  function tab(person, selected) {
    const known = drawn.get(person.id) ?? made(person);
    drawn.set(person.id, known);
    attribute_(known, "aria-selected", String(selected));
    attribute_(known, "tabindex", selected ? "0" : "-1");
    const said = `${person.name} ${person.unread} ${document.documentElement.lang}`;
    if (known.dataset.said === said) return known;
    known.dataset.said = said;
    known.replaceChildren(person.name, ...badge(person.unread));
    return known;
  }

  /** @param {Person} person */
  function made(person) {
    const panel = `chat-${person.id}`;
    return element("button", {
      type: "button",
      role: "tab",
      id: `tab-${person.id}`,
      "aria-controls": panel,
      on: { click: () => chosen(person.id) },
    });
  }

  return { draw };
}

/** How much is unread, also in words. @param {number} unread @returns {HTMLElement[]} */
export function badge(unread) {
  if (!unread) return [];
  const words = element("span", { class: "hidden-words", text: ` · ${say("unread", { n: unread })}` });
  return [element("b", { class: "badge", "aria-hidden": "true", text: unread > 99 ? "99+" : String(unread) }), words];
}
