/** One message as it stands in the chat: bubble, media, keyboard. */

import { element, icon } from "./dom.js";
import { menu } from "./menus.js";
import { openPicture } from "./pictures.js";
import { rendered } from "./texts.js";
import { hour } from "./times.js";
import { figure, say } from "./words.js";

/** @import {Button, Media, Message} from "./types.js" */

/**
 * @typedef {object} Doings what a person can do with a message
 * @property {(message: Message, button: Button) => void} tap
 * @property {(url: string) => void} link
 * @property {(text: string) => void} command
 * @property {(message: Message) => void} reply
 * @property {(message: Message) => void} edit
 * @property {(message: Message) => void} remove
 * @property {(id: number) => void} show
 */

/**
 * Draw a message.
 *
 * @param {Message} message
 * @param {Message|null} quoted what it replies to
 * @param {Doings} doings
 * @returns {HTMLElement}
 */
export function bubble(message, quoted, doings) {
  const author = element("span", { class: "hidden-words", text: say(`from-${message.from}`) });
  const text = message.text
    ? element("div", { class: "text" }, ...rendered(message.text, message.entities, doings))
    : null;
  const body = element(
    "div",
    { class: `bubble${message.media ? " with-media" : ""}` },
    author,
    quoted ? quote(quoted, doings) : null,
    message.media ? media(message.media, message, doings) : null,
    text,
    meta(message),
    more(message, doings),
  );
  const keys = message.keyboard.length ? keyboard(message, doings) : null;
  return element(
    "article",
    { class: `message from-${message.from}`, "data-message": message.id, tabindex: "-1" },
    body,
    keys,
  );
}

/** @param {Message} message */
function meta(message) {
  const date = new Date(message.date);
  const edited = message.edited ? element("span", { text: say("edited") }) : null;
  return element("span", { class: "meta" }, edited, element("time", { datetime: message.date, text: hour(date) }));
}

/** @param {Message} message @param {Doings} doings */
function more(message, doings) {
  const button = element(
    "button",
    { type: "button", class: "more", tabindex: "-1", "aria-label": say("message-menu") },
    icon("more"),
  );
  const holder = element("span", { class: "more-holder" }, button);
  menu(button, () => choices(message, doings), message.from === "person" ? "to-left" : "");
  return holder;
}

/** @param {Message} message @param {Doings} doings */
function choices(message, doings) {
  const all = [{ label: say("reply"), choose: () => doings.reply(message) }];
  if (message.from === "bot") return all;
  const own = [{ label: say("delete"), choose: () => doings.remove(message) }];
  if (!message.media) own.unshift({ label: say("edit"), choose: () => doings.edit(message) });
  return [...all, ...own];
}

/** @param {Message} quoted @param {Doings} doings */
function quote(quoted, doings) {
  const words = quoted.text || quoted.media?.name || "";
  const start = words.length > 80 ? `${words.slice(0, 80)}…` : words;
  const label = say("quoted", { text: start });
  return element("button", {
    type: "button",
    class: "quote",
    "aria-label": label,
    text: start,
    on: { click: () => doings.show(quoted.id) },
  });
}

/** @param {Media} media_ @param {Message} message @param {Doings} doings */
function media(media_, message, doings) {
  if (media_.kind === "photo") return photo(media_, message, doings);
  if (media_.kind === "sticker") {
    const drawn = element("img", { class: "sticker", src: media_.url, alt: say("sticker") });
    drawn.addEventListener("error", () => drawn.replaceWith(gone()), { once: true });
    return drawn;
  }
  if (media_.kind === "voice") return element("p", { class: "file" }, icon("voice"), say("voice-note"));
  return element(
    "a",
    { class: "file", href: media_.url, download: media_.name },
    icon("file"),
    element("span", {}, element("b", { text: media_.name }), element("small", { text: size(media_.size) })),
  );
}

/** @param {Media} photo_ @param {Message} message @param {Doings} doings */
function photo(photo_, message, doings) {
  const alt = message.from === "bot" ? say("picture-of-bot") : say("picture");
  const shown = element("img", { src: photo_.url, alt: "", width: photo_.width, height: photo_.height });
  const click = () => openPicture(photo_.url, alt, linkIn(message.text), doings.link);
  const button = element(
    "button",
    { type: "button", class: "photo", "aria-label": say("enlarge", { picture: alt }), on: { click } },
    shown,
  );
  shown.addEventListener("error", () => button.replaceWith(gone()), { once: true });
  return button;
}

/** What stands where a picture cannot be fetched: it belongs to a story that is over, or the demo has ended. */
function gone() {
  return element("p", { class: "file" }, icon("file"), say("picture-gone"));
}

/** A picture beside the bot's own link is that link as a QR code. @param {string} text */
function linkIn(text) {
  return text.match(/https:\/\/t\.me\/\S+\?start=[\w-]+/)?.[0] ?? null;
}

/** @param {number} bytes */
function size(bytes) {
  return bytes < 100_000 ? `${figure(Math.max(bytes / 1000, 0.1))} kB` : `${figure(bytes / 1_000_000)} MB`;
}

/** @param {Message} message @param {Doings} doings */
function keyboard(message, doings) {
  const rows = message.keyboard.map((row) =>
    element("div", { class: "keys" }, ...row.map((one) => key(message, one, doings))),
  );
  return element("div", { class: "keyboard", role: "group", "aria-label": say("keyboard") }, ...rows);
}

/** @param {Message} message @param {Button} button @param {Doings} doings */
function key(message, button, doings) {
  const click = () => (button.url ? doings.link(button.url) : doings.tap(message, button));
  return element("button", {
    type: "button",
    class: "key",
    text: button.label,
    "data-data": button.data,
    on: { click },
  });
}
