import { apart, button, element } from "./dom.js";
import { date, names } from "./wording.js";

/**
 * Return what a question was taken to mean, each part with a button that takes it back; and the
 * filters it was asked with. Null when there is nothing to tell.
 *
 * @param {object} turn
 * @param {function(object)} askAgain Asks the question again with changed settings.
 */
export function understoodBar(turn, askAgain) {
  const { settings, answer } = turn;
  const without = (aspect) => () => askAgain({ disregard: [...settings.disregard, aspect] });
  const taken = readings(turn).map(([text, aspect, undo]) =>
    chip(text, `${undo}, and ask again`, without(aspect)),
  );
  if (answer.standalone_question !== answer.question && !settings.alone) {
    const text = ["Read as “", apart(answer.standalone_question), "”"];
    const alone = () => askAgain({ alone: true });
    taken.unshift(chip(text, "Ask it as it was written, without the conversation before", alone));
  }
  taken.push(...undone(settings).map(([text, changes]) => chip(text, "Read it so again", () => askAgain(changes), "↺")));
  const unknown = answer.understood.unknown_outlets;
  const parts = [
    ...asked(settings).map((text) => element("span", { className: "chip set", dir: "auto" }, text)),
    ...taken,
    unknown.length ? element("span", { className: "chip lacking" }, "Not in the index: ", apart(names(unknown))) : null,
  ].filter(Boolean);
  if (!parts.length) return null;
  return element("div", { className: "chips understood", role: "group", "aria-label": "How the question was read" }, ...parts);
}

const UNDONE = { outlets: "Outlets", days: "Days", order: "The order of time", parts: "Parts" };

/** Return what was read out of a question: its words, the name of the aspect, how it is undone. */
function readings({ settings, answer }) {
  const { outlets, after, before, order, parts } = answer.understood;
  const found = [];
  if (outlets.length && !settings.outlets.length) {
    found.push([`Outlet: ${names(outlets)}`, "outlets", "Do not prefer outlets that it names"]);
  }
  const isFilter = settings.published_after || settings.published_before || settings.as_of;
  if ((after || before) && !isFilter) {
    found.push([days(after, before), "days", "Do not prefer days that it names"]);
  }
  if (order) {
    const text = order === "latest" ? "The latest counts more" : "The earliest counts more";
    found.push([text, "order", "Do not prefer them"]);
  }
  if (parts.length) found.push([`Looked for in ${parts.length} parts`, "parts", "Look for it as a whole"]);
  return found;
}

/** Return the filters that a question was asked with, in words. */
export function asked({ outlets, published_after: after, published_before: before, as_of: asOf }) {
  return [
    outlets.length ? `Only ${names(outlets)}` : "",
    after || before ? days(after, before) : "",
    asOf ? `As of ${date(asOf)}` : "",
  ].filter(Boolean);
}

/** Return what was taken back, and the settings that take it up again. */
function undone(settings) {
  const back = settings.disregard.map((aspect) => [
    `${UNDONE[aspect]} not read from the question`,
    { disregard: settings.disregard.filter((other) => other !== aspect) },
  ]);
  return settings.alone ? [["Read without the conversation before", { alone: false }], ...back] : back;
}

function days(after, before) {
  if (after && after === before) return date(after);
  if (after && before) return `${date(after)} – ${date(before)}`;
  return after ? `From ${date(after)}` : `Until ${date(before)}`;
}

function chip(text, what, change, sign = "×") {
  const made = button("", change, { className: "chip", dir: "auto", title: what });
  const shown = element("span", { "aria-hidden": "true" }, ` ${sign}`);
  made.append(...[text].flat(), shown, element("span", { className: "offscreen" }, `. ${what}.`));
  return made;
}
