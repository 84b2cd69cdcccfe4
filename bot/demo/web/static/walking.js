/** Going from message to message with the arrows; only the message one is at offers its menu to the tab key. */

/** @param {HTMLElement} log */
export function walk(log) {
  log.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target !== log && !target.matches("article")) return;
    const messages = /** @type {NodeListOf<HTMLElement>} */ (log.querySelectorAll("article"));
    const at = target === log ? messages.length : [...messages].indexOf(target);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: messages.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    messages[Math.max(0, Math.min(to, messages.length - 1))]?.focus();
  });
  log.addEventListener("focusin", (event) => {
    const here = /** @type {HTMLElement} */ (event.target).closest("article");
    for (const button of log.querySelectorAll(".more[tabindex='0']")) button.setAttribute("tabindex", "-1");
    here?.querySelector(".more")?.setAttribute("tabindex", "0");
  });
}
