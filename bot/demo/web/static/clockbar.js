/** The practice's clock, and the ways to let time pass. */

import { attribute_, byId, element } from "./dom.js";
import { act } from "./server.js";
import { day, hear, hour, now, soon } from "./times.js";
import { say } from "./words.js";

/** @import {World} from "./types.js" */
/** @import {Store} from "./store.js" */

const EVERY = 1000;
const JUMPS = [
  { act: "clock", jump: "minutes", minutes: 15 },
  { act: "clock", jump: "session" },
  { act: "clock", jump: "morning" },
  { act: "clock", jump: "digest" },
];

/** @param {Store} store */
export function clockBar(store) {
  const buttons = JUMPS.map((jump) => made(store, jump));
  byId("jumps").append(...buttons);
  store.on("world", (world) => draw(world, buttons));
  store.on("language", () => store.world && draw(store.world, buttons));
  setInterval(tick, EVERY);
}

/** @param {Store} store @param {{act: string, jump: string}} jump */
function made(store, jump) {
  const click = () => {
    if (button.getAttribute("aria-disabled") === "true") store.tell("refused", say(`no-${jump.jump}`));
    else act(store, jump);
  };
  const button = element(
    "button",
    { type: "button", class: "jump", "data-jump": jump.jump, on: { click } },
    element("span", {}),
    element("small", {}),
  );
  return button;
}

/** @param {World} world @param {HTMLElement[]} buttons */
function draw(world, buttons) {
  hear(world.clock);
  tick();
  for (const button of buttons) label(button, world);
  const playing = byId("playing");
  const [words, bar] = /** @type {HTMLElement[]} */ ([...playing.children]);
  playing.hidden = world.playing === null && !world.stopped;
  bar.hidden = world.playing === null;
  const what = world.playing?.label ?? (world.stopped ? say("story-stopped") : "");
  if (words.textContent !== what) words.textContent = what;
  if (!world.playing) return;
  const { step, of } = world.playing;
  attribute_(bar, "max", of);
  attribute_(bar, "value", step);
}

/** @param {HTMLElement} button @param {World} world */
function label(button, world) {
  const jump = button.dataset.jump ?? "";
  const { at, to } = world.clock.jumps.find((one) => one.jump === jump) ?? { at: null, to: jump };
  const nowhere = jump !== "minutes" && at === null;
  attribute_(button, "aria-disabled", String(nowhere || world.playing !== null));
  button.children[0].textContent = say(`jump-${to}`);
  button.children[1].textContent = at ? soon(new Date(at)) : "";
}

function tick() {
  const instant = now();
  const shown = byId("time");
  const text = hour(instant);
  if (
    shown.textContent === text &&
    byId("day").lang === document.documentElement.lang &&
    byId("day").dataset.day === day(instant)
  )
    return;
  shown.textContent = text;
  attribute_(shown, "datetime", instant.toISOString());
  byId("day").textContent = day(instant);
  byId("day").dataset.day = day(instant);
  byId("day").lang = document.documentElement.lang;
}
