/** Where a person writes: text, the bot's commands, files; also a reply or a correction of what was sent. */

import { attribute_, element, icon } from "./dom.js";
import { menu } from "./menus.js";
import { say } from "./words.js";

/** @import {Command, Message} from "./types.js" */

const FILES = ["photo", "voice", "sticker", "document"];

/**
 * @typedef {object} Sending
 * @property {(text: string, replyTo: number|null) => void} send
 * @property {(message: Message, text: string) => void} edit
 * @property {(kind: string) => void} file
 * @property {() => Command[]} commands
 */

export class Composer {
  /** @param {Sending} sending @param {string} name unique on the page */
  constructor(sending, name) {
    this._sending = sending;
    /** @type {{kind: "reply"|"edit", message: Message}|null} */
    this._about = null;
    this._line = element("div", { class: "about", hidden: true });
    this.field = element("textarea", {
      id: `write-${name}`,
      rows: "1",
      enterkeyhint: "send",
      autocomplete: "off",
      "data-word-label": "write",
      "data-word-placeholder": "write",
    });
    this.field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this._keys(event));
    this.field.addEventListener("input", () => this._fit());
    const send = element(
      "button",
      { type: "submit", class: "round main", "data-word-label": "send", "data-word-title": "send" },
      icon("send"),
    );
    this._row = element("div", { class: "row" }, this._commands(), this._files(), this.field, send);
    this.node = element(
      "form",
      { class: "composer", on: { submit: (/** @type {Event} */ event) => this._submit(event) } },
      this._line,
      this._row,
    );
  }

  _commands() {
    const button = element(
      "button",
      { type: "button", class: "round", "data-word-label": "commands", "data-word-title": "commands" },
      element("b", { text: "/", "aria-hidden": "true" }),
    );
    menu(button, () => this._sending.commands().map((one) => this._command(one)), "up wide");
    return element("span", { class: "holder" }, button);
  }

  /** @param {Command} command */
  _command({ command, description }) {
    return { label: `/${command}`, more: description, choose: () => this._sending.send(`/${command}`, null) };
  }

  _files() {
    const button = element(
      "button",
      { type: "button", class: "round", "data-word-label": "attach", "data-word-title": "attach" },
      icon("attach"),
    );
    menu(
      button,
      () => FILES.map((kind) => ({ label: say(`attach-${kind}`), choose: () => this._sending.file(kind) })),
      "up",
    );
    return element("span", { class: "holder" }, button);
  }

  /** Write this into the field, ready to be sent. @param {string} text */
  suggest(text) {
    this.field.value = text;
    this._fit();
    this.field.focus();
  }

  /** @param {Message} message */
  reply(message) {
    this._set({ kind: "reply", message });
  }

  /** @param {Message} message */
  edit(message) {
    this._set({ kind: "edit", message });
    this.suggest(message.text);
  }

  /** Forget what was begun: another chat is shown. */
  clear() {
    this.field.value = "";
    this._fit();
    this._set(null);
  }

  /** @param {{kind: "reply"|"edit", message: Message}|null} about */
  _set(about) {
    this._about = about;
    this._line.hidden = about === null;
    if (about === null) return;
    const cancel = element(
      "button",
      { type: "button", class: "round", "aria-label": say("cancel"), on: { click: () => this.clear() } },
      icon("close"),
    );
    const text = say(`about-${about.kind}`, { text: about.message.text.slice(0, 60) });
    this._line.replaceChildren(element("span", { text }), cancel);
    this.field.focus();
  }

  /** @param {KeyboardEvent} event */
  _keys(event) {
    if (event.key === "Escape" && this._about) this.clear();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.node.requestSubmit();
  }

  /** @param {Event} event */
  _submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    const about = this._about;
    this.clear();
    if (about?.kind === "edit") this._sending.edit(about.message, text);
    else this._sending.send(text, about?.message.id ?? null);
    this.field.focus();
  }

  /** Let the field be as high as what is written, up to five lines. */
  _fit() {
    const lines = this.field.value
      .split("\n")
      .reduce(
        (/** @type {number} */ sum, /** @type {string} */ line) => sum + Math.max(1, Math.ceil(line.length / 32)),
        0,
      );
    attribute_(this.field, "rows", Math.min(5, lines));
  }
}
