import { element } from "./dom.js";

/**
 * Return an article's text as paragraphs with the cited words marked.
 *
 * @param {string} text
 * @param {?{start: number, end: number}} cited In UTF-16 units, as are the others; it may begin in
 *   one paragraph and end in another.
 * @param {{start: number, end: number}[]} others Cited elsewhere in the same answer.
 */
export function paragraphs(text, cited, others) {
  const made = [];
  for (const { 0: line, index } of text.matchAll(/[^\n]+/g)) {
    const parts = pieces(index, index + line.length, cited, others);
    const shown = parts.flatMap(({ start, end, kind }) => {
      const words = text.slice(start, end);
      if (!kind) return [words];
      const mark = element("mark", { className: kind }, words);
      // Marks are not read aloud.
      return kind === "cited" ? [aside("[cited] "), mark, aside(" [end of what is cited]")] : [mark];
    });
    made.push(element("p", { dir: "auto" }, ...shown));
  }
  return made;
}

function aside(text) {
  // Apart, or the paragraph would take its direction.
  return element("bdi", { className: "offscreen" }, text);
}

/** Return a line cut where marks begin and end, each piece with the mark that covers it. */
function pieces(first, last, cited, others) {
  const ranges = [...(cited ? [cited] : []), ...others];
  const cuts = ranges.flatMap(({ start, end }) => [start, end]);
  const places = [...new Set([first, ...cuts.filter((at) => at > first && at < last), last])];
  places.sort((one, other) => one - other);
  return places.slice(1).map((end, index) => {
    const start = places[index];
    const covers = (range) => range && range.start <= start && end <= range.end;
    const kind = covers(cited) ? "cited" : others.some(covers) ? "other" : null;
    return { start, end, kind };
  });
}
