/** The little notice that comes in answer to a tap, and goes by itself. */

const SHOWN_FOR = 4000;

export class Notice {
  /** @param {HTMLElement} node */
  constructor(node) {
    this._node = node;
    /** @type {number|undefined} */
    this._ends = undefined;
  }

  /** @param {string} text */
  say(text) {
    clearTimeout(this._ends);
    this._node.textContent = text;
    this._node.classList.add("shown");
    this._ends = setTimeout(() => this.hush(), SHOWN_FOR);
  }

  hush() {
    this._node.classList.remove("shown");
    this._node.textContent = "";
  }
}
