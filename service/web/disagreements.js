import { apart, element } from "./dom.js";
import { date } from "./wording.js";

/**
 * Return a table of who says what, and when; null when there is nothing to tell.
 *
 * @param {string} title
 * @param {object[]} all Disagreements or updates of an answer.
 * @param {Marked} marked Makes the markers.
 * @param {boolean} ordered Whether the first position is the latest.
 */
export function disagreementTable(title, all, marked, ordered = false) {
  if (!all?.length) return null;
  const tables = all.map((one) => table(one, marked, ordered));
  return element("section", { className: "notice sides" }, element("h3", {}, title), ...tables);
}

function table({ about, positions }, marked, ordered) {
  const heads = ["Says", "Who", "When", "Source"].map((name) =>
    element("th", { scope: "col" }, name),
  );
  const rows = positions.map((position, index) => row(position, marked, ordered && index === 0));
  return element(
    "div",
    { className: "scrolled", tabIndex: 0, role: "region", "aria-label": `Who says what: ${about}` },
    element(
      "table",
      {},
      element("caption", {}, apart(about)),
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    ),
  );
}

function row({ value, sources, outlets, latest }, marked, isLatest) {
  const markers = sources.map((n) => marked.whole(n)).filter(Boolean);
  const when = latest ? date(latest) : "undated";
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, apart(value), isLatest ? " (latest)" : ""),
    element("td", {}, apart(outlets.join(", ") || "Unknown outlet")),
    element("td", {}, when),
    element("td", {}, ...markers),
  );
}
