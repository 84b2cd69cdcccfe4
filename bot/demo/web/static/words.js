/** The page's own words.  What the bot says comes from the bot. */

/** @type {Record<string, string>} */
let words = {};
let language = "es";

export const LANGUAGES = ["es", "en"];

/** The language of the page, as an HTML `lang`. */
export function spoken() {
  return language;
}

/**
 * Fetch the words of a language; the page keeps the ones it has when that fails.
 *
 * @param {string} wanted
 */
export async function learn(wanted) {
  const response = await fetch(`/words/${wanted}.json`);
  if (!response.ok) return;
  words = await response.json();
  language = wanted;
  document.documentElement.lang = wanted;
}

/**
 * Say something; `key-one` is said instead of `key` when `n` is one.
 *
 * @param {string} key
 * @param {Record<string, string|number>} values
 */
export function say(key, values = {}) {
  const single = values.n === 1 && words[`${key}-one`];
  const text = single || words[key] || key;
  return text.replace(/\{\s*\$?([\w-]+)\s*\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * Say a number or a size as people here write it.
 *
 * @param {number} number
 */
export function figure(number) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(number);
}

/** Where an element asks for a word: the attribute of the element that names the key, and what it fills. */
const PLACES = /** @type {const} */ ([
  ["data-word", null],
  ["data-word-label", "aria-label"],
  ["data-word-title", "title"],
  ["data-word-placeholder", "placeholder"],
  ["data-word-content", "content"],
]);

/**
 * Fill in every element below `root` that names a word.
 *
 * @param {ParentNode} root
 */
export function fill(root = document) {
  for (const [source, target] of PLACES) {
    for (const one of root.querySelectorAll(`[${source}]`)) {
      const text = say(one.getAttribute(source) ?? "");
      if (target) one.setAttribute(target, text);
      else one.textContent = text;
    }
  }
  document.title = say("title");
}
