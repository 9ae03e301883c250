// Dates, counts and codes as people read them.

const FORMATS = {
  minute: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  year: { year: "numeric" },
};

const formatters = {};

const BASES = {
  metadata: "date from the file’s metadata",
  text: "date from the text",
  filename: "date from the file’s name",
  sidecar: "date from a note beside the file",
  unknown: "",
};

const REASONS = {
  no_passages: "No article matches the question.",
  low_relevance: "No article is close enough to the question.",
  writer_declined: "The articles found do not answer the question.",
  out_of_range: "The question is about days that the index does not cover.",
};

export function date(iso, precision = "day") {
  const at = iso ? new Date(iso) : null;
  if (at === null || Number.isNaN(at.getTime())) return "undated";
  const text = formatter(precision in FORMATS ? precision : "day").format(at);
  return precision === "minute" ? `${text} UTC` : text;
}

/** Return what writes dates; made once, since making one takes longer than using it. */
function formatter(precision) {
  const options = { ...FORMATS[precision], timeZone: "UTC" };
  formatters[precision] ??= new Intl.DateTimeFormat("en-GB", options);
  return formatters[precision];
}

/** Return the date with what it rests on. */
export function datedBy(record, precision) {
  const basis = record.published_at ? BASES[record.published_basis] : "";
  return basis ? `${date(record.published_at, precision)} (${basis})` : date(record.published_at, precision);
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;
}

export function period(firstDay, lastDay) {
  if (!firstDay || !lastDay) return "none of them dated";
  if (firstDay.slice(0, 10) === lastDay.slice(0, 10)) return date(firstDay);
  return `${date(firstDay)} – ${date(lastDay)}`;
}

/** Return names in a row, of many only the first. */
export function names(all, most = 6) {
  const shown = all.slice(0, most).join(", ");
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

export function reason(code) {
  return REASONS[code] ?? words(code);
}

/** Return a code that has no sentence here as words: `low_relevance` as "low relevance". */
function words(code) {
  return code.replaceAll(/[_-]+/g, " ");
}

/** Return how a question was answered, in one sentence. */
export function summary(answer) {
  if (answer.abstention) return "No answer in these articles.";
  const cited = answer.statements.flatMap(({ citations }) => citations.map(({ source }) => source));
  return `Answered from ${count(new Set(cited).size, "source")}.`;
}
