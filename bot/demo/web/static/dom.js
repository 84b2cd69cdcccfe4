/** Elements, made and changed without markup: what people wrote is only ever text. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element.
 *
 * @param {string} tag
 * @param {{class?: string, text?: string, on?: Record<string, (event: any) => void>, [attribute: string]: any}} options
 *   `class` and `text` are what they say, `on` holds listeners, everything else is an attribute (left out when null or false)
 * @param {...(Node|string|null)} children
 * @returns {any}
 */
export function element(tag, { class: name, text, on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) attribute_(made, attribute, value);
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * Set an attribute, or take it away when the value is null, undefined or false.
 *
 * @param {Element} target
 * @param {string} name
 * @param {any} value
 */
export function attribute_(target, name, value) {
  if (value === null || value === undefined || value === false) target.removeAttribute(name);
  else target.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Draw one icon of icons.svg; it says nothing to a screen reader.
 *
 * @param {string} name
 */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  drawing.append(use);
  return drawing;
}

/**
 * Put `wanted` into `parent` in this order, touching only what changed: a live region announces nothing twice.
 *
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of wanted) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}

/** @param {string} id @returns {any} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`There is no #${id}.`);
  return found;
}
