/** What can go wrong, on buttons, and the count that shows that nothing is lost. */

import { attribute_, byId, element, icon } from "./dom.js";
import { act } from "./server.js";
import { figure, say } from "./words.js";

/** @import {World} from "./types.js" */
/** @import {Store} from "./store.js" */

const FAULTS = ["slow_down", "no_network"];
const SECONDS = 20;
const EVERY = 1000;

/** When each fault ends, on this page's own clock. @type {Map<string, number>} */
const ends = new Map();

/** @param {Store} store */
export function faults(store) {
  const places = new Map(FAULTS.map((name) => [name, card(name)]));
  const killing = card("kill");
  byId("faults").append(...places.values(), killing);
  for (const [name, place] of places) button(place).onclick = () => toggle(store, name);
  button(killing).onclick = () => act(store, { act: store.world?.bot.state === "running" ? "kill" : "restart" });
  const draw = () => store.world && show(store.world, places, killing);
  store.on("world", (world) => {
    for (const { fault, left } of world.faults) ends.set(fault, performance.now() + 1000 * (left ?? 0));
    draw();
  });
  store.on("language", draw);
  setInterval(() => store.world?.faults.length && draw(), EVERY);
}

/** @param {string} name */
function card(name) {
  const words = element("p", { "data-word": `${name}-more` });
  return element("div", { class: "fault", "data-fault": name }, element("button", { type: "button" }), words);
}

/** @param {Element} place @returns {any} */
function button(place) {
  return place.firstElementChild;
}

/** @param {Store} store @param {string} fault */
function toggle(store, fault) {
  const lasts = store.world?.faults.some((one) => one.fault === fault);
  act(store, lasts ? { act: "lift" } : { act: "fault", fault, seconds: SECONDS });
}

/** @param {World} world @param {Map<string, Element>} places @param {Element} killing */
function show(world, places, killing) {
  for (const [name, place] of places) {
    const fault = world.faults.find((one) => one.fault === name);
    place.classList.toggle("on", fault !== undefined);
    button(place).textContent = fault ? say("lift", { seconds: left(name) }) : say(name);
  }
  const state = world.bot.state;
  killing.classList.toggle("on", state !== "running");
  button(killing).textContent = say(`bot-${state}-do`);
  attribute_(button(killing), "aria-disabled", String(state === "starting"));
  say_(world);
  trouble(world);
}

/** Whole seconds that are left of a fault. @param {string} fault */
function left(fault) {
  return Math.max(0, Math.ceil(((ends.get(fault) ?? 0) - performance.now()) / 1000));
}

/** @param {World} world */
function say_(world) {
  const { answers_given: given, answers_stored: stored, waiting } = world.counts;
  byId("given").textContent = figure(given);
  byId("stored").textContent = figure(stored);
  byId("waiting").textContent = figure(waiting);
  const isSafe = given === stored && !waiting;
  byId("verdict").textContent = given ? say(isSafe ? "nothing-lost" : "on-its-way") : say("no-answers");
  byId("verdict").className = given && isSafe ? "verdict good" : "verdict";
}

/** Say on both phones why nothing answers now. @param {World} world */
function trouble(world) {
  const [first] = world.faults;
  const key = world.bot.state === "running" ? first?.fault : world.bot.state;
  for (const line of document.querySelectorAll(".trouble")) {
    const text = key ? say(`trouble-${key}`) : "";
    /** @type {HTMLElement} */ (line).hidden = !key;
    if (line.textContent !== text) line.replaceChildren(...(key ? [icon("pause"), text] : []));
  }
}
