// An answer's text, cut at its statements and at its `[n]`, for the page and for Markdown alike.

import * as codepoints from "./codepoints.js";

const MARKER = /\[(\d+)\]/g;

/**
 * Return an answer's text in runs, in order.
 *
 * @param {object} answer
 * @returns {{statement: ?object, parts: (string|{source: object, citation: ?object})[]}[]} Of a
 *   statement, or of what stands between and after them; a part that is no text is a marker, whose
 *   citation is null where the whole passage is meant.
 */
export function runs(answer) {
  // Only these are what `[n]` means: the nearest and the undated are numbered for themselves.
  const sources = new Map(answer.sources.map((source) => [source.n, source]));
  const found = [];
  let at = 0;
  for (const statement of answer.statements) {
    const before = codepoints.slice(answer.answer, at, statement.start);
    const own = codepoints.slice(answer.answer, statement.start, statement.end);
    found.push({ statement: null, parts: [before] });
    found.push({ statement, parts: parts(own, sources, statement.citations) });
    at = statement.end;
  }
  const rest = codepoints.slice(answer.answer, at, Infinity);
  return [...found, { statement: null, parts: parts(rest, sources, []) }];
}

/** Cut a text at its markers; the second marker of a source leads to its second citation. */
function parts(text, sources, citations) {
  const used = new Map();
  const made = [];
  let at = 0;
  for (const found of text.matchAll(MARKER)) {
    const source = sources.get(Number(found[1]));
    if (!source) continue;
    const own = citations.filter((citation) => citation.source === source.n);
    const turn = used.get(source.n) ?? 0;
    used.set(source.n, turn + 1);
    const citation = own[Math.min(turn, own.length - 1)] ?? null;
    made.push(text.slice(at, found.index), { source, citation });
    at = found.index + found[0].length;
  }
  return [...made, text.slice(at)];
}
