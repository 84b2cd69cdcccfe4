/** A picture in large, in a dialog; a QR code can be scanned from there. */

import { byId } from "./dom.js";

/**
 * @param {string} url
 * @param {string} alt
 * @param {string|null} link what the picture's QR code says
 * @param {(url: string) => void} scan
 */
export function openPicture(url, alt, link, scan) {
  const dialog = byId("picture");
  const [shown] = dialog.getElementsByTagName("img");
  shown.src = url;
  shown.alt = alt;
  const button = byId("scan");
  button.hidden = link === null;
  button.onclick = () => {
    dialog.close();
    scan(link ?? "");
  };
  dialog.showModal();
}

/** Let a click beside the picture close it. */
export function preparePictures() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
}
