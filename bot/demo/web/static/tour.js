/** Five things to do, in order; each is noticed when it was done, and what it needs first is said. */

import { attribute_, byId, element, icon } from "./dom.js";
import { act } from "./server.js";
import { say, spoken } from "./words.js";

/** @import {Store} from "./store.js" */
/** @import {Views} from "./views.js" */

const STEPS = 5;
const TAPS = 3;
const KEY = "tour";
const RUN = "run";

/** What the bot's buttons mean, by the code their data begins with. */
const ACCEPT = /^co:\d+:1$/;
const SCORE = /^s:/;
const SEE = /^e:/;
const INVITATION = /t\.me\/\S+\?start=/;

const CODES = ["P-07", "P-12", "P-15"];

/** Two sessions of three numbers: with fewer there is nothing to compare. */
const COMPARABLE = 2 * TAPS;

/**
 * What to do now, `where` it is done, and a button for what needs more than a tap.
 *
 * @typedef {{key: string, where?: string, button?: {key: string, run: () => void}}} Hint
 */

/** What of the present step was done. */
function nothing() {
  return { accepted: false, scores: 0, saw: false, killed: false, answered: false };
}

export class Tour {
  /** @param {Store} store @param {Views} views @param {(side: string, text: string) => void} suggest */
  constructor(store, views, suggest) {
    this._store = store;
    this._views = views;
    this._suggest = suggest;
    this._node = byId("tour");
    this._step = Number(sessionStorage.getItem(KEY) ?? 1);
    this._did = nothing();
    this._drawn = "";
    byId("tour-skip").addEventListener("click", () => this._go(this._step + 1));
    byId("tour-close").addEventListener("click", () => this._go(0));
    byId("tour-open").addEventListener("click", () => this._go(1));
    store.on("world", (world) => this._begin(world.run));
    store.on("acted", (what) => this._acted(what));
    for (const kind of ["world", "chat", "language", "view"]) store.on(kind, () => this._look());
    this._look();
  }

  /** @param {number} step 0 is closed, one more than the last is the end */
  _go(step) {
    this._step = step;
    this._did = nothing();
    this._drawn = "";
    sessionStorage.setItem(KEY, String(step));
    this._draw();
  }

  /** Begin anew with another run of the demo: what was done belonged to the one before. @param {string} run */
  _begin(run) {
    const before = sessionStorage.getItem(RUN);
    sessionStorage.setItem(RUN, run);
    if (before !== null && before !== run) this._go(1);
  }

  /** Notice what the visitor did. @param {{act: string, data?: string}} what */
  _acted(what) {
    const data = what.act === "tap" ? (what.data ?? "") : "";
    if (ACCEPT.test(data)) this._did.accepted = true;
    if (SCORE.test(data)) this._did.scores += 1;
    if (SEE.test(data)) this._did.saw = true;
    this._try(what);
    this._look();
  }

  /** Go on when the step is done, or say what is to do now. */
  _look() {
    const { accepted, scores, saw, answered } = this._did;
    const done = [accepted || this._hasBegun(), this._isAsked(), scores >= TAPS, saw, answered && this._isRunning()];
    if (done[this._step - 1]) this._go(this._step + 1);
    else this._draw();
  }

  /** Follow the fifth step: killed, then something done on a phone, then started again. @param {{act: string}} what */
  _try(what) {
    if (what.act === "kill") this._did = { ...this._did, killed: true, answered: false };
    if (["tap", "send"].includes(what.act) && !this._isRunning()) this._did.answered = this._did.killed;
  }

  _isRunning() {
    return this._store.world?.bot.state === "running";
  }

  /** @param {string} side @returns {import("./types.js").Message[]} */
  _messages(side) {
    return this._store.peopleOn(side).flatMap((person) => this._store.chats.get(person.id)?.messages ?? []);
  }

  /** @param {string} side @param {RegExp} data */
  _offers(side, data) {
    return this._messages(side).some((message) =>
      message.keyboard.flat().some((button) => data.test(button.data ?? "")),
    );
  }

  /** Say whether a story has brought a patient who has accepted long ago. */
  _hasBegun() {
    const { story, people } = this._store.world ?? { story: null, people: [] };
    return story !== "empty" && people.some((person) => person.role === "patient");
  }

  _isAsked() {
    return this._offers("patient", SCORE);
  }

