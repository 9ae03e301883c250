import * as api from "./api.js";
import { button, element } from "./dom.js";

const MAX_COMMENT = 4000;
const SVG = "http://www.w3.org/2000/svg";
const THUMB = "M1 7h3v7H1zM5 7l3-6c1.6 0 2 1 1.7 2.4L9.3 6H14c1 0 1.3.8 1.1 1.6l-1.3 5.2c-.2.8-.7 1.2-1.5 1.2H5z";

/**
 * Return what rates an answer: two buttons, and a comment once one of them is pressed.
 *
 * @param {object} turn Takes the rating and the comment.
 * @param {function()} changed Keeps the turn.
 */
export function feedbackForm(turn, changed) {
  const said = element("p", { className: "faint", role: "status" });
  // Made when it is wanted: browsers look through all forms of a page for what they could fill in.
  const place = element("div", { className: "comment-place" });
  const buttons = [
    ["up", "Helpful"],
    ["down", "Not helpful"],
  ].map(([rating, words]) => {
    const rate = () => send(rating, turn.comment ?? "");
    const made = button(thumb(), rate, { className: `quiet rate ${rating}` });
    made.append(words);
    made.dataset.rating = rating;
    return made;
  });
  const show = () => {
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.rating === turn.rating));
    if (turn.rating && !place.firstChild) {
      place.append(commentForm(turn, (text) => send(turn.rating, text)));
    }
  };
  // One after the other, so that the last one counts here and there.
  let sending = Promise.resolve();
  const send = (rating, text) => {
    sending = sending.then(() => sendNow(rating, text));
  };
  async function sendNow(rating, text) {
    try {
      await api.rate(turn.answer.id, rating, text);
    } catch (error) {
      said.textContent = notKept(api.asProblem(error));
      return;
    }
    Object.assign(turn, { rating, comment: text });
    said.textContent = text ? "Thank you, the comment is stored." : "Stored.";
    show();
    changed();
  }
  show();
  return [...buttons, place, said];
}

/** Return a thumb that points up; the style turns it round. */
function thumb() {
  const [drawing, path] = ["svg", "path"].map((tag) => document.createElementNS(SVG, tag));
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", THUMB);
  drawing.append(path);
  return drawing;
}

function commentForm(turn, send) {
  const box = element("input", { type: "text", maxLength: MAX_COMMENT, value: turn.comment ?? "", dir: "auto" });
  box.setAttribute("aria-label", "What was good or wrong about this answer?");
  box.placeholder = "What was good or wrong about it?";
  // The browser keeps conversations to itself; a rating takes this one answer out of it.
  box.title = "Stored by the service, with the question and the answer";
  const form = element("form", { className: "comment" }, box, element("button", { type: "submit", className: "quiet" }, "Send"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(box.value.trim());
  });
  return form;
}

function notKept(problem) {
  if (problem.code === "answer_not_found") {
    return "The service does not remember this answer any more, so it cannot be rated. Ask again first.";
  }
  return `Not stored: ${problem.message}`;
}
