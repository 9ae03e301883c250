import { Card } from "./card.js";
import { Conversation } from "./conversation.js";
import { isComposing, keep, kept } from "./dom.js";
import { Filters } from "./filters.js";
import { askForKeys } from "./key.js";
import { listenForKeys, showKeys } from "./keys.js";
import { Library } from "./library.js";
import { Panel } from "./panel.js";
import { showInventory } from "./start.js";
import { Store } from "./store.js";
import { themeSwitch } from "./theme.js";

// For this tab, over a reload: another one may be in another conversation.
const KEY = "dateline-conversation";
const DRAFT = "dateline-draft";
const SAYS_SOMETHING = /[\p{L}\p{N}\p{P}\p{S}]/u;

const byId = (id) => document.getElementById(id);
const form = byId("ask");
const box = byId("question");
const panel = new Panel(byId("panel"), byId("panel-head"), byId("panel-body"), byId("panel-close"));
const filters = new Filters();
const store = new Store(() => {
  byId("not-kept").hidden = false;
});

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
    // Not `disabled`: whoever has just pressed it would lose the focus.
    byId("submit").setAttribute("aria-disabled", String(isBusy));
    if (!isBusy && document.activeElement === byId("stop")) box.focus();
    byId("stop").hidden = !isBusy;
    byId("conversation").setAttribute("aria-busy", String(isBusy));
    if (isBusy) page.say("Reading the articles …");
  },
  began: (id) => {
    keep("sessionStorage", KEY, id);
    showStart(false);
  },
  // What was typed stays in the box until there is an answer to it.
  answered: (question) => {
    if (box.value.trim() === question) type("");
  },
};
const conversation = new Conversation(byId("conversation"), store, page);
const library = new Library(store, conversation, open);

function type(text) {
  box.value = text;
  keep("sessionStorage", DRAFT, text || null);
}

function showStart(isShown) {
  byId("start").hidden = !isShown;
  byId("new-conversation").hidden = isShown;
}

function inventory() {
  return showInventory(byId("inventory"), askExample, (outlets) => {
    page.outlets.splice(0, Infinity, ...outlets.map(({ name }) => name));
    filters.know(outlets);
  });
}

function askExample(question) {
  box.focus();
  conversation.ask(question, filters.current);
}

function begin() {
  if (byId("panel").open) panel.close();
  conversation.clear();
  keep("sessionStorage", KEY, null);
  showStart(true);
  inventory();
  if (!library.dialog.open) box.focus();
}

async function open(id) {
  if (byId("panel").open) panel.close();
  await conversation.restore(id);
  showStart(!conversation.id);
  keep("sessionStorage", KEY, conversation.id);
}

/** Go from a conversation that is deleted, here or in another tab, to the start. */
store.onForgotten((id, isElsewhere) => {
  if (isElsewhere && library.dialog.open) library.gone(id);
  if (id !== conversation.id) return;
  conversation.clear(true);
  begin();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  if (SAYS_SOMETHING.test(question) && !conversation.isBusy) conversation.ask(question, filters.current);
  else box.focus();
});

box.addEventListener("input", () => keep("sessionStorage", DRAFT, box.value || null));
box.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter chooses a word.
  if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit();
  } else if (event.key === "ArrowUp" && box.value === "") {
    type(conversation.lastQuestion);
  }
});

for (const dialog of document.querySelectorAll("dialog.sheet")) {
  dialog.querySelector("button.close")?.addEventListener("click", () => dialog.close());
}

byId("stop").addEventListener("click", () => conversation.stop());
byId("new-conversation").addEventListener("click", () => begin());
byId("open-keys").addEventListener("click", () => byId("keys").showModal());
window.addEventListener("beforeprint", () => conversation.fillAll());
// What is asked covers what is read: whatever is scrolled to, or gets the focus, stays above it.
new ResizeObserver(() => {
  const covered = getComputedStyle(form).position === "sticky" ? form.offsetHeight : 0;
  document.documentElement.style.scrollPaddingBottom = `${covered + 8}px`;
}).observe(form);
showKeys(byId("keys-list"));
themeSwitch(byId("theme"));
askForKeys(byId("key"), inventory);
listenForKeys({
  Escape: () => conversation.stop(),
  KeyQ: () => box.focus(),
  KeyN: () => begin(),
  KeyC: () => library.open(),
  KeyF: () => filters.open(),
  KeyK: () => byId("keys").showModal(),
  ArrowUp: () => conversation.step(-1),
  ArrowDown: () => conversation.step(1),
});

if (history.state?.panel) history.replaceState(null, "");
box.value = kept("sessionStorage", DRAFT) ?? "";
performance.mark("usable");

inventory();
const last = kept("sessionStorage", KEY);
if (last) {
  showStart(false);
  open(last);
}
