import { disagreementTable } from "./disagreements.js";
import { apart, button, element } from "./dom.js";
import { Marked } from "./marked.js";
import { count, date, names, period, reason } from "./wording.js";

/** What is said, in words and in a shape, of a statement that its source does not bear out. */
const FLAGS = {
  partial: ["◐", "partly in its source"],
  unsupported: ["✕", "not in its source"],
  uncited: ["○", "without a source"],
};

/**
 * Return the elements that show an answer.
 *
 * @param {object} answer What POST v1/ask gave.
 * @param {object} page Has `open(place, button)`, which shows a place in an article;
 *   `card.attach(button, source, place)`; and `outlets`, those of the index by name.
 */
export function answerView(answer, page) {
  const view = new View(answer, page);
  const body = answer.abstention ? view.abstention() : view.answered();
  return [...body, view.degraded(), view.about()].filter((part) => part !== null);
}

class View {
  constructor(answer, page) {
    this.answer = answer;
    this.page = page;
    this.marked = new Marked(answer, page);
  }

  answered() {
    const { answer, marked } = this;
    return [
      this.short(),
      this.text(),
      this.doubts(),
      disagreementTable("The sources disagree", answer.disagreements, marked),
      disagreementTable("Overtaken by later reports", answer.updates, marked, true),
      this.sourceList("Sources", ...this.split()),
      this.passages("Without a date, so left out", answer.undated),
    ];
  }

  /** The few words that answer, where the service is sure of them. */
  short() {
    const short = this.answer.short_answer;
    return short && element("p", { className: "short-answer", dir: "auto" }, short.text);
  }

  /** The answer's text, cut at its statements so that each marker finds its own citation. */
  text() {
    const shown = this.marked.runs().flatMap(({ statement, parts }) => {
      if (!statement) return parts;
      const named = { className: `statement ${statement.support}`, dir: "auto" };
      return [element("span", named, ...parts), flag(statement)];
    });
    return element("div", { className: "answer-text", dir: "auto" }, ...shown);
  }

  doubts() {
    const items = this.answer.statements.map((one) => this.doubt(one)).filter(Boolean);
    if (!items.length) return null;
    const title = element("h3", {}, "Not fully borne out by the sources");
    return element("div", { className: "notice doubts" }, title, element("ul", {}, ...items));
  }

  doubt({ text, support, missing, right_sources: right }) {
    if (!(support in FLAGS)) return null;
    const [sign, words] = FLAGS[support];
    const markers = (right ?? []).map((n) => this.marked.whole(n)).filter(Boolean);
    return element(
      "li",
      {},
      element("span", { className: "sign", "aria-hidden": "true" }, `${sign} `),
      "“", apart(text), `” is ${words}.`,
      ...(missing.length ? [" Not found there: ", apart(missing.join(", ")), "."] : []),
      ...(markers.length ? [" Found in ", ...markers, " instead."] : []),
    );
  }

  abstention() {
    const { reason: code, nearest } = this.answer.abstention;
    return [
      element("h3", { className: "abstained" }, "No answer in these articles"),
      element("div", { className: "answer-text", dir: "auto" }, this.answer.answer),
      element("p", { className: "faint" }, `${reason(code)} ${this.covered()}`),
      this.passages("Nearest passages", nearest),
    ];
  }

  covered() {
    const { first, last, articles } = this.answer.abstention.coverage;
    if (!articles) return "The index is empty.";
    const from = this.page.outlets.length ? ` from ${names(this.page.outlets)}` : "";
    return `The index covers ${count(articles, "article")}${from}, ${period(first, last)}.`;
  }

  /** Return the sources that are cited, and the others that were read. */
  split() {
    const { sources, disagreements, updates } = this.answer;
    const told = [...disagreements, ...(updates ?? [])].flatMap(({ positions }) => positions);
    const cited = new Set([
      ...this.marked.citations.map(({ source }) => source),
      ...told.flatMap((position) => position.sources),
    ]);
    const isCited = ({ n }) => cited.has(n);
    return [sources.filter(isCited), sources.filter((source) => !isCited(source))];
  }

  sourceList(title, sources, others = []) {
    if (!sources.length && !others.length) return null;
    const rest = count(others.length, "more passage");
    return element(
      "section",
      { className: "sources" },
      element("h3", {}, title),
      sources.length ? this.list(sources) : null,
      others.length ? element("details", {}, element("summary", {}, `${rest} read`), this.list(others)) : null,
    );
  }

  passages(title, sources) {
    if (!sources?.length) return null;
    const head = element("h3", {}, title);
    return element("section", { className: "sources" }, head, this.list(sources, true));
  }

  list(sources, withText = false) {
    const items = sources.map((source) =>
      element("li", { value: source.n }, ...this.entry(source, withText)),
    );
    return element("ol", {}, ...items);
  }

  entry(source, withText) {
    const open = (made) => this.marked.open(source, null, made);
    const copies = source.also_in.length;
    const details = [
      date(source.published_at, source.published_precision),
      copies ? `also in ${count(copies, "other article")}` : "",
    ];
    const outlet = apart(source.outlet ?? "Unknown outlet");
    return [
      button(apart(source.title), open, { className: "title", "aria-haspopup": "dialog" }),
      element("p", { className: "faint" }, outlet, ` · ${details.filter(Boolean).join(" · ")}`),
      withText ? element("p", { className: "excerpt", dir: "auto" }, source.text) : null,
    ];
  }

  degraded() {
    if (!this.answer.degraded.length) return null;
    const means = this.answer.degraded.join("; ");
    return element("p", { className: "notice" }, `Answered with reduced means: ${means}.`);
  }

  about() {
    const { writer, timings_ms: timings, as_of: asOf } = this.answer;
    const parts = [
      asOf ? `Only articles up to ${date(asOf)}` : "",
      writer.kind === "extractive" ? "In the articles’ own sentences" : `Written by ${writer.model}`,
      `${Math.max(1, Math.round(timings.total)).toLocaleString("en-GB")} ms`,
    ];
    return element("p", { className: "faint about" }, parts.filter(Boolean).join(" · "));
  }
}

function flag({ support }) {
  if (!(support in FLAGS)) return "";
  const [sign, words] = FLAGS[support];
  const hidden = element("span", { "aria-hidden": "true" }, `${sign} `);
  return element("span", { className: `flag ${support}` }, " ", hidden, words);
}
