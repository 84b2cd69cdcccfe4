/** What the page knows of the world, and who wants to hear when it changes. */

/** @import {World, Chat, Inside, Call} from "./types.js" */

const CALLS_KEPT = 200;

export class Store {
  constructor() {
    /** @type {World|null} */
    this.world = null;
    /** @type {Map<number, Chat>} */
    this.chats = new Map();
    /** @type {Inside} */
    this.inside = { due: [], outbox: [], rules: [] };
    /** @type {Call[]} newest first */
    this.calls = [];
    /** @type {Map<string, ((value: any) => void)[]>} */
    this._listeners = new Map();
  }

  /**
   * Hear of `kind`: world, chat, answer, call, inside, acted, refused, joined, language, tabs, view.
   *
   * @param {string} kind
   * @param {(value: any) => void} listener
   */
  on(kind, listener) {
    this._listeners.set(kind, [...(this._listeners.get(kind) ?? []), listener]);
  }

  /**
   * @param {string} kind
   * @param {any} value
   */
  tell(kind, value) {
    for (const listener of this._listeners.get(kind) ?? []) listener(value);
  }

  /** @param {World} world */
  takeWorld(world) {
    if (world.folder !== this.world?.folder) this._forget();
    this.world = world;
    const here = new Set(world.people.map((person) => person.id));
    for (const id of this.chats.keys()) if (!here.has(id)) this.chats.delete(id);
    this.tell("world", world);
  }

  /** Another story is told, in another folder: what was is no more. */
  _forget() {
    this.chats.clear();
    this.calls = [];
    this.inside = { due: [], outbox: [], rules: [] };
  }

  /** @param {Chat} chat */
  takeChat(chat) {
    this.chats.set(chat.id, chat);
    this.tell("chat", chat);
  }

  /** @param {Inside} inside */
  takeInside(inside) {
    this.inside = inside;
    this.tell("inside", inside);
  }

  /** @param {Call} call */
  takeCall(call) {
    if (this.calls.some((known) => known.number === call.number)) return;
    this.calls = [call, ...this.calls].slice(0, CALLS_KEPT);
    this.tell("call", call);
  }

  /** @param {number} id */
  person(id) {
    return this.world?.people.find((person) => person.id === id) ?? null;
  }

  /**
   * People whose phone is on that side; somebody not yet known to the bot may become a patient.
   *
   * @param {string} side
   */
  peopleOn(side) {
    const people = this.world?.people ?? [];
    return people.filter((person) => (person.role === "therapist") === (side === "therapist"));
  }
}
