import { element, isComposing } from "./dom.js";

/** Letters with Alt and Shift: plain ones would take keys from people who dictate (WCAG 2.1.4). */
const LIST = [
  ["Enter", "Ask"],
  ["Shift + Enter", "Start a new line"],
  ["Arrow up in an empty question", "Take up the last question"],
  ["Escape", "Close what is open; stop an answer"],
  ["Alt + Shift + Q", "Go to the question"],
  ["Alt + Shift + N", "New conversation"],
  ["Alt + Shift + C", "Conversations"],
  ["Alt + Shift + F", "Filter articles"],
  ["Alt + Shift + Arrow up or down", "Go to the answer before or after"],
  ["Alt + Shift + K", "This list"],
];

/**
 * Let keys do what buttons do.
 *
 * @param {object} actions By the name of the key with Alt and Shift, as `KeyboardEvent.code` has it,
 *   and `Escape`.
 */
export function listenForKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.defaultPrevented) return;
    const chord = event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey;
    const action = event.key === "Escape" ? actions.Escape : chord ? actions[nameOf(event)] : null;
    if (!action || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    action();
  });
}

/** Return a letter as the keyboard has it; where Alt makes another sign of it, by its place. */
function nameOf({ key, code }) {
  return /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : code;
}

/** Fill the list of keys. */
export function showKeys(place) {
  const rows = LIST.flatMap(([keys, does]) => [
    element("dt", {}, element("kbd", {}, keys)),
    element("dd", {}, does),
  ]);
  place.replaceChildren(...rows);
}
