import * as codepoints from "./codepoints.js";
import { button, element } from "./dom.js";
import { count, date, period, reason } from "./wording.js";

const MARKER = /\[(\d+)\]/g;

/**
 * Return the elements that show an answer.
 *
 * @param {object} answer What POST /v1/ask gave.
 * @param {function(object, HTMLElement)} open Shows a place in an article; given the place and the
 *   button that asked for it.
 */
export function answerView(answer, open) {
  const view = new View(answer, open);
  const body = answer.abstention ? view.abstention() : view.answered();
  return [...body, view.degraded(), view.about()].filter((part) => part !== null);
}

class View {
  constructor(answer, open) {
    this.answer = answer;
    this.open = open;
    this.sources = new Map(answer.sources.map((source) => [source.n, source]));
  }

  answered() {
    const sources = this.sourceList("Sources", this.answer.sources);
    return [this.short(), this.text(), this.doubts(), this.disagreements(), sources];
  }

  /** The few words that answer, where the service is sure of them. */
  short() {
    const short = this.answer.short_answer;
    return short && element("p", { className: "short-answer" }, short.text);
  }

  /** The answer's text, cut at its statements so that each marker finds its own citation. */
  text() {
    const text = this.answer.answer;
    const shown = element("div", { className: "answer-text" });
    let at = 0;
    for (const statement of this.answer.statements) {
      shown.append(codepoints.slice(text, at, statement.start));
      shown.append(this.statement(codepoints.slice(text, statement.start, statement.end), statement));
      at = statement.end;
    }
    shown.append(...this.withMarkers(text.slice(codepoints.unitIndex(text, at)), () => null));
    return shown;
  }

  statement(text, statement) {
    const used = new Map();
    const citationOf = (n) => {
      const all = statement.citations.filter((citation) => citation.source === n);
      const turn = used.get(n) ?? 0;
      used.set(n, turn + 1);
      return all[Math.min(turn, all.length - 1)] ?? null;
    };
    const parts = this.withMarkers(text, citationOf, statement.speaker);
    return element("span", { className: `statement ${statement.support}` }, ...parts);
  }

  withMarkers(text, citationOf, speaker = null) {
    const parts = [];
    let at = 0;
    for (const found of text.matchAll(MARKER)) {
      const source = this.sources.get(Number(found[1]));
      if (!source) continue;
      parts.push(text.slice(at, found.index), this.marker(source, citationOf(source.n), speaker));
      at = found.index + found[0].length;
    }
    return [...parts, text.slice(at)];
  }

  marker(source, citation, speaker) {
    const place = { ...(citation ?? wholePassage(source)), speaker };
    const label = `Source ${source.n}: ${source.outlet ?? "unknown outlet"}, ${source.title}`;
    return button(`[${source.n}]`, (made) => this.open(place, made), {
      className: "marker",
      title: label,
      "aria-label": label,
    });
  }

  doubts() {
    const items = this.answer.statements.map(doubt).filter((text) => text !== null);
    if (!items.length) return null;
    return element(
      "div",
      { className: "notice" },
      element("h3", {}, "Not fully borne out by the sources"),
      element("ul", {}, ...items.map((text) => element("li", {}, text))),
    );
  }

  disagreements() {
    if (!this.answer.disagreements.length) return null;
    const items = this.answer.disagreements.map(({ about, positions }) =>
      element("li", {}, `${about}: `, ...positions.flatMap((side, i) => this.position(side, i))),
    );
    return element(
      "div",
      { className: "notice" },
      element("h3", {}, "The sources disagree"),
      element("ul", {}, ...items),
    );
  }

  position({ value, sources, outlets, latest }, index) {
    const known = sources.map((n) => this.sources.get(n)).filter(Boolean);
    const who = [outlets.join(", "), latest ? date(latest) : ""].filter(Boolean).join(", ");
    const markers = known.map((source) => this.marker(source, null, null));
    return [index ? "; " : "", element("strong", {}, value), who ? ` (${who}) ` : " ", ...markers];
  }

  abstention() {
    const { reason: code, nearest, coverage } = this.answer.abstention;
    const held = count(coverage.articles, "article");
    const covered = coverage.articles
      ? `The index covers ${held}, ${period(coverage.first, coverage.last)}.`
      : "The index is empty.";
    return [
      element("h3", { className: "abstained" }, "No answer in these articles"),
      element("div", { className: "answer-text" }, this.answer.answer),
      element("p", { className: "faint" }, `${reason(code)} ${covered}`),
      nearest.length ? this.sourceList("Nearest passages", nearest, true) : null,
    ];
  }

  sourceList(title, sources, withText = false) {
    const items = sources.map((source) =>
      element("li", { value: source.n }, ...this.entry(source, withText)),
    );
    const list = element("ol", {}, ...items);
    return element("section", { className: "sources" }, element("h3", {}, title), list);
  }

  entry(source, withText) {
    const open = (made) => this.open(wholePassage(source), made);
    const copies = source.also_in.length;
    const details = [
      source.outlet ?? "Unknown outlet",
      date(source.published_at),
      copies ? `the same story in ${count(copies, "other article")}` : "",
    ];
    return [
      button(source.title, open, { className: "title" }),
      element("p", { className: "faint" }, details.filter(Boolean).join(" · ")),
      withText ? element("p", { className: "excerpt" }, source.text) : null,
    ];
  }

  degraded() {
    if (!this.answer.degraded.length) return null;
    const means = this.answer.degraded.join("; ");
    return element("p", { className: "notice" }, `Answered with reduced means: ${means}.`);
  }

  about() {
    const { writer, timings_ms: timings, as_of: asOf, question, standalone_question: read } = this.answer;
    const parts = [
      read !== question ? `Understood as “${read}”` : "",
      asOf ? `Only articles up to ${date(asOf)}` : "",
      writer.kind === "extractive" ? "In the articles’ own sentences" : `Written by ${writer.model}`,
      `${Math.max(1, Math.round(timings.total)).toLocaleString("en-GB")} ms`,
    ];
    return element("p", { className: "faint about" }, parts.filter(Boolean).join(" · "));
  }
}

function wholePassage(source) {
  return { article_id: source.article_id, start: source.start, end: source.end, quote: source.text };
}

function doubt({ text, support, missing }) {
  const lacking = missing.length ? ` Not in the cited text: ${missing.join(", ")}.` : "";
  if (support === "partial") return `“${text}” is only partly in its source.${lacking}`;
  if (support === "unsupported") return `“${text}” is not in its source.${lacking}`;
  if (support === "uncited") return `“${text}” cites no source.`;
  return null;
}
