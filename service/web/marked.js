// An answer's text with its `[n]` as buttons that lead to the cited words.

import { runs } from "./cutting.js";
import { button } from "./dom.js";

export class Marked {
  constructor(answer, page) {
    this.answer = answer;
    this.page = page;
    this.sources = new Map(answer.sources.map((source) => [source.n, source]));
    this.citations = answer.statements.flatMap((statement) => statement.citations);
  }

  /** Return the text in runs, each with its statement, or null, and the parts that show it. */
  runs() {
    return runs(this.answer).map(({ statement, parts }) => {
      const speaker = statement?.speaker ?? null;
      const shown = parts.map((part) =>
        typeof part === "string" ? part : this.#marker(part.source, part.citation, speaker),
      );
      return { statement, parts: shown };
    });
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
