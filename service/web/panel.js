import * as api from "./api.js";
import { find } from "./codepoints.js";
import { element, webAddress } from "./dom.js";
import { problemBox } from "./notices.js";
import { count, datedBy } from "./wording.js";

/** The panel beside the conversation that shows an article with the cited words marked. */
export class Panel {
  constructor(dialog, head, body, closeButton) {
    this.dialog = dialog;
    this.head = head;
    this.body = body;
    this.opener = null;
    this.loading = new AbortController();
    closeButton.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.closed());
    // A dialog that is not modal does not close at Escape by itself.
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && dialog.open) dialog.close();
    });
  }

  /** Show a place; focus goes back to `opener` when the panel is closed. */
  async open(place, opener) {
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.opener?.removeAttribute("aria-expanded");
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this.head.replaceChildren(element("h2", { id: "panel-title" }, "Source"));
    this.body.replaceChildren(element("p", { className: "faint" }, "Opening the article …"));
    this.show();
    try {
      this.fill(await api.article(place.article_id, signal), place);
    } catch (problem) {
      if (!signal.aborted) this.fail(problem, place, opener);
    }
  }

  close() {
    this.dialog.close();
  }

  show() {
    document.body.classList.add("with-panel");
    if (this.dialog.open) return;
    // Beside the answer where there is room, over it where there is not.
    if (window.matchMedia("(min-width: 64rem)").matches) this.dialog.show();
    else this.dialog.showModal();
  }

  closed() {
    this.loading.abort();
    document.body.classList.remove("with-panel");
    this.opener?.removeAttribute("aria-expanded");
    this.opener?.focus();
    this.opener = null;
  }

  fail(problem, place, opener) {
    this.body.replaceChildren(problemBox(problem, "Try again", () => this.open(place, opener)));
  }

  fill(article, place) {
    const range = find(article.text, place.start, place.end, place.quote);
    this.head.replaceChildren(...head(article));
    this.body.replaceChildren(
      ...about(article, place),
      ...changed(range, place),
      text(article.text, range),
    );
    this.body.scrollTop = 0;
    this.body.querySelector("mark")?.scrollIntoView({ block: "center" });
  }
}

function head(article) {
  return [
    element("p", { className: "outlet" }, article.outlet ?? "Unknown outlet"),
    element("h2", { id: "panel-title" }, article.title),
    element("p", { className: "faint" }, datedBy(article, article.published_precision)),
  ];
}

function about(article, place) {
  const address = webAddress(article.url);
  const link = { href: address ?? "", rel: "noopener noreferrer", target: "_blank" };
  const copies = article.also_in.length;
  const lines = [
    [article.author, article.place].filter(Boolean).join(", "),
    copies ? `The same story stands in ${count(copies, "other article")}.` : "",
    place.speaker ? `Words of ${place.speaker}.` : "",
  ];
  return [
    ...lines.filter(Boolean).map((line) => element("p", { className: "faint" }, line)),
    ...(address ? [element("p", {}, element("a", link, "Read the original"))] : []),
  ];
}

function changed(range, place) {
  if (range) return [];
  return [
    element("p", { className: "notice" }, "The article has changed since this answer. It was cited with:"),
    element("blockquote", {}, place.quote),
  ];
}

/** Return the text in paragraphs; the mark may begin in one and end in another. */
function text(whole, range) {
  const shown = element("div", { className: "article-text", lang: "" });
  for (const found of whole.matchAll(/[^\n]+/g)) {
    shown.append(paragraph(found[0], found.index, range ?? { start: -1, end: -1 }));
  }
  return shown;
}

function paragraph(line, offset, range) {
  const inside = (at) => Math.min(Math.max(at - offset, 0), line.length);
  const start = inside(range.start);
  const end = inside(range.end);
  if (start >= end) return element("p", {}, line);
  return element("p", {}, line.slice(0, start), element("mark", {}, line.slice(start, end)), line.slice(end));
}
