// One question with what came of it.

import { answerView } from "./answer.js";
import { button, element } from "./dom.js";
import { feedbackForm } from "./feedback.js";
import { answerAsMarkdown } from "./markdown.js";
import { problemBox } from "./notices.js";
import { copyButton } from "./copying.js";
import { understoodBar } from "./understood.js";

/**
 * Shows a turn; a turn is what the store keeps: question, settings, and one of answer, problem and
 * stopped (the text so far), and the reader's rating.
 */
export class TurnView {
  #text = null;
  #waiting = "";
  #frame = 0;

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
    edit.setAttribute("aria-label", `Edit the question “${turn.question.slice(0, 80)}”`);
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

  /** Show how the turn stands. */
  fill() {
    cancelAnimationFrame(this.#frame);
    const { turn } = this;
    if (turn.answer) this.body.replaceChildren(...this.#answered());
    else if (turn.problem) this.body.replaceChildren(...this.#unfinished(), this.#problem());
    else this.body.replaceChildren(...this.#unfinished(), this.#stopped());
    this.#text = null;
    this.#waiting = "";
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
      { className: "turn-actions" },
      ...feedbackForm(turn, () => page.changed(turn)),
      copyButton("Copy with citations", copy),
    );
    const again = (changes) => page.askAgain(turn, changes);
    return [understoodBar(turn, again), ...answerView(turn.answer, page), actions].filter(Boolean);
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

  #problem() {
    return problemBox(this.turn.problem, "Try again", () => this.page.askAgain(this.turn, {}));
  }

  #stopped() {
    const again = button("Ask again", () => this.page.askAgain(this.turn, {}), { className: "quiet" });
    return element("p", { className: "faint" }, "Stopped. ", again);
  }

  #edit() {
    const { turn, page } = this;
    const later = page.laterThan(turn);
    const label = later ? `Ask again, dropping ${later} later` : "Ask again";
    const box = element("textarea", { value: turn.question, rows: 2, dir: "auto" });
    box.setAttribute("aria-label", "The question, to be asked again");
    const close = () => {
      form.replaceWith(this.top);
      this.top.querySelector(".edit").focus();
    };
    const title = element("h2", { className: "offscreen" }, "The question, to be asked again");
    const form = element("form", { className: "edit-form" }, title, box, button("Cancel", close, { className: "quiet" }));
    form.append(element("button", { type: "submit" }, label));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (box.value.trim()) page.edit(turn, box.value.trim());
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box) {
        event.preventDefault();
        form.requestSubmit();
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    });
    this.top.replaceWith(form);
    box.focus();
  }
}
