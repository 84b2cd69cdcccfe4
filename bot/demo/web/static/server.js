/** The two ways to the server: what happens comes as events, what the visitor does goes to /do. */

import { say, spoken } from "./words.js";

/** @import {Store} from "./store.js" */

/**
 * Listen to the server for as long as the page is open; the browser connects again by itself.
 *
 * @param {Store} store
 */
export function listen(store) {
  const source = new EventSource("/events");
  /** @param {string} kind @param {(value: any) => void} take */
  const take = (kind, take) => source.addEventListener(kind, (event) => take(JSON.parse(event.data)));
  take("world", (world) => store.takeWorld(world));
  take("chat", (chat) => store.takeChat(chat));
  take("inside", (inside) => store.takeInside(inside));
  take("call", (call) => store.takeCall(call));
  take("answer", (answer) => store.tell("answer", answer));
  source.addEventListener("open", () => store.tell("joined", true));
  source.addEventListener("error", () => store.tell("joined", false));
}

/**
 * Ask the server to do something.  Whoever listens hears of it ("acted"), or why not ("refused").
 *
 * @param {Store} store
 * @param {{act: string, [field: string]: any}} what
 * @returns {Promise<any|null>} the server's answer, or null when it refused
 */
export async function act(store, what) {
  const answer = await ask(what);
  if (answer.error) {
    store.tell("refused", answer.error);
    return null;
  }
  store.tell("acted", { ...what, answer });
  return answer;
}

/** @param {{act: string}} what */
async function ask(what) {
  try {
    const response = await fetch("/do", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Demo": "1", "Accept-Language": spoken() },
      body: JSON.stringify(what),
    });
    const answer = await response.json();
    return response.ok ? answer : { error: answer.error ?? say("server-refused") };
  } catch {
    return { error: say("server-gone") };
  }
}
