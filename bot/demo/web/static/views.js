/** Where there is room for one thing only, which one is in view; the switch says what is unread in the others. */

import { attribute_, byId } from "./dom.js";
import { badge } from "./tabs.js";
import { say } from "./words.js";

/** @import {Store} from "./store.js" */
/** @import {Phone} from "./phone.js" */

const WIDE = matchMedia("(min-width: 900px)");
const VIEWS = ["patient", "therapist", "stage"];

export class Views {
  /** @param {Store} store @param {Record<string, Phone>} phones */
  constructor(store, phones) {
    this._store = store;
    this._phones = phones;
    this._buttons = VIEWS.map((view) => byId(`view-${view}`));
    this._buttons.forEach((button, at) => (button.onclick = () => this.show(VIEWS[at])));
    store.on("tabs", () => this._count());
    store.on("language", () => this._count());
    WIDE.addEventListener("change", () => this.show(this._view));
    this._view = "patient";
    this._turn("patient");
  }

  /** Bring something into view; who had the focus in what is no longer there goes on in it. @param {string} view */
  show(view) {
    this._turn(view);
    const had = document.activeElement;
    if (WIDE.matches || (had !== document.body && had?.getClientRects().length)) return;
    const place = view === "stage" ? ".stage button" : `#phone-${view} .conversation:not([hidden]) .log`;
    /** @type {HTMLElement} */ (document.querySelector(place) ?? byId("phones")).focus();
  }

  /** @param {string} view */
  _turn(view) {
    this._view = view;
    document.body.dataset.view = view;
    this._buttons.forEach((button, at) => attribute_(button, "aria-pressed", String(VIEWS[at] === view)));
    for (const [side, phone] of Object.entries(this._phones)) phone.watch(WIDE.matches || side === view);
    this._count();
    this._store.tell("view", view);
  }

  /** Say whether this is in view. @param {string} view */
  shows(view) {
    return WIDE.matches || view === this._view;
  }

  _count() {
    this._buttons.forEach((button, at) => {
      const unread = this._phones[VIEWS[at]]?.unread ?? 0;
      const said = `${unread} ${document.documentElement.lang}`;
      if (button.dataset.said === said) return;
      button.dataset.said = said;
      button.replaceChildren(say(`view-${VIEWS[at]}`), ...badge(unread));
    });
  }
}
