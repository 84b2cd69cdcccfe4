/** What happens inside: what is due, what waits to leave, which rule fired and why, and the raw calls. */

import { byId, element } from "./dom.js";
import { exact } from "./times.js";
import { say } from "./words.js";

/** @import {Call, Due, Inside, Outgoing} from "./types.js" */
/** @import {Store} from "./store.js" */

const SHOWN = 60;

/** @param {Store} store */
export function inside(store) {
  const column = byId("inside");
  const draw = () => {
    if (!column.open) return;
    rows(store.inside);
    calls(store.calls);
  };
  for (const kind of ["inside", "call", "language"]) store.on(kind, draw);
  column.addEventListener("toggle", () => {
    document.body.classList.toggle("inside-open", column.open);
    draw();
  });
}

/** @param {Inside} all */
function rows(all) {
  fill("due", all.due.map(due), "due-none");
  fill("outbox", newest(all.outbox).map(outgoing), "outbox-none");
  fill(
    "rules",
    all.rules.map((rule) => element("li", {}, ...rule.lines.map((text) => element("p", { text })))),
    "rules-none",
  );
}

/** @param {Due} one */
function due(one) {
  const what = one.kind === "chore" ? say(`chore-${one.what}`) : one.what;
  return pair(exact(new Date(one.at)), [say(`due-${one.kind}`), what].filter(Boolean).join(" · "));
}

/** @param {Outgoing[]} outbox */
function newest(outbox) {
  return [...outbox].sort((a, b) => b.id - a.id).slice(0, SHOWN);
}

/** @param {string} id @param {HTMLElement[]} items @param {string} none */
function fill(id, items, none) {
  byId(id).replaceChildren(...(items.length ? items : [element("li", { class: "none", text: say(none) })]));
}

/** @param {string} first @param {string} second */
function pair(first, second) {
  return element("li", {}, element("span", { class: "quiet", text: first }), " ", second);
}

/** @param {Outgoing} one */
function outgoing(one) {
  const tries = one.attempts > 1 ? [say("tries", { n: one.attempts })] : [];
  const state = element("span", { class: `state ${one.state}`, text: say(`state-${one.state}`) });
  const words = [`${say(`kind-${one.kind}`)} → ${one.to}`, say(`hurry-${one.class}`), ...tries];
  return element("li", {}, state, ` ${words.join(" · ")}`);
}

/** @param {Call[]} all */
function calls(all) {
  const list = byId("calls");
  const open = new Set([...list.querySelectorAll("details[open]")].map((one) => one.dataset.number));
  list.replaceChildren(...all.slice(0, SHOWN).map((call) => drawn(call, open.has(String(call.number)))));
}

/** @param {Call} call @param {boolean} open */
function drawn(call, open) {
  const status = element("span", {
    class: `state ${call.status < 400 ? "sent" : "parked"}`,
    text: String(call.status),
  });
  const head = element(
    "summary",
    {},
    element("span", { class: "quiet", text: exact(new Date(call.at)) }),
    " ",
    status,
    ` ${call.method}`,
  );
  const body = element("pre", {
    tabindex: "0",
    text: JSON.stringify({ params: call.params, response: call.response }, null, 2),
  });
  return element("li", {}, element("details", { "data-number": call.number, open }, head, body));
}
