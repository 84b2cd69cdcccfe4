/** The page: two phones, one clock, what can go wrong, and what happens inside. */

import { clockBar } from "./clockbar.js";
import { byId } from "./dom.js";
import { faults } from "./faults.js";
import { inside } from "./inside.js";
import { Phone } from "./phone.js";
import { preparePictures } from "./pictures.js";
import { prepare, preferences } from "./preferences.js";
import { act, listen } from "./server.js";
import { Store } from "./store.js";
import { stories } from "./stories.js";
import { Tour } from "./tour.js";
import { Views } from "./views.js";
import { fill, say } from "./words.js";

const SAID_FOR = 8000;
const GONE_FOR = 2500;

/** @type {number|undefined} */
let leaving;
/** @type {number|undefined} */
let hushing;

await prepare();
const store = new Store();
const phones = { patient: new Phone(store, "patient"), therapist: new Phone(store, "therapist") };
const views = new Views(store, phones);
clockBar(store);
stories(store);
faults(store);
inside(store);
preferences(store);
preparePictures();
new Tour(store, views, suggest);
fill();

store.on("refused", (sentence) => refuse(sentence));
store.on("joined", (joined) => tellGone(!joined));
store.on("link", ({ url }) => openLink(url));
store.on("acted", ({ act: done }) => {
  hush();
  if (done === "story") views.show("patient");
});
store.on("alert", (text) => tellAlert(text));
store.on("world", (world) => (byId("folder").textContent = world.folder));
byId("new-person").onclick = () => newPerson();
listen(store);

/** Put a text on somebody's phone, ready to be sent. @param {string} side @param {string} text */
function suggest(side, text) {
  views.show(side);
  phones[/** @type {"patient"|"therapist"} */ (side)].suggest(text);
}

/** Open a link of the bot's on the phone of a patient to be; another link in a new window. @param {string} url */
async function openLink(url) {
  if (!/^https?:\/\/t\.me\//i.test(url)) {
    window.open(url, "_blank", "noopener,noreferrer");
    return;
  }
  const shown = phones.patient.shown;
  const isNew = shown !== null && !store.chats.get(shown)?.messages.length;
  show(await act(store, { act: "open_link", chat: isNew ? shown : null, url }));
}

async function newPerson() {
  const names = new Set(store.world?.people.map((person) => person.name));
  let number = 1;
  while (names.has(say("person-name", { n: number }))) number += 1;
  show(await act(store, { act: "person", name: say("person-name", { n: number }) }));
}

/** Show the phone of whoever came in. @param {{chat?: number}|null} answer */
function show(answer) {
  if (!answer) return;
  views.show("patient");
  if (answer.chat !== undefined && store.person(answer.chat)) phones.patient.show(answer.chat);
  else if (answer.chat !== undefined) phones.patient.await(answer.chat);
}

/** A connection that comes back at once is not worth a word. @param {boolean} gone */
function tellGone(gone) {
  clearTimeout(leaving);
  if (gone) leaving = setTimeout(() => (byId("gone").hidden = false), GONE_FOR);
  else byId("gone").hidden = true;
}

/** @param {string} sentence */
function refuse(sentence) {
  hush();
  byId("refusal").textContent = sentence;
  hushing = setTimeout(hush, SAID_FOR);
}

/** What was refused is of no interest any more: its time is over, or something else was done since. */
function hush() {
  clearTimeout(hushing);
  byId("refusal").textContent = "";
}

/** @param {string} text */
function tellAlert(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}
