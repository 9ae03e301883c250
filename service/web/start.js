import * as api from "./api.js";
import { apart, button, element } from "./dom.js";
import { problemBox } from "./notices.js";
import { count, period } from "./wording.js";

const SHOWN_OUTLETS = 12;

/**
 * Fill the start view with what the index holds, or with what to do when it holds nothing.
 *
 * @param {HTMLElement} place
 * @param {function(string)} ask Asks an example.
 * @param {function(object[])} know Is given the outlets with their numbers of articles.
 */
export async function showInventory(place, ask, know) {
  const again = () => showInventory(place, ask, know);
  try {
    const stats = await api.stats();
    know(stats.outlets);
    place.replaceChildren(...(stats.articles ? inventory(stats, ask) : empty(again)));
  } catch (error) {
    const problem = api.asProblem(error);
    place.replaceChildren(
      ...(problem.code === "index_missing" ? empty(again) : [problemBox(problem, "Try again", again)]),
    );
  }
}

function inventory(stats, ask) {
  const outlets = stats.outlets.slice(0, SHOWN_OUTLETS).map(({ name, articles }) =>
    element("li", {}, apart(name), " ", element("span", { className: "faint" }, String(articles))),
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
    ...examples(stats.examples ?? [], ask),
    element(
      "p",
      { className: "faint" },
      "Each sentence of an answer carries the number of its source; choose a number to read it. ",
      "Where the articles do not say, the answer says so.",
    ),
  ];
}

function examples(questions, ask) {
  if (!questions.length) return [];
  const items = questions.map((question) =>
    element("li", {}, button(apart(question), () => ask(question), { className: "quiet example" })),
  );
  return [element("h2", {}, "For example"), element("ul", { className: "examples" }, ...items)];
}

function empty(again) {
  return [
    element("p", { className: "lead" }, "No articles yet."),
    element("p", {}, "Bring some in, files or whole folders, then look again:"),
    element("pre", { tabIndex: 0, "aria-label": "Command" }, element("code", {}, "dateline ingest PATH")),
    button("Look again", again),
  ];
}
