/**
 * A phone: whose it is, the chats of its people (one at a time), what came in answer to a tap, and where one writes.
 */

import { attribute_, byId, element, icon } from "./dom.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { menu } from "./menus.js";
import { Notice } from "./notices.js";
import { act } from "./server.js";
import { tabs } from "./tabs.js";
import { say } from "./words.js";

/** @import {Answer, Chat, Person, World} from "./types.js" */
/** @import {Store} from "./store.js" */

const WAITS_FOR = 3000;
const WAITS_IN_TROUBLE = 30_000;

export class Phone {
  /** @param {Store} store @param {"therapist"|"patient"} side */
  constructor(store, side) {
    this._store = store;
    this.side = side;
    this.node = byId(`phone-${side}`);
    /** @type {Map<number, Conversation>} */
    this._conversations = new Map();
    /** @type {number|null} whose chat is shown */
    this.shown = null;
    this._watched = true;
    /** @type {number|undefined} who is shown as soon as they are there */
    this._awaited = undefined;
    this._folder = "";
    this._screen = this.node.querySelector(".screen");
    this._notice = new Notice(this.node.querySelector(".notice"));
    this._tabs = tabs(this.node.querySelector("[role=tablist]"), (id) => this.show(id));
    this._composer = new Composer(this._sending(), side);
    this._start = element("div", { class: "start", hidden: true });
    this.node.querySelector(".foot").append(this._start, this._composer.node);
    this._menu();
    store.on("world", (world) => this._world(world));
    store.on("chat", (chat) => this._chat(chat));
    store.on("answer", (answer) => this._answer(answer));
    store.on("language", () => this._redraw());
  }

  /** Everything unread on this phone. */
  get unread() {
    return [...this._conversations.values()].reduce((sum, one) => sum + one.unread, 0);
  }

  /** Say whether this phone is in view. @param {boolean} watched */
  watch(watched) {
    this._watched = watched;
    for (const [id, one] of this._conversations) one.watch(watched && id === this.shown);
  }

  /** Show the chat of one person. @param {number|null} id */
  show(id) {
    if (id !== this.shown) this._composer.clear();
    if (id !== this.shown) this._notice.hush();
    this.shown = id;
    for (const [other, one] of this._conversations) one.node.hidden = other !== id;
    this.watch(this._watched);
    this._dress();
  }

  /** Show somebody's chat as soon as they are there. @param {number} id */
  await(id) {
    this._awaited = id;
  }

  /** Write a text into the field, for the person to send. @param {string} text */
  suggest(text) {
    this._composer.suggest(text);
  }

  /** @param {World} world */
  _world(world) {
    const people = this._store.peopleOn(this.side);
    const here = new Set(people.map((person) => person.id));
    for (const [id, one] of this._conversations) {
      if (here.has(id) && world.folder === this._folder) continue;
      if (one.node.contains(document.activeElement)) byId("phones").focus(); // or whoever has no mouse is nowhere
      one.node.remove();
      this._conversations.delete(id);
    }
    this._folder = world.folder;
    for (const person of people) this._conversation(person);
    for (const one of this._conversations.values()) one.dress(world.language, world.playing !== null);
    if (this._awaited !== undefined && here.has(this._awaited)) {
      this.show(this._awaited);
      this._awaited = undefined;
    }
    if (this.shown === null || !here.has(this.shown)) this.show(people[0]?.id ?? null);
    this._dress();
  }

  /** @param {Person} person */
  _conversation(person) {
    if (this._conversations.has(person.id)) return;
    const one = new Conversation(person.id, this._doings(person.id), () => this._dress());
    this._conversations.set(person.id, one);
    one.node.hidden = person.id !== this.shown;
    this._screen.append(one.node);
    one.watch(this._watched && person.id === this.shown);
    const chat = this._store.chats.get(person.id);
    if (chat) one.update(chat, person.name);
  }

  /** @param {Chat} chat */
  _chat(chat) {
    const person = this._store.person(chat.id);
    if (person) this._conversations.get(chat.id)?.update(chat, person.name);
    this._dress();
  }

  _redraw() {
    for (const [id, one] of this._conversations) {
      const chat = this._store.chats.get(id);
      if (chat) one.redraw(chat, this._store.person(id)?.name ?? "");
    }
    this._dress();
  }

