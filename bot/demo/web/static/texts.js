/** A message's text with its entities, as nodes.  Links and commands that nobody marked are found as chat apps do. */

import { element } from "./dom.js";
import { say } from "./words.js";

/** @import {Entity} from "./types.js" */

/** Behind a blank, an opening mark or nothing: in «sí/no» there is no command. */
const FOUND =
  /(?<=^|[\s([«“"'¿¡])(?:(https?:\/\/[^\s<>"»]+[^\s<>"».,;:!?)])|(t\.me\/[^\s<>"»]+[^\s<>"».,;:!?)])|(\/[a-z0-9_]{2,32})(?![\p{L}\d_/]))/giu;

/** How each kind of entity is marked up; others are shown as plain text. @type {Record<string, string>} */
const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** @typedef {{link: (url: string) => void, command: (text: string) => void}} Taps what a tap on text does */

/**
 * Render a text.
 *
 * @param {string} text
 * @param {Entity[]} entities
 * @param {Taps} taps
 * @returns {(Node|string)[]}
 */
export function rendered(text, entities, taps) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return pieces(text, 0, text.length, sorted, taps);
}

/**
 * @param {string} text @param {number} from @param {number} to
 * @param {Entity[]} entities those that lie between `from` and `to`, outermost first
 * @param {Taps} taps
 * @returns {(Node|string)[]}
 */
function pieces(text, from, to, entities, taps) {
  const nodes = [];
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [first, ...others] = rest;
    const end = Math.min(first.offset + first.length, to);
    nodes.push(...plain(text, at, first.offset, taps));
    const inner = others.filter((one) => one.offset < end);
    nodes.push(marked(first, text.slice(first.offset, end), pieces(text, first.offset, end, inner, taps), taps));
    at = end;
    rest = others.filter((one) => one.offset >= end);
  }
  return [...nodes, ...plain(text, at, to, taps)];
}

/** @param {Entity} entity @param {string} words @param {(Node|string)[]} children @param {Taps} taps */
function marked(entity, words, children, taps) {
  if (entity.type === "spoiler") return spoiler(children);
  if (entity.type === "bot_command") return command(words, taps);
  if (entity.type === "url") return link(words, words, taps);
  if (entity.type === "text_link") return link(entity.url ?? "", words, taps);
  return element(TAGS[entity.type] ?? "span", {}, ...children);
}

/**
 * A part that nobody marked; what stands before it counts for what is found in it.
 *
 * @param {string} text @param {number} from @param {number} to @param {Taps} taps
 * @returns {(Node|string)[]}
 */
function plain(text, from, to, taps) {
  const nodes = [];
  let at = from;
  for (const found of text.slice(0, to).matchAll(FOUND)) {
    if (found.index < from) continue;
    nodes.push(text.slice(at, found.index));
    nodes.push(found[3] ? command(found[3], taps) : link(found[0], found[0], taps));
    at = found.index + found[0].length;
  }
  return [...nodes, text.slice(at, to)].filter((node) => node !== "");
}

/** @param {string} words @param {Taps} taps */
function command(words, taps) {
  return element("button", { type: "button", class: "in-text", text: words, on: { click: () => taps.command(words) } });
}

/**
 * A link of the bot's own opens on a phone; any other is a plain link.
 *
 * @param {string} url
 * @param {string} words
 * @param {Taps} taps
 */
function link(url, words, taps) {
  const full = /^https?:/i.test(url) ? url : `https://${url}`;
  if (/^https?:\/\/t\.me\//i.test(full)) {
    return element("button", { type: "button", class: "in-text", text: words, on: { click: () => taps.link(full) } });
  }
  return element("a", { href: full, target: "_blank", rel: "noopener noreferrer", text: words });
}

/** Words that stay covered until they are tapped. @param {(Node|string)[]} children */
function spoiler(children) {
  const words = element("span", { class: "covered", "aria-hidden": "true", inert: true }, ...children);
  const cover = element(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": say("spoiler") },
    words,
  );
  const uncover = () => {
    for (const name of ["role", "aria-label"]) cover.removeAttribute(name);
    cover.setAttribute("tabindex", "-1");
    cover.className = "spoiler open";
    words.removeAttribute("aria-hidden");
    words.removeAttribute("inert");
    words.className = "";
  };
  cover.addEventListener("click", uncover, { once: true });
  cover.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    uncover();
  });
  return cover;
}
