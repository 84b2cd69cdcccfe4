/** Language and light or dark: chosen on the page, kept by the browser. */

import { attribute_, byId } from "./dom.js";
import { LANGUAGES, fill, learn, spoken } from "./words.js";

/** @import {Store} from "./store.js" */

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Speak the language chosen before, or else the first of the browser's that the page knows, or else Spanish. */
export async function prepare() {
  const wanted = [localStorage.getItem("language"), ...navigator.languages.map((one) => one.slice(0, 2)), "es"];
  await learn(wanted.find((one) => one !== null && LANGUAGES.includes(one)) ?? "es");
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  fill();
}

/** @param {Store} store */
export function preferences(store) {
  const buttons = LANGUAGES.map((one) => byId(`language-${one}`));
  const mark = () =>
    buttons.forEach((button, at) => attribute_(button, "aria-pressed", String(LANGUAGES[at] === spoken())));
  buttons.forEach((button, at) => {
    button.onclick = async () => {
      await learn(LANGUAGES[at]);
      localStorage.setItem("language", spoken());
      fill();
      mark();
      store.tell("language", spoken());
    };
  });
  mark();
  const theme = byId("theme");
  const isDark = () => (document.documentElement.dataset.theme ?? (DARK.matches ? "dark" : "light")) === "dark";
  const show = () => attribute_(theme, "aria-pressed", String(isDark()));
  theme.onclick = () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("theme", document.documentElement.dataset.theme);
    show();
  };
  DARK.addEventListener("change", show);
  show();
}
