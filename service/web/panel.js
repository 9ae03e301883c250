import * as api from "./api.js";
import { find } from "./codepoints.js";
import { apart, button, element, isComposing, webAddress } from "./dom.js";
import { problemBox } from "./notices.js";
import { paragraphs } from "./highlighting.js";
import { count, date, datedBy } from "./wording.js";

const SHOWN_COPIES = 8;

/** The panel beside the conversation that shows an article with the cited words marked. */
export class Panel {
  constructor(dialog, head, body, closeButton) {
    this.dialog = dialog;
    this.head = head;
    this.body = body;
    this.opener = null;
    this.loading = new AbortController();
    this.isChanging = false;
    this.wide = window.matchMedia("(min-width: 64rem)");
    this.wide.addEventListener("change", () => this.changeMode());
    closeButton.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.closed());
    // A dialog that is not modal does not close at Escape by itself.
    document.addEventListener("keydown", (event) => {
      const isOurs = dialog.open && !document.querySelector("dialog:modal");
      if (event.key === "Escape" && isOurs && !event.defaultPrevented && !isComposing(event)) {
        event.preventDefault();
        dialog.close();
      }
    });
    window.addEventListener("popstate", () => dialog.matches(":modal") && dialog.close());
  }

  /** Show a place; focus goes back to `opener` when the panel is closed. */
  async open(place, opener) {
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.opener?.setAttribute("aria-expanded", "false");
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this.head.replaceChildren(element("h2", { id: "panel-title" }, "Source"));
    this.body.replaceChildren(element("p", { className: "faint" }, "Opening the article …"));
    this.show();
    this.body.focus();
    try {
      this.fill(await api.article(place.article_id, signal), place, signal);
    } catch (error) {
      if (!signal.aborted) this.fail(api.asProblem(error), place, opener);
    }
  }

  close() {
    this.dialog.close();
  }

  show() {
    document.body.classList.add("with-panel");
    if (this.dialog.open) return;
    // Beside the answer where there is room, over it where there is not.
    if (this.wide.matches) {
      this.dialog.show();
      return;
    }
    this.dialog.showModal();
    // So that a phone's way back leads to the answer.
    if (!history.state?.panel) history.pushState({ panel: true }, "");
  }

  /** Go beside the answer, or over it, when the window changes. */
  changeMode() {
    if (!this.dialog.open) return;
    this.isChanging = true;
    this.dialog.close();
    this.show();
  }

  closed() {
    if (this.isChanging) {
      this.isChanging = false;
      return;
    }
    this.loading.abort();
    if (history.state?.panel) history.back();
    document.body.classList.remove("with-panel");
    this.opener?.setAttribute("aria-expanded", "false");
    // Its turn may have been asked again meanwhile.
    if (this.opener?.isConnected) this.opener.focus();
    else document.getElementById("question").focus();
    this.opener = null;
  }

  fail(problem, place, opener) {
    this.body.replaceChildren(problemBox(problem, "Try again", () => this.open(place, opener)));
  }

  fill(article, place, signal) {
    const range = find(article.text, place.start, place.end, place.quote);
    const others = (place.others ?? [])
      .map(({ start, end, quote }) => find(article.text, start, end, quote))
      .filter(Boolean);
    const text = element("div", { className: "article-text", lang: article.language ?? "" });
    text.append(...paragraphs(article.text, range, others));
    const copies = article.also_in.length ? this.copies(article.also_in, signal) : null;
    this.head.replaceChildren(...head(article));
    this.body.replaceChildren(
      ...about(article, place),
      ...[copies].filter(Boolean),
      ...changed(range, place),
      text,
    );
    this.#scrollTo(this.body.querySelector("mark.cited"));
  }

  /** Scroll the article alone: scrolling into view would move the head out of a low window. */
  #scrollTo(mark) {
    this.body.scrollTop = 0;
    if (!mark) return;
    const above = mark.getBoundingClientRect().top - this.body.getBoundingClientRect().top;
    this.body.scrollTop = above - this.body.clientHeight / 3;
  }

  /** Return the list of the other articles of the same story, whose names come a moment later. */
  copies(ids, signal) {
    const list = element("ul");
    const rest = ids.length - SHOWN_COPIES;
    const name = (id) => api.article(id, signal).then((copy) => this.copy(copy), () => null);
    Promise.all(ids.slice(0, SHOWN_COPIES).map(name)).then((found) => {
      if (signal.aborted) return;
      list.append(...found.filter(Boolean));
      if (rest > 0) list.append(element("li", { className: "faint" }, `and ${rest} more`));
    });
    const title = `Also in ${count(ids.length, "other article")}: one story, counted as one source`;
    return element("section", { className: "copies" }, element("h3", {}, title), list);
  }

  copy(article) {
    const place = { article_id: article.article_id, start: 0, end: 0, quote: null };
    const open = () => this.open(place, this.opener);
    const details = ` · ${date(article.published_at, article.published_precision)} · `;
    const outlet = apart(article.outlet ?? "Unknown outlet");
    return element("li", {}, outlet, details, button(apart(article.title), open, { className: "title" }));
  }
}

function head(article) {
  return [
    element("p", { className: "outlet" }, apart(article.outlet ?? "Unknown outlet")),
    element("h2", { id: "panel-title", dir: "auto" }, article.title),
    element("p", { className: "faint" }, datedBy(article, article.published_precision)),
  ];
}

function about(article, place) {
  const address = webAddress(article.url);
  const link = { href: address ?? "", rel: "noopener noreferrer", target: "_blank" };
  const byline = [article.author, article.place].filter(Boolean).join(", ");
  return [
    ...(byline ? [element("p", { className: "faint", dir: "auto" }, byline)] : []),
    ...(place.speaker ? [element("p", { className: "faint" }, "Words of ", apart(place.speaker), ".")] : []),
    ...(address ? [element("p", {}, element("a", link, "Read the original"))] : []),
  ];
}

function changed(range, place) {
  if (range || place.quote === null) return [];
  return [
    element("p", { className: "notice" }, "The article has changed since this answer. It was cited with:"),
    element("blockquote", { dir: "auto" }, place.quote),
  ];
}
