import { button, element } from "./dom.js";

/** Return a box that says what went wrong, with a button to try again. */
export function problemBox(problem, retryText, retry) {
  const where = problem.requestId ? `${problem.code}, request ${problem.requestId}` : problem.code;
  const fields = problem.errors.map(({ field, message }) =>
    element("li", {}, field ? `${field}: ${message}` : message),
  );
  return element(
    "div",
    { className: "notice problem" },
    element("h3", {}, problem.title),
    element("p", {}, problem.detail),
    fields.length ? element("ul", {}, ...fields) : null,
    element("p", { className: "faint code" }, where),
    button(retryText, retry),
  );
}
