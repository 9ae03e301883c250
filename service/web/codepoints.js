// The service counts Unicode code points, JavaScript strings count UTF-16 units.

/** Return the index in `text` where its code point number `offset` begins. */
export function unitIndex(text, offset) {
  let units = 0;
  let seen = 0;
  for (const point of text) {
    if (seen >= offset) break;
    units += point.length;
    seen += 1;
  }
  return units;
}

/** Return the code points from `start` up to, but not including, `end`. */
export function slice(text, start, end) {
  return text.slice(unitIndex(text, start), unitIndex(text, end));
}

/** Return at most the first `count` code points. */
export function first(text, count) {
  return text.slice(0, unitIndex(text, count));
}

/**
 * Return where `quote` stands in `text`, in UTF-16 units, or null when it is not there.
 *
 * The offsets are right unless the article changed after the answer was written.
 */
export function find(text, start, end, quote) {
  if (slice(text, start, end) === quote) {
    return { start: unitIndex(text, start), end: unitIndex(text, end) };
  }
  const at = quote ? text.indexOf(quote) : -1;
  return at < 0 ? null : { start: at, end: at + quote.length };
}
