// An answer's text with its `[n]` as buttons that lead to the cited words.

import * as codepoints from "./codepoints.js";
import { button } from "./dom.js";

const MARKER = /\[(\d+)\]/g;

export class Marked {
  constructor(answer, page) {
    this.answer = answer;
    this.page = page;
    // Only these are what `[n]` means: the nearest and the undated are numbered for themselves.
    this.sources = new Map(answer.sources.map((source) => [source.n, source]));
    this.citations = answer.statements.flatMap((statement) => statement.citations);
  }

  /** Return each statement with the text before it, and the parts that show the statement. */
  statements() {
    const { answer: text, statements } = this.answer;
    let at = 0;
    return statements.map((statement) => {
      const before = codepoints.slice(text, at, statement.start);
      const own = codepoints.slice(text, statement.start, statement.end);
      at = statement.end;
      return { before, statement, parts: this.#parts(own, statement) };
    });
  }

  /** Return the parts of the text after the last statement. */
  rest() {
    const { answer: text, statements } = this.answer;
    const at = statements.at(-1)?.end ?? 0;
    return this.#parts(text.slice(codepoints.unitIndex(text, at)), { citations: [], speaker: null });
  }

  /** Return a marker for the whole passage of a source, or null where there is no such source. */
  whole(n) {
    const source = this.sources.get(n);
    return source ? this.#marker(source, null, null) : null;
  }

  /** Show what is cited of a source, or its whole passage, for an element that asked for it. */
  open(source, citation, made, speaker = null) {
    this.page.open(this.#place(source, citation, speaker), made);
  }

  #parts(text, { citations, speaker }) {
    const used = new Map();
    const citationOf = (n) => {
      const all = citations.filter((citation) => citation.source === n);
      const turn = used.get(n) ?? 0;
      used.set(n, turn + 1);
      return all[Math.min(turn, all.length - 1)] ?? null;
    };
    const parts = [];
    let at = 0;
    for (const found of text.matchAll(MARKER)) {
      const source = this.sources.get(Number(found[1]));
      if (!source) continue;
      const marker = this.#marker(source, citationOf(source.n), speaker);
      parts.push(text.slice(at, found.index), marker);
      at = found.index + found[0].length;
    }
    return [...parts, text.slice(at)];
  }

  #marker(source, citation, speaker) {
    const open = (made) => this.open(source, citation, made, speaker);
    const label = `Source ${source.n}: ${source.outlet ?? "unknown outlet"}, ${source.title}`;
    const marker = button(`[${source.n}]`, open, {
      className: "marker",
      "aria-label": label,
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
    });
    this.page.card.attach(marker, source, this.#place(source, citation, speaker));
    return marker;
  }

  #place(source, citation, speaker) {
    const passage = {
      article_id: source.article_id,
      start: source.start,
      end: source.end,
      quote: source.text,
    };
    const own = citation ?? passage;
    const others = this.citations.filter(
      (other) => other.article_id === own.article_id && other.start !== own.start,
    );
    return { ...own, speaker, others };
  }
}