  /** Tabs, the name above the chat, and what stands below it. */
  _dress() {
    const people = this._store.peopleOn(this.side);
    this._tabs.draw(
      people.map((one) => ({ ...one, unread: this._conversations.get(one.id)?.unread ?? 0 })),
      this.shown,
    );
    const person = people.find((one) => one.id === this.shown);
    const chat = this.shown === null ? undefined : this._store.chats.get(this.shown);
    const isNew = !chat?.messages.length;
    this.node.querySelector(".nobody").hidden = person !== undefined;
    const one = this.shown === null ? undefined : this._conversations.get(this.shown);
    if (one) attribute_(one.node, "role", "tabpanel");
    if (one) attribute_(one.node, "aria-labelledby", `tab-${this.shown}`);
    this._composer.node.hidden = !person || person.blocked || isNew;
    this._start.hidden = !person || (!person.blocked && !isNew);
    if (person) this._startWith(person.blocked ? "unblock" : "begin", person);
    this._store.tell("tabs", this);
  }

  /**
   * Offer the one thing to do where nothing can be written yet.
   *
   * @param {"unblock"|"begin"} what
   * @param {Person} person
   */
  _startWith(what, person) {
    if (this._start.dataset.what === `${what} ${person.id} ${document.documentElement.lang}`) return;
    this._start.dataset.what = `${what} ${person.id} ${document.documentElement.lang}`;
    const chat = person.id;
    const click = () =>
      act(this._store, what === "unblock" ? { act: "unblock", chat } : { act: "send", chat, text: "/start" });
    this._start.replaceChildren(
      element("button", { type: "button", class: "main wide", text: say(what), on: { click } }),
    );
  }

  _menu() {
    const button = this.node.querySelector("button.phone-menu");
    button.append(icon("more"));
    menu(
      button,
      () => {
        const person = this.shown === null ? null : this._store.person(this.shown);
        if (!person) return [];
        const what = person.blocked ? "unblock" : "block";
        return [
          {
            label: say(what),
            more: say(`${what}-more`),
            choose: () => act(this._store, { act: what, chat: person.id }),
          },
        ];
      },
      "to-left",
    );
  }

  /** @returns {import("./composer.js").Sending} */
  _sending() {
    const chat = () => this.shown;
    return {
      send: (text, reply) =>
        act(this._store, { act: "send", chat: chat(), text, ...(reply === null ? {} : { reply_to: reply }) }),
      edit: (message, text) => act(this._store, { act: "edit", chat: chat(), message: message.id, text }),
      file: (kind) => act(this._store, { act: kind, chat: chat() }),
      commands: () => this._store.chats.get(this.shown ?? 0)?.commands ?? [],
    };
  }

  /** @param {number} chat @returns {import("./bubbles.js").Doings} */
  _doings(chat) {
    return {
      tap: (message, button) => this._tap(chat, message.id, button.data ?? ""),
      link: (url) => this._store.tell("link", { url, side: this.side }),
      command: (text) => act(this._store, { act: "send", chat, text }),
      reply: (message) => this._composer.reply(message),
      edit: (message) => this._composer.edit(message),
      remove: (message) => act(this._store, { act: "delete", chat, message: message.id }),
      show: () => undefined,
    };
  }

  /**
   * Tap a key: it shows that it waits until the bot has answered.
   *
   * @param {number} chat
   * @param {number} message
   * @param {string} data
   */
  async _tap(chat, message, data) {
    this._rest(chat);
    const key = `[data-message="${message}"] .key[data-data="${CSS.escape(data)}"]`;
    this._conversations.get(chat)?.node.querySelector(key)?.classList.add("waiting");
    const answer = await act(this._store, { act: "tap", chat, message, data });
    if (!answer) this._rest(chat);
    else if (this._store.world?.bot.state === "running")
      setTimeout(() => this._rest(chat), this._store.world.faults.length ? WAITS_IN_TROUBLE : WAITS_FOR);
  }

  /**
   * Let no key of a chat wait any longer.
   *
   * @param {number} chat
   */
  _rest(chat) {
    this._conversations.get(chat)?.rest();
  }

  /** @param {Answer} answer */
  _answer(answer) {
    this._rest(answer.chat);
    if (answer.chat !== this.shown || !answer.text) return;
    this._notice.say(answer.text);
    if (answer.alert) this._store.tell("alert", answer.text);
  }
}
