// One question with what came of it.

import { answerView } from "./answer.js";
import { asProblem } from "./api.js";
import { first } from "./codepoints.js";
import { button, element, isComposing } from "./dom.js";
import { feedbackForm } from "./feedback.js";
import { answerAsMarkdown } from "./markdown.js";
import { problemBox } from "./notices.js";
import { copyButton } from "./copying.js";
import { understoodBar } from "./understood.js";

/**
 * Shows a turn. A turn is what the store keeps: question, settings, the outlets that there were; an
 * answer, or a problem, or neither when it was stopped, then with what was written (partial); and the
 * reader's rating and comment.
 */
export class TurnView {
  #text = null;
  #waiting = "";
  #frame = 0;
  #draft = null;

  /**
   * @param {object} turn
   * @param {object} page What answerView takes, and `askAgain(turn, changes)`, `edit(turn, text)`,
   *   `laterThan(turn)`, how many turns follow, and `changed(turn)`, which keeps it.
   */
  constructor(turn, page) {
    this.turn = turn;
    this.page = page;
    this.body = element("div", { className: "turn-body" });
    this.heading = element("h2", { dir: "auto", tabIndex: -1 }, turn.question);
    const edit = button("Edit", () => this.#edit(), { className: "quiet edit" });
    edit.setAttribute("aria-label", `Edit the question “${first(turn.question, 80)}”`);
    this.top = element("div", { className: "turn-head" }, this.heading, edit);
    this.root = element("article", { className: "turn" }, this.top, this.body);
  }

  /** Show the next piece of the text while it is written; it is not checked yet. */
  write(piece) {
    if (this.#text === null) {
      this.#text = document.createTextNode("");
      const text = element("div", { className: "answer-text writing", dir: "auto" });
      text.append(this.#text);
      const note = element("p", { className: "faint unchecked" }, "Being written; not checked yet.");
      this.body.replaceChildren(text, note);
    }
    // Once for each frame: a fast writer sends more pieces than can be painted.
    this.#waiting += piece;
    this.#frame ||= requestAnimationFrame(() => this.#flush());
  }

  /** Return what has been written so far. */
  written() {
    this.#flush();
    return this.#text?.data ?? "";
  }

  /** Whether nothing but the question is shown yet. */
  get isBare() {
    return !this.body.hasChildNodes();
  }

  /** Show how the turn stands; return whether it can be shown. */
  fill() {
    this.#flush();
    this.#text = null;
    try {
      this.body.replaceChildren(...this.#parts());
      return true;
    } catch (error) {
      // An answer of another version, perhaps; the others can still be shown.
      this.body.replaceChildren(this.#problem(asProblem(error)));
      return false;
    }
  }

  /**
   * Say above the answer why there is no other.
   *
   * @param {object} other The turn that was to take the place of this one.
   * @param {string} said
   * @param {function()} again Asks it again.
   */
  note({ question, problem }, said, again) {
    const what = problem ?? { title: said, detail: "", code: "stopped", requestId: null, errors: [] };
    const box = problemBox(what, "Try again", again);
    if (this.isBare) this.fill();
    const form = this.root.querySelector(".edit-form");
    const typed = form?.querySelector("textarea").value ?? this.#draft;
    if (form) form.replaceWith(this.top);
    this.#draft = question === this.turn.question ? typed : question;
    if (question !== this.turn.question) box.prepend(element("p", { dir: "auto" }, `“${question}”`));
    this.body.querySelector(":scope > .problem")?.remove();
    this.body.prepend(box);
  }

  #parts() {
    const { answer, problem } = this.turn;
    if (answer) return this.#answered();
    return [...this.#unfinished(), problem ? this.#problem(problem) : this.#stopped()];
  }

  #flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#text?.appendData(this.#waiting);
    this.#waiting = "";
  }

  #answered() {
    const { turn, page } = this;
    const copy = () => answerAsMarkdown(turn);
    const actions = element(
      "div",
      { className: "turn-actions", role: "group", "aria-label": `The answer to “${first(turn.question, 80)}”` },
      ...feedbackForm(turn, () => page.changed(turn)),
      copyButton("Copy with citations", copy),
    );
    const again = (changes) => page.askAgain(turn, changes);
    const outlets = turn.outlets ?? [];
    const shown = answerView(turn.answer, { ...page, outlets });
    return [understoodBar(turn, again), ...shown, actions].filter(Boolean);
  }

  #unfinished() {
    const { partial } = this.turn;
    if (!partial) return [];
    const note = "This is what was written until then; nothing of it was checked.";
    return [
      element("div", { className: "answer-text unfinished", dir: "auto" }, partial),
      element("p", { className: "faint unchecked" }, note),
    ];
  }

  #problem(problem) {
    return problemBox(problem, "Try again", () => this.page.askAgain(this.turn, {}));
  }

  #stopped() {
    const again = button("Ask again", () => this.page.askAgain(this.turn, {}), { className: "quiet" });
    return element("p", { className: "faint" }, "Stopped. ", again);
  }

  #edit() {
    const { turn, page } = this;
    const box = element("textarea", { value: this.#draft ?? turn.question, rows: 2, dir: "auto" });
    box.setAttribute("aria-label", "The question, to be asked again");
    const submit = element("button", { type: "submit" });
    // Others may be asked while this stands open.
    const label = () => {
      const later = page.laterThan(turn);
      return later ? `Ask again, dropping ${later} later` : "Ask again";
    };
    submit.textContent = label();
    const close = () => {
      this.#draft = box.value;
      form.replaceWith(this.top);
      this.top.querySelector(".edit").focus();
    };
    const title = element("h2", { className: "offscreen" }, "The question, to be asked again");
    const cancel = button("Cancel", close, { className: "quiet" });
    const form = element("form", { className: "edit-form" }, title, box, cancel, submit);
    form.addEventListener("focusin", () => {
      submit.textContent = label();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (submit.textContent !== label()) submit.textContent = label();
      else if (box.value.trim()) page.edit(turn, box.value.trim());
    });
    form.addEventListener("keydown", (event) => this.#typed(event, box, form, close));
    this.top.replaceWith(form);
    box.focus();
  }

  #typed(event, box, form, close) {
    if (isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && event.target === box) {
      event.preventDefault();
      if (!event.repeat) form.requestSubmit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  }
}
