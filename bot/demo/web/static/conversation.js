/** One person's chat: its log, what is unread in it, and the way to the newest. */

import { arrange, attribute_, element, icon } from "./dom.js";
import { bubble } from "./bubbles.js";
import { walk } from "./walking.js";
import { day, dayKey } from "./times.js";
import { say } from "./words.js";

/** @import {Chat, Message} from "./types.js" */
/** @import {Doings} from "./bubbles.js" */

const NEAR_END = 48;

export class Conversation {
  /**
   * @param {number} id
   * @param {Doings} doings
   * @param {() => void} changed called when what is unread changed
   */
  constructor(id, doings, changed) {
    this._doings = { ...doings, show: (/** @type {number} */ one) => this._show(one) };
    this._changed = changed;
    /** @type {Map<string, {drawn: string, node: HTMLElement}>} */
    this._nodes = new Map();
    /** @type {Chat|null} */
    this._chat = null;
    /** @type {Message[]} */
    this._messages = [];
    /** The newest message that was seen. */
    this.seen = 0;
    /** What was seen when the chat was last left: the mark of what is new stands behind it. */
    this._mark = 0;
    this._watched = false;
    this.unread = 0;
    this.log = element("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
    this._newest = element("button", {
      type: "button",
      class: "newest",
      hidden: true,
      on: { click: () => this.toNewest(true), blur: () => this._look() },
    });
    this.node = element("div", { class: "conversation", id: `chat-${id}`, hidden: true }, this.log, this._newest);
    /** Whether the newest stays in view: until somebody scrolls up, whatever grows meanwhile. */
    this._stays = true;
    this._top = 0;
    this.log.addEventListener("scroll", () => {
      if (this._isAtEnd()) this._stays = true;
      else if (this.log.scrollTop < this._top) this._stays = false;
      this._top = this.log.scrollTop;
      this._look();
    });
    this.log.addEventListener("load", () => this._stays && this.toNewest(false), true);
    walk(this.log);
    new ResizeObserver(() => this._stays && this.toNewest(false)).observe(this.log);
  }

  /**
   * Say in which language the bot speaks here; while a story is played nobody is read every message aloud.
   *
   * @param {string} language
   * @param {boolean} plays
   */
  dress(language, plays) {
    attribute_(this.log, "lang", language);
    attribute_(this.log, "aria-busy", String(plays));
  }

  /** @param {Chat} chat @param {string} name */
  update(chat, name) {
    if ((chat.messages.at(-1)?.id ?? 0) < this.seen) this._forget();
    const first = this._messages.length === 0;
    const before = this._messages.at(-1)?.id ?? 0;
    this._messages = chat.messages;
    this._chat = chat;
    this.log.setAttribute("aria-label", say("chat-of", { name }));
    this.log.setAttribute("aria-description", say("log-hint"));
    arrange(this.log, this._wanted(chat));
    const own = chat.messages.some((message) => message.id > before && message.from === "person");
    if (chat.messages.some((message) => message.id > before && message.from === "bot")) this.rest();
    if (this._stays || own || first) this.toNewest(false);
    this._look();
  }

  /** Begin anew: another story is told here. */
  _forget() {
    this._nodes.clear();
    this._messages = [];
    this.seen = this._mark = 0;
  }

  /** Draw everything again, in the language of now. @param {Chat} chat @param {string} name */
  redraw(chat, name) {
    this._nodes.clear();
    this.update(chat, name);
  }

  /**
   * Say whether somebody is looking at this chat: the mark stands before what came while nobody did.
   *
   * @param {boolean} watched
   */
  watch(watched) {
    if (watched === this._watched) return;
    this._watched = watched;
    this._mark = watched && this.unread ? this.seen : 0;
    if (!this._chat) return;
    arrange(this.log, this._wanted(this._chat));
    if (watched) this._open();
    this._look();
  }

  /** Let no key wait any longer: its tap was answered, or refused. */
  rest() {
    this.log.querySelector(".key.waiting")?.classList.remove("waiting");
  }

  /** Show where reading goes on: at the mark, or else at the newest. */
  _open() {
    const mark = this._nodes.get("mark")?.node;
    if (!mark?.isConnected) return this.toNewest(false);
    mark.scrollIntoView({ block: "start" });
    this._stays = this._isAtEnd();
  }

  /** @param {boolean} smooth */
  toNewest(smooth) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this._stays = true;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth && !still ? "smooth" : "instant" });
    if (smooth) this.log.focus({ preventScroll: true });
  }

  /** @param {Chat} chat @returns {HTMLElement[]} */
  _wanted(chat) {
    const wanted = [];
    let shown = "";
    let marked = this._mark === 0 || !this._watched;
    for (const message of chat.messages) {
      const date = new Date(message.date);
      if (dayKey(date) !== shown) {
        shown = dayKey(date);
        wanted.push(this._kept(`day ${shown}`, () => element("p", { class: "day", text: day(date) })));
      }
      if (!marked && message.id > this._mark && message.from === "bot") {
        marked = true;
        wanted.push(this._kept("mark", () => element("p", { class: "mark", text: say("new-messages") })));
      }
      wanted.push(this._bubble(message));
    }
    if (chat.typing) wanted.push(this._kept("typing", typing));
    return wanted;
  }

  /** @param {string} key @param {() => HTMLElement} draw */
  _kept(key, draw) {
    const known = this._nodes.get(key) ?? { drawn: "", node: draw() };
    this._nodes.set(key, known);
    return known.node;
  }

  /**
   * Draw a message, or keep it as it is drawn; one that was edited is replaced where it stands.
   *
   * @param {Message} message
   */
  _bubble(message) {
    const key = `message ${message.id}`;
    const quoted = this._messages.find((one) => one.id === message.reply_to) ?? null;
    const drawn = JSON.stringify([message, quoted?.text]);
    const known = this._nodes.get(key);
    if (known?.drawn === drawn) return known.node;
    const node = bubble(message, quoted, this._doings);
    if (known?.node.isConnected) {
      node.classList.add("changed");
      replace(known.node, node);
    }
    this._nodes.set(key, { drawn, node });
    return node;
  }

  _isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
  }

  /** Take note of what has been seen by now. */
  _look() {
    const end = this._messages.at(-1)?.id ?? 0;
    const sees = this._watched && this._isAtEnd() && this.log.clientHeight > 0;
    if (sees) this.seen = Math.max(this.seen, end);
    this.unread = this._messages.filter((message) => message.from === "bot" && message.id > this.seen).length;
    const isNeeded = this._watched && !this._isAtEnd();
    this._newest.hidden = !isNeeded && document.activeElement !== this._newest;
    this._newest.replaceChildren(icon("down"), this.unread ? element("b", { text: String(this.unread) }) : "");
    this._newest.setAttribute(
      "aria-label",
      this.unread ? say("to-newest-unread", { n: this.unread }) : say("to-newest"),
    );
    this._changed();
  }

  /** Scroll to a message. @param {number} id */
  _show(id) {
    const found = this._nodes.get(`message ${id}`)?.node;
    this._stays = false;
    found?.scrollIntoView({ block: "center" });
    found?.focus({ preventScroll: true });
  }
}

function typing() {
  const words = element("span", { class: "hidden-words", text: say("typing") });
  return element("p", { class: "typing" }, words, element("i"), element("i"), element("i"));
}

/**
 * Put the new drawing in the old one's place; who had the focus on a key of it finds it on the new one.
 *
 * @param {HTMLElement} old
 * @param {HTMLElement} drawn
 */
function replace(old, drawn) {
  const focused = old.contains(document.activeElement);
  const at = [...old.querySelectorAll("button.key")].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  old.replaceWith(drawn);
  if (!focused) return;
  const keys = /** @type {NodeListOf<HTMLElement>} */ (drawn.querySelectorAll("button.key"));
  (keys[at] ?? keys[0] ?? drawn).focus({ preventScroll: true });
}
