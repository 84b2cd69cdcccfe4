/** Instants as people of the practice say them.  The page's clock runs on between two words of the server. */

import { spoken } from "./words.js";

let zone = "Europe/Madrid";
let told = Date.now();
let toldAt = performance.now();

/**
 * Hear what time it is in the practice.
 *
 * @param {{now: string, zone: string}} clock
 */
export function hear(clock) {
  zone = clock.zone;
  told = Date.parse(clock.now);
  toldAt = performance.now();
}

/** The practice's time now. */
export function now() {
  return new Date(told + performance.now() - toldAt);
}

/**
 * @param {Intl.DateTimeFormatOptions} options
 * @param {Date} instant
 */
function format(options, instant) {
  const tag = spoken() === "en" ? "en-GB" : spoken();
  return new Intl.DateTimeFormat(tag, { timeZone: zone, ...options }).format(instant);
}

/** @param {Date} instant @returns {string} "17:05" */
export function hour(instant) {
  return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, instant);
}

/** @param {Date} instant @returns {string} "martes 24 de noviembre" */
export function day(instant) {
  return format({ weekday: "long", day: "numeric", month: "long" }, instant).replace(",", "");
}

/** @param {Date} instant @returns {string} one for each day of the practice: "2026-11-24" */
export function dayKey(instant) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(instant);
}

/** @param {Date} instant @returns {string} "17:05", or "mié 25, 08:30" when that is another day */
export function soon(instant) {
  if (dayKey(instant) === dayKey(now())) return hour(instant);
  return `${format({ weekday: "short", day: "numeric" }, instant).replace(",", "")}, ${hour(instant)}`;
}

/** @param {Date} instant @returns {string} "24 nov 17:05:09", for what is looked at closely */
export function exact(instant) {
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return format({ day: "numeric", month: "short", .../** @type {any} */ (clock) }, instant).replace(",", "");
}