  /** What to do next for this step. @returns {Hint} */
  _hint() {
    if (this._step <= STEPS && this._store.world?.playing) return { key: "tour-wait" };
    const hints = [
      () => this._toAccept(),
      () => this._toSession(),
      () => this._toAnswer(),
      () => this._toSee(),
      () => this._toTrial(),
    ];
    return hints[this._step - 1]?.() ?? { key: "tour-end" };
  }

  /** @returns {Hint} */
  _toAccept() {
    if (this._offers("patient", ACCEPT)) return { key: "tour-1-accept", where: "patient" };
    if (this._messages("therapist").some((message) => INVITATION.test(message.text)))
      return { key: "tour-1-link", where: "therapist" };
    const free = CODES.find((code) => !this._codes().includes(code)) ?? CODES[0];
    const run = () => this._suggest("therapist", `/${spoken() === "en" ? "new" : "nuevo"} ${free}`);
    return { key: "tour-1-invite", button: { key: "tour-1-text", run } };
  }

  _codes() {
    return this._store.peopleOn("patient").map((person) => person.name);
  }

  /** @returns {Hint} */
  _toSession() {
    const ahead = this._store.world?.clock.jumps.find((one) => one.jump === "session");
    if (ahead?.at) return { key: ahead.to === "question" ? "tour-2-quarter" : "tour-2-jump" };
    const code = this._codes().find((name) => /^P-\d+$/.test(name)) ?? CODES[0];
    const run = () => this._suggest("therapist", spoken() === "en" ? `/session ${code} now` : `/sesion ${code} ahora`);
    return { key: "tour-2-plan", button: { key: "tour-2-text", run } };
  }

  /** @returns {Hint} */
  _toAnswer() {
    if (!this._isAsked()) return this._toSession();
    return { key: this._hasBegun() ? "tour-4-low" : "tour-3-tap", where: "patient" };
  }

  /** @returns {Hint} */
  _toSee() {
    if (this._offers("therapist", SEE)) return { key: "tour-4-see", where: "therapist" };
    const { story, counts } = this._store.world ?? { story: null, counts: { answers_stored: 0 } };
    if (story !== "empty") return this._isAsked() ? { key: "tour-4-low", where: "patient" } : { key: "tour-4-session" };
    const run = () => act(this._store, { act: "story", name: "vignette", language: spoken() });
    const key = counts.answers_stored < COMPARABLE ? "tour-4-story" : "tour-4-perhaps";
    return { key, button: { key: "story-vignette", run } };
  }

  /** @returns {Hint} */
  _toTrial() {
    if (this._isRunning()) return { key: "tour-5-kill", where: "stage" };
    if (this._did.answered) return { key: "tour-5-restart", where: "stage" };
    return { key: "tour-5-answer", where: "patient" };
  }

  _draw() {
    this._node.hidden = this._step === 0;
    byId("tour-open").hidden = this._step !== 0;
    if (this._step === 0) return;
    const hint = this._hint();
    const button = hint.button ?? this._way(hint);
    const drawn = `${this._step} ${hint.key} ${button?.key} ${this._did.scores} ${spoken()}`;
    if (drawn === this._drawn) return;
    this._drawn = drawn;
    const over = this._step > STEPS;
    byId("tour-skip").hidden = over;
    byId("tour-title").textContent = over ? say("tour-over") : say(`tour-${this._step}`);
    const node = button
      ? element("button", { type: "button", class: "small", text: say(button.key), on: { click: button.run } })
      : "";
    byId("tour-hint").replaceChildren(say(hint.key, { left: TAPS - this._did.scores }), " ", node);
    const marks = Array.from({ length: STEPS }, (_, at) => this._mark(at + 1));
    byId("tour-steps").replaceChildren(...marks);
  }

  /** The way to what is out of view. @param {Hint} hint */
  _way({ where }) {
    if (!where || this._views.shows(where)) return undefined;
    return { key: "tour-go", run: () => this._views.show(where) };
  }

  /** @param {number} step */
  _mark(step) {
    const done = step < this._step;
    const words = element("span", {
      class: "hidden-words",
      text: say(done ? "tour-done" : "tour-step", { step, of: STEPS }),
    });
    const mark = element(
      "li",
      { class: done ? "done" : "" },
      words,
      done ? icon("check") : element("span", { "aria-hidden": "true", text: String(step) }),
    );
    attribute_(mark, "aria-current", step === this._step ? "step" : null);
    return mark;
  }
}
