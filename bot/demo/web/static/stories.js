/** The stories one can start from; each is played through the bot. */

import { attribute_, byId, element } from "./dom.js";
import { act } from "./server.js";
import { LANGUAGES, say, spoken } from "./words.js";

/** @import {World} from "./types.js" */
/** @import {Store} from "./store.js" */

const STORIES = ["empty", "vignette", "slide", "silent"];

/** @param {Store} store */
export function stories(store) {
  const buttons = STORIES.map((name) => made(store, name));
  byId("stories").append(...buttons);
  const draw = () => store.world && show(store.world, buttons);
  store.on("world", draw);
  store.on("language", draw);
}

/** @param {World} world @param {HTMLElement[]} buttons */
function show(world, buttons) {
  for (const button of buttons) {
    attribute_(button, "aria-pressed", String(button.dataset.story === world.story));
    attribute_(button, "aria-disabled", String(world.playing !== null));
  }
  const other = byId("stories-language");
  other.hidden = world.language === spoken() || !LANGUAGES.includes(world.language);
  other.textContent = say("stories-language");
}

/** @param {Store} store @param {string} name */
function made(store, name) {
  const click = () => {
    if (store.world?.playing) store.tell("refused", say("story-plays"));
    else act(store, { act: "story", name, language: spoken() });
  };
  return element(
    "button",
    { type: "button", class: "card", "data-story": name, on: { click } },
    element("b", { "data-word": `story-${name}` }),
    element("small", { "data-word": `story-${name}-more` }),
  );
}
