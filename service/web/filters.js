// Which articles count: chosen in a dialog, shown as chips above the question.

import { apart, button, element, keep, kept } from "./dom.js";
import { date } from "./wording.js";

const NONE = { outlets: [], published_after: null, published_before: null, as_of: null };
const FIELDS = { published_after: "filter-after", published_before: "filter-before", as_of: "filter-as-of" };
const WORDS = { published_after: "From", published_before: "Until", as_of: "As of" };
const MANY_OUTLETS = 8;

const KEY = "dateline-filters";

const byId = (id) => document.getElementById(id);

export class Filters {
  #set = { ...NONE, ...remembered() };
  #outlets = [];

  constructor() {
    this.dialog = byId("filters");
    byId("filters-cancel").addEventListener("click", () => this.dialog.close());
    byId("open-filters").addEventListener("click", () => this.open());
    byId("filters-clear").addEventListener("click", () => this.#fill(NONE));
    byId("outlet-search").addEventListener("input", () => this.#search());
    byId("outlet-search").addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    byId("filters-form").addEventListener("submit", (event) => this.#submitted(event));
    this.#chips();
  }

  /** What is set, as POST v1/ask takes it. */
  get current() {
    return structuredClone(this.#set);
  }

  /** Take the outlets that the index holds: name and number of articles. */
  know(outlets) {
    this.#outlets = outlets;
    if (this.dialog.open) this.#list();
  }

  open() {
    this.#list();
    this.#fill(this.#set);
    this.dialog.showModal();
  }

  #list() {
    const names = this.#outlets.map(({ name }) => name);
    const gone = this.#set.outlets.filter((name) => !names.includes(name));
    const known = [...gone.map((name) => ({ name, articles: 0 })), ...this.#outlets];
    const checked = this.#boxes().filter((box) => box.checked).map((box) => box.value);
    const items = known.map(({ name, articles }) => {
      const box = element("input", { type: "checkbox", value: name, checked: checked.includes(name) });
      const label = element("label", {}, box, " ", apart(name), element("span", { className: "faint" }, ` ${articles}`));
      return element("li", {}, label);
    });
    byId("outlet-list").replaceChildren(...items);
    byId("filter-outlets").hidden = items.length === 0;
    byId("outlet-none").textContent = "";
    const search = byId("outlet-search");
    search.value = "";
    search.hidden = items.length <= MANY_OUTLETS;
    search.previousElementSibling.hidden = search.hidden;
  }

  #boxes() {
    return [...byId("outlet-list").querySelectorAll("input")];
  }

  #search() {
    const wanted = byId("outlet-search").value.trim().toLowerCase();
    for (const box of this.#boxes()) {
      box.closest("li").hidden = !box.checked && !box.value.toLowerCase().includes(wanted);
    }
    const isNone = this.#boxes().every((box) => box.closest("li").hidden);
    byId("outlet-none").textContent = isNone ? "No outlet has these letters." : "";
  }

  #fill(set) {
    for (const [name, id] of Object.entries(FIELDS)) byId(id).value = set[name] ?? "";
    for (const box of this.#boxes()) box.checked = set.outlets.includes(box.value);
    byId("filter-after").removeAttribute("aria-invalid");
    byId("filters-error").hidden = true;
  }

  #submitted(event) {
    const set = { outlets: this.#boxes().filter((box) => box.checked).map((box) => box.value) };
    for (const [name, id] of Object.entries(FIELDS)) set[name] = byId(id).value || null;
    const ends = { "Published until": set.published_before, "As of": set.as_of };
    const [early] = Object.entries(ends).find(([, end]) => end && set.published_after > end) ?? [];
    if (set.published_after && early) {
      event.preventDefault();
      byId("filter-after").setAttribute("aria-invalid", "true");
      byId("filters-error").textContent = `“Published from” is later than “${early}”.`;
      byId("filters-error").hidden = false;
      byId("filter-after").focus();
      return;
    }
    this.#set = set;
    this.#chips();
  }

  #chips() {
    const { outlets } = this.#set;
    keep("sessionStorage", KEY, JSON.stringify(this.#set));
    const dates = Object.keys(FIELDS).filter((name) => this.#set[name]);
    const chips = [
      ...outlets.map((name) =>
        this.#chip(apart(name), { outlets: outlets.filter((other) => other !== name) }),
      ),
      ...dates.map((name) => this.#chip(`${WORDS[name]} ${date(this.#set[name])}`, { [name]: null })),
    ];
    byId("chips").replaceChildren(...chips);
    byId("chips").hidden = chips.length === 0;
  }

  #chip(text, change) {
    const remove = () => {
      this.#set = { ...this.#set, ...change };
      this.#chips();
      (byId("chips").querySelector("button") ?? byId("open-filters")).focus();
    };
    const made = button(text, remove, { className: "chip" });
    made.append(
      element("span", { "aria-hidden": "true" }, " ×"),
      element("span", { className: "offscreen" }, ": remove this filter"),
    );
    return made;
  }
}

/** Return what was set in this tab before a reload. */
function remembered() {
  try {
    return JSON.parse(kept("sessionStorage", KEY) ?? "{}");
  } catch {
    return {};
  }
}
