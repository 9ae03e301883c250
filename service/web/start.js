import * as api from "./api.js";
import { button, element } from "./dom.js";
import { problemBox } from "./notices.js";
import { count, period } from "./wording.js";

const SHOWN_OUTLETS = 12;

/** Fill the start view with what the index holds, or with what to do when it holds nothing. */
export async function showInventory(place) {
  const again = () => showInventory(place);
  try {
    const stats = await api.stats();
    place.replaceChildren(...(stats.articles ? inventory(stats) : empty(again)));
  } catch (problem) {
    place.replaceChildren(
      ...(problem.code === "index_missing" ? empty(again) : [problemBox(problem, "Try again", again)]),
    );
  }
}

function inventory(stats) {
  const outlets = stats.outlets.slice(0, SHOWN_OUTLETS).map(({ name, articles }) =>
    element("li", {}, name, " ", element("span", { className: "faint" }, String(articles))),
  );
  const rest = stats.outlets.length - outlets.length;
  if (rest > 0) outlets.push(element("li", { className: "faint" }, `and ${rest} more`));
  const where = count(stats.outlets.length, "outlet");
  return [
    element(
      "p",
      { className: "lead" },
      `${count(stats.articles, "article")} from ${where}, ${period(stats.first, stats.last)}.`,
    ),
    element("ul", { className: "outlets", "aria-label": "Outlets and their articles" }, ...outlets),
    element(
      "p",
      { className: "faint" },
      "Each sentence of an answer carries the number of its source; choose a number to read it. ",
      "Where the articles do not say, the answer says so.",
    ),
  ];
}

function empty(again) {
  return [
    element("p", { className: "lead" }, "No articles yet."),
    element("p", {}, "Bring some in, then look again:"),
    element("pre", {}, element("code", {}, "dateline ingest PATH")),
    button("Look again", again),
  ];
}
