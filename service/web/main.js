import { Card } from "./card.js";
import { Conversation } from "./conversation.js";
import { keep, kept } from "./dom.js";
import { Filters } from "./filters.js";
import { listenForKeys, showKeys } from "./keys.js";
import { Library } from "./library.js";
import { Panel } from "./panel.js";
import { showInventory } from "./start.js";
import { Store } from "./store.js";
import { themeSwitch } from "./theme.js";

const KEY = "dateline-conversation";

const byId = (id) => document.getElementById(id);
const form = byId("ask");
const box = byId("question");
const panel = new Panel(byId("panel"), byId("panel-head"), byId("panel-body"), byId("panel-close"));
const filters = new Filters();
const store = new Store();

const page = {
  card: new Card(byId("card")),
  outlets: [],
  open: (place, opener) => {
    page.card.hide();
    panel.open(place, opener);
  },
  say: (text) => {
    byId("status").textContent = text;
  },
  busy: (isBusy) => {
    byId("submit").disabled = isBusy;
    byId("stop").hidden = !isBusy;
    byId("hint").hidden = isBusy;
    byId("conversation").setAttribute("aria-busy", String(isBusy));
    if (isBusy) page.say("Reading the articles …");
  },
  began: (id) => {
    // For this tab: another one may be in another conversation.
    keep(sessionStorage, KEY, id);
    showStart(false);
  },
};
const conversation = new Conversation(byId("conversation"), store, page);
new Library(store, open, (id) => {
  if (id === conversation.id) begin();
});

function showStart(isShown) {
  byId("start").hidden = !isShown;
  byId("new-conversation").hidden = isShown;
}

function inventory() {
  return showInventory(byId("inventory"), ask, (outlets) => {
    page.outlets.splice(0, Infinity, ...outlets.map(({ name }) => name));
    filters.know(outlets);
  });
}

/** Ask; what was typed stays in the box until there is an answer to it. */
async function ask(question) {
  if (conversation.isBusy) return;
  const isAnswered = await conversation.ask(question, filters.current);
  if (isAnswered && box.value.trim() === question) box.value = "";
}

function begin() {
  if (byId("panel").open) panel.close();
  conversation.clear();
  keep(sessionStorage, KEY, null);
  page.say("");
  showStart(true);
  inventory();
  box.focus();
}

async function open(id) {
  if (byId("panel").open) panel.close();
  const isThere = await conversation.restore(id);
  showStart(!isThere);
  keep(sessionStorage, KEY, isThere ? id : null);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  if (question && !conversation.isBusy) ask(question);
  else box.focus();
});

box.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter chooses a word.
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "ArrowUp" && box.value === "") {
    box.value = conversation.lastQuestion;
  }
});

for (const dialog of document.querySelectorAll("dialog.sheet")) {
  dialog.querySelector("button.close")?.addEventListener("click", () => dialog.close());
}

byId("stop").addEventListener("click", () => {
  conversation.stop();
  box.focus();
});
byId("new-conversation").addEventListener("click", begin);
byId("open-keys").addEventListener("click", () => byId("keys").showModal());
showKeys(byId("keys-list"));
themeSwitch(byId("theme"));
listenForKeys({
  Escape: () => conversation.stop(),
  KeyQ: () => box.focus(),
  KeyN: begin,
  KeyC: () => byId("open-library").click(),
  KeyF: () => filters.open(),
  KeyK: () => byId("keys").showModal(),
  ArrowUp: () => conversation.step(-1),
  ArrowDown: () => conversation.step(1),
});

performance.mark("usable");

const last = kept(sessionStorage, KEY);
if (last) await open(last);
await inventory();
