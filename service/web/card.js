// The small card at a source's number: who said it, when, and in which words.

import { apart, element } from "./dom.js";
import { datedBy } from "./wording.js";

const SHOW_AFTER_MS = 120;
const HIDE_AFTER_MS = 250;
const GAP = 6;

/** One card for the whole page; it can be pointed at, and Escape puts it away (WCAG 2.2, 1.4.13). */
export class Card {
  #places = new WeakMap();
  #at = null;
  #timer = 0;
  #isTabbing = false;

  constructor(card) {
    this.card = card;
    document.addEventListener("pointerover", (event) => this.#pointed(event.target));
    document.addEventListener("focusin", (event) => this.#focused(event.target));
    document.addEventListener("focusout", () => this.#soon(null));
    const scrolled = (event) => event.target === card || this.#follow();
    document.addEventListener("scroll", scrolled, { capture: true, passive: true });
    document.addEventListener("keydown", (event) => {
      this.#isTabbing = event.key === "Tab";
      if (event.key === "Escape" && !card.hidden) {
        event.preventDefault();
        event.stopImmediatePropagation();
        this.hide();
      }
    }, true);
  }

  /** Show the card at an element whenever it is pointed at or has the focus. */
  attach(marker, source, place) {
    this.#places.set(marker, { source, place });
  }

  hide() {
    clearTimeout(this.#timer);
    this.#at?.removeAttribute("aria-describedby");
    this.#at = null;
    this.card.hidden = true;
  }

  #pointed(target) {
    if (this.card.contains(target)) {
      clearTimeout(this.#timer);
      return;
    }
    const marker = target.closest?.(".marker") ?? null;
    if (marker !== null && marker === this.#at) clearTimeout(this.#timer);
    else if (marker !== null || this.#at !== document.activeElement) this.#soon(marker);
  }

  #focused(target) {
    const marker = target.closest?.(".marker");
    // Not when the focus comes back from a dialog that was closed.
    if (marker && this.#isTabbing) this.#show(marker);
  }

  #soon(marker) {
    clearTimeout(this.#timer);
    if (marker) this.#timer = setTimeout(() => this.#show(marker), SHOW_AFTER_MS);
    else if (this.#at) this.#timer = setTimeout(() => this.hide(), HIDE_AFTER_MS);
  }

  #show(marker) {
    const known = this.#places.get(marker);
    if (!known || !marker.isConnected) return;
    this.hide();
    this.#at = marker;
    this.card.replaceChildren(...content(known));
    this.card.hidden = false;
    marker.setAttribute("aria-describedby", this.card.id);
    this.#put(marker.getBoundingClientRect());
  }

  /** Keep beside a marker that moves, as long as it can be seen. */
  #follow() {
    if (!this.#at) return;
    const at = this.#at.getBoundingClientRect();
    const isGone = !this.#at.isConnected || at.bottom < 0 || at.top > window.innerHeight;
    if (isGone) this.hide();
    else this.#put(at);
  }

  #put(at) {
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const right = document.documentElement.clientWidth - width - GAP;
    const above = at.top - height - GAP;
    const lowest = Math.max(GAP, window.innerHeight - height - GAP);
    this.card.style.left = `${Math.max(GAP, Math.min(at.left, right))}px`;
    this.card.style.top = `${above > GAP ? above : Math.min(at.bottom + GAP, lowest)}px`;
  }
}

function content({ source, place }) {
  return [
    element("p", { className: "outlet" }, apart(source.outlet ?? "Unknown outlet")),
    element("p", { className: "card-title" }, apart(source.title)),
    element("p", { className: "faint" }, datedBy(source, source.published_precision)),
    place.speaker ? element("p", { className: "faint" }, "Words of ", apart(place.speaker)) : null,
    element("blockquote", { dir: "auto" }, place.quote),
  ].filter((part) => part !== null);
}
