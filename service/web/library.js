// The conversations that are kept: searched, opened, exported, deleted.

import { button, element } from "./dom.js";
import { conversationAsMarkdown } from "./markdown.js";
import { count, date } from "./wording.js";

const READ_MS = 500;
const REVOKED_AFTER_MS = 20_000;

const byId = (id) => document.getElementById(id);

export class Library {
  #all = [];

  /**
   * @param {Store} store
   * @param {Conversation} conversation The one on the page, which may not be kept.
   * @param {function(string)} open Shows a conversation by its id.
   */
  constructor(store, conversation, open) {
    this.store = store;
    this.conversation = conversation;
    this.openConversation = open;
    this.dialog = byId("library");
    byId("open-library").addEventListener("click", () => this.open());
    byId("library-search").addEventListener("input", () => this.#show());
  }

  async open() {
    byId("library-search").value = "";
    const all = await this.store.conversations();
    const { current } = this.conversation;
    this.#all = current && !all.some(({ id }) => id === current.id) ? [current, ...all] : all;
    this.#show();
    if (!this.dialog.open) this.dialog.showModal();
  }

  #show() {
    const wanted = byId("library-search").value.trim().toLowerCase();
    const found = this.#all.filter(({ questions }) =>
      Object.values(questions).some((question) => question.toLowerCase().includes(wanted)),
    );
    byId("library-list").replaceChildren(...found.map((one) => this.#item(one)));
    const what = count(found.length, "conversation");
    byId("library-status").textContent = found.length ? what : this.#none(wanted);
  }

  #none(wanted) {
    return wanted ? "None has these words." : "None yet: ask something.";
  }

  #item(conversation) {
    const { id, title, questions, at } = conversation;
    const open = async () => {
      this.dialog.close();
      await this.openConversation(id);
      this.conversation.focusLast();
    };
    const named = (words) => ({ className: "quiet", "aria-label": `${words} “${title}”` });
    const about = `${date(new Date(at).toISOString())} · ${count(Object.keys(questions).length, "question")}`;
    return element(
      "li",
      {},
      button(element("bdi", {}, title), open, { className: "title" }),
      element("p", { className: "faint" }, about),
      button("Export", () => this.#export(conversation), named("Export")),
      " ",
      this.#deleteButton(id, named("Delete")),
    );
  }

  /** Show no more a conversation that was deleted, here or in another tab. */
  gone(id) {
    this.#all = this.#all.filter((one) => one.id !== id);
    this.#show();
  }

  async #export({ id, title, turns }) {
    const text = conversationAsMarkdown(title, turns ?? (await this.store.turns(id)));
    const address = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    element("a", { href: address, download: `${fileName(title)}.md` }).click();
    // Some browsers read it only after a moment.
    setTimeout(() => URL.revokeObjectURL(address), REVOKED_AFTER_MS);
  }

  /** Return a button that asks once more before it deletes. */
  #deleteButton(id, properties) {
    const { "aria-label": label } = properties;
    const ask = (made) => {
      if (made.dataset.sure) {
        // A double click has not read the question.
        if (Date.now() - Number(made.dataset.sure) > READ_MS) this.#delete(id);
        return;
      }
      made.dataset.sure = String(Date.now());
      made.textContent = "Delete for good?";
      made.setAttribute("aria-label", `${label} for good?`);
    };
    const made = button("Delete", ask, properties);
    made.addEventListener("blur", () => {
      delete made.dataset.sure;
      made.textContent = "Delete";
      made.setAttribute("aria-label", label);
    });
    return made;
  }

  async #delete(id) {
    await this.store.forget(id);
    this.gone(id);
    byId("library-search").focus();
  }
}

function fileName(title) {
  const plain = title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "");
  return [...plain].slice(0, 60).join("") || "conversation";
}
