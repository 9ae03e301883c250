// The turns of one conversation: asking, stopping, asking again, and keeping what came of it.

import * as api from "./api.js";
import { first } from "./codepoints.js";
import { TurnView } from "./turn.js";
import { count } from "./wording.js";

const HISTORY_MESSAGES = 6;
const HISTORY_CHARS = 3000;
const TITLE_CHARS = 120;
const FILLED_AT_ONCE = 4;
const FAILED = {
  title: "This page made a mistake",
  detail: "Reload it, then ask again; the console says more.",
  code: "page_failed",
  requestId: null,
  errors: [],
};

export class Conversation {
  #turns = [];
  #views = new Map();
  #running = null;
  #filling = 0;
  #id = null;

  /**
   * @param {HTMLElement} place Takes the turns.
   * @param {Store} store
   * @param {object} page What answerView takes, and `busy(boolean)`, `say(text)`, which tells
   *   readers of the screen, and `began(id)`, which is told of each conversation by its first turn.
   */
  constructor(place, store, page) {
    this.place = place;
    this.store = store;
    this.page = page;
    this.turnPage = {
      ...page,
      askAgain: (turn, changes) => this.#again(turn, turn.question, changes),
      edit: (turn, question) => this.#again(turn, question, {}),
      laterThan: (turn) => this.#turns.length - 1 - turn.number,
      changed: (turn) => this.store.keepTurn(turn),
    };
  }

  get id() {
    return this.#id;
  }

  get isEmpty() {
    return this.#turns.length === 0;
  }

  get isBusy() {
    return this.#running !== null;
  }

  /** The question that was asked last, or "". */
  get lastQuestion() {
    return this.#turns.at(-1)?.question ?? "";
  }

  /** Ask a question with the filters that are set; return whether there is an answer. */
  async ask(question, filters) {
    const settings = { ...filters, disregard: [], alone: false };
    return this.#run(this.#append(question, settings));
  }

  stop() {
    this.#running?.abort();
  }

  /** Begin an empty conversation. */
  clear() {
    this.stop();
    cancelIdle(this.#filling);
    this.#turns = [];
    this.#views.clear();
    this.#running = null;
    this.#id = null;
    this.place.replaceChildren();
    this.page.busy(false);
  }

  /** Show a conversation that is kept; return whether there is one. */
  async restore(id) {
    const turns = await this.store.turns(id);
    this.clear();
    if (!turns.length) return false;
    this.#id = id;
    this.#turns = turns;
    const views = turns.map((turn) => this.#view(turn));
    this.place.append(...views.map((view) => view.root));
    this.#fillFrom(views);
    return true;
  }

  /** Move the focus to the question before or after the one that is nearest to the top. */
  step(direction) {
    const heads = [...this.#views.values()].map((view) => view.heading);
    const top = heads.findIndex((head) => head.getBoundingClientRect().top > 1);
    const here = heads.indexOf(document.activeElement);
    const from = here >= 0 ? here : (top < 0 ? heads.length : top) - (direction > 0 ? 1 : 0);
    const next = heads[Math.max(0, Math.min(heads.length - 1, from + direction))];
    next?.focus();
    next?.scrollIntoView({ block: "start" });
  }

  /** Fill turns a few at a time, the last first, so that the page can be used meanwhile. */
  #fillFrom(views) {
    const waiting = [...views];
    const some = () => {
      for (const view of waiting.splice(-FILLED_AT_ONCE)) view.fill();
      if (waiting.length) this.#filling = whenIdle(some);
    };
    some();
    this.#show(views.at(-1));
  }

  /** Scroll to the question of a turn; the first one stands below the head of the page. */
  #show(view) {
    if (view.turn.number === 0) window.scrollTo(0, 0);
    else view.root.scrollIntoView({ block: "start" });
  }

  #append(question, settings) {
    this.#id ??= crypto.randomUUID?.() ?? `c${Date.now()}${Math.random()}`;
    const number = this.#turns.length;
    const turn = { conversation: this.#id, number, question, settings, at: Date.now() };
    this.#turns.push(turn);
    const view = this.#view(turn);
    this.place.append(view.root);
    return turn;
  }

  #view(turn) {
    const view = new TurnView(turn, this.turnPage);
    this.#views.set(turn.number, view);
    return view;
  }

  /** Ask a turn's question again in its place; the turns after it go. */
  async #again(turn, question, changes) {
    if (this.isBusy) return;
    const settings = { ...turn.settings, ...changes };
    for (const later of this.#turns.splice(turn.number)) {
      this.#views.get(later.number).root.remove();
      this.#views.delete(later.number);
    }
    await this.store.cut(this.#id, turn.number);
    await this.#run(this.#append(question, settings));
  }

  async #run(turn) {
    const view = this.#views.get(turn.number);
    const controller = new AbortController();
    this.#running = controller;
    this.page.busy(true);
    this.page.began(this.#id);
    this.#show(view);
    const scrolledTo = window.scrollY;
    // Kept before there is an answer, so that a reload loses no question.
    await this.#keep(turn);
    try {
      turn.answer = await api.ask(this.#body(turn), controller.signal, (text) => view.write(text));
      this.page.say(summary(turn.answer));
    } catch (problem) {
      this.#unfinished(turn, view, problem, controller.signal.aborted);
    }
    if (this.#running !== controller) return false;
    this.#running = null;
    this.page.busy(false);
    view.fill();
    // Before, the page may have been too short; whoever has scrolled meanwhile stays there.
    if (window.scrollY === scrolledTo) this.#show(view);
    await this.#keep(turn);
    return Boolean(turn.answer);
  }

  #unfinished(turn, view, problem, stopped) {
    turn.partial = view.written();
    if (stopped) {
      turn.stopped = true;
      this.page.say("Stopped.");
    } else {
      if (!(problem instanceof api.Problem)) console.error(problem);
      const { title, detail, code, requestId, errors } = { ...FAILED, ...problem };
      turn.problem = { title, detail, code, requestId, errors };
      this.page.say(`${title}.`);
    }
  }

  #body({ question, settings, number }) {
    const { outlets, published_after, published_before, as_of, disregard, alone } = settings;
    const filters = { outlets, published_after, published_before, as_of, disregard };
    return { question, history: alone ? [] : this.#history(number), stream: true, ...filters };
  }

  #history(number) {
    const answered = this.#turns.slice(0, number).filter((turn) => turn.answer);
    const messages = answered.flatMap(({ question, answer }) => [
      { role: "user", content: first(question, HISTORY_CHARS) },
      { role: "assistant", content: first(answer.answer, HISTORY_CHARS) },
    ]);
    return messages.slice(-HISTORY_MESSAGES);
  }

  async #keep(turn) {
    await this.store.keepTurn(turn);
    const questions = this.#turns.map(({ question }) => question);
    const title = first(questions[0].replaceAll(/\s+/g, " "), TITLE_CHARS);
    await this.store.keepConversation({ id: turn.conversation, title, questions, at: turn.at });
  }
}

function summary(answer) {
  if (answer.abstention) return "No answer in these articles.";
  const cited = answer.statements.flatMap(({ citations }) => citations.map(({ source }) => source));
  return `Answered from ${count(new Set(cited).size, "source")}.`;
}

const whenIdle = (work) => (window.requestIdleCallback ?? setTimeout)(work);
const cancelIdle = (handle) => (window.cancelIdleCallback ?? clearTimeout)(handle);
