// The turns of one conversation: asking, stopping, asking again, and keeping what came of it.

import * as api from "./api.js";
import { first } from "./codepoints.js";
import { TurnView } from "./turn.js";
import { summary } from "./wording.js";

const HISTORY_MESSAGES = 6;
const HISTORY_CHARS = 3000;
const TITLE_CHARS = 120;
const FILLED_AT_ONCE = 4;
const FORGOTTEN = "forgotten";

export class Conversation {
  #turns = [];
  #views = new Map();
  /** The turn that is being answered, with what stops it; or null. */
  #running = null;
  #filling = 0;
  #id = null;

  /**
   * @param {HTMLElement} place Takes the turns.
   * @param {Store} store
   * @param {object} page What answerView takes, and `busy(boolean)`; `say(text)`, which tells readers
   *   of the screen; `began(id)`, which is told of a conversation when something is asked in it; and
   *   `answered(question)`.
   */
  constructor(place, store, page) {
    this.place = place;
    this.store = store;
    this.page = page;
    this.turnPage = {
      ...page,
      askAgain: (turn, changes) => this.#again(turn, changes),
      edit: (turn, question) => this.#edit(turn, question),
      laterThan: (turn) => this.#turns.length - 1 - this.#turns.indexOf(turn),
      changed: (turn) => this.store.renew(turn),
    };
  }

  get id() {
    return this.#id;
  }

  get isBusy() {
    return this.#running !== null;
  }

  /** The question that was asked last, or "". */
  get lastQuestion() {
    return this.#turns.at(-1)?.question ?? "";
  }

  /** Ask a question with the filters that are set; one that was just asked in vain is asked again. */
  async ask(question, filters) {
    if (this.isBusy) return;
    this.#id ??= newId();
    const last = this.#turns.at(-1);
    const isAgain = last && !last.answer && last.question === question;
    const index = this.#turns.length - (isAgain ? 1 : 0);
    await this.#run(this.#put(index, question, { ...filters, disregard: [], alone: false }));
  }

  stop() {
    this.#running?.controller.abort();
  }

  /**
   * Begin an empty conversation.
   *
   * @param {boolean} forgetting What is being answered is not kept; else it is, as far as it came.
   */
  clear(forgetting = false) {
    const running = this.#running;
    this.#running = null;
    running?.controller.abort(forgetting ? FORGOTTEN : undefined);
    cancelIdle(this.#filling);
    this.#turns = [];
    this.#views.clear();
    this.#id = null;
    this.place.replaceChildren();
    if (running) this.page.busy(false);
    this.page.say("");
  }

  /** Show a conversation that is kept, unless another one is begun before it is found. */
  async restore(id) {
    const before = this.#id;
    if (id === before) return;
    const turns = await this.store.turns(id);
    if (this.#id !== before) return;
    if (!turns.length) {
      this.page.say("This conversation is not there any more.");
      return;
    }
    this.clear();
    this.#id = id;
    this.#turns = turns;
    const views = turns.map((turn) => this.#view(turn));
    this.place.append(...views.map((view) => view.root));
    this.#fill(views);
  }

  /** Put the focus on the question that was asked last. */
  focusLast() {
    this.#views.get(this.#turns.at(-1))?.heading.focus({ preventScroll: true });
  }

  /** Show all turns now, which are otherwise shown as the browser has time. */
  fillAll() {
    for (const view of this.#views.values()) if (view.isBare && view.turn !== this.#running?.turn) view.fill();
  }

  /** Move the focus to the question before or after the one that has it, or that is at the top. */
  step(direction) {
    const all = this.#turns.map((turn) => this.#views.get(turn).heading);
    const heads = all.filter((head) => head.isConnected);
    const below = heads.findIndex((head) => head.getBoundingClientRect().top > 1);
    const here = heads.indexOf(document.activeElement);
    const top = below < 0 ? heads.length : below;
    const wanted = here >= 0 ? here + direction : direction > 0 ? top : top - 1;
    const next = heads[Math.max(0, Math.min(heads.length - 1, wanted))];
    next?.focus();
    next?.scrollIntoView({ block: "start" });
  }

  #fill(views) {
    // The last first, so that the page can be used meanwhile.
    const waiting = [...views];
    const some = () => {
      for (const view of waiting.splice(-FILLED_AT_ONCE)) if (view.isBare) view.fill();
      if (waiting.length) this.#filling = whenIdle(some);
    };
    some();
    this.#show(views.at(-1));
  }

  /** Scroll to the question of a turn; the first one stands below the head of the page. */
  #show(view) {
    if (view.turn === this.#turns[0]) window.scrollTo(0, 0);
    else view.root.scrollIntoView({ block: "start" });
  }

  /** Put a new turn at a place, instead of the one that is there. */
  #put(index, question, settings, later = []) {
    const old = this.#turns[index] ?? null;
    const at = old?.at ?? Date.now();
    const turn = { id: newId(), conversation: this.#id, question, settings, at };
    const view = this.#view(turn);
    if (old) this.#views.get(old).root.replaceWith(view.root);
    else this.place.append(view.root);
    this.#turns[index] = turn;
    return { turn, view, old, later };
  }

  #view(turn) {
    const view = new TurnView(turn, this.turnPage);
    this.#views.set(turn, view);
    return view;
  }

  /** Ask a turn's question again in its place; what was asked after it stays. */
  #again(turn, changes) {
    this.#instead(turn, turn.question, { ...turn.settings, ...changes }, []);
  }

  /** Ask another question in the place of a turn; what was asked after it goes once it is answered. */
  #edit(turn, question) {
    // What was taken back was read out of the question as it was.
    const later = this.#turns.slice(this.#turns.indexOf(turn) + 1);
    this.#instead(turn, question, { ...turn.settings, disregard: [], alone: false }, later);
  }

  #instead(turn, question, settings, later) {
    const index = this.#turns.indexOf(turn);
    if (this.isBusy || index < 0) {
      this.page.say("Another answer is being written.");
      return;
    }
    const put = this.#put(index, question, settings, later);
    put.view.heading.focus({ preventScroll: true });
    this.#run(put);
  }

  async #run(put) {
    const { turn, view, old } = put;
    const controller = new AbortController();
    this.#running = { turn, controller };
    this.page.busy(true);
    this.page.began(this.#id);
    this.#show(view);
    const scrolledTo = window.scrollY;
    const known = this.#known();
    // Kept before there is an answer, so that a reload loses no question.
    if (!old?.answer) this.store.keep(known, turn, old ? [old.id] : []);
    let said = await this.#asked(turn, view, controller.signal);
    // It may have been left for another conversation meanwhile.
    const isHere = this.#running?.turn === turn;
    const isKept = (turn.answer || !old?.answer) && controller.signal.reason !== FORGOTTEN;
    if (isKept) this.store.keep({ ...known, at: Date.now() }, turn, gone(put));
    if (!isHere) return;
    this.#running = null;
    this.page.busy(false);
    if (isKept) this.#settle(put);
    else this.#putBack(put, said);
    if (isKept && !view.fill()) said = "The answer cannot be shown.";
    this.page.say(said);
    // Before, the page may have been too short; whoever has scrolled meanwhile stays there.
    if (window.scrollY === scrolledTo) this.#show(isKept ? view : this.#views.get(old));
    if (turn.answer) this.page.answered(turn.question);
  }

  /** Take away what a turn stands in for. */
  #settle({ turn, old, later }) {
    if (old) this.#views.delete(old);
    if (!turn.answer) return;
    for (const one of later) {
      this.#views.get(one).root.remove();
      this.#views.delete(one);
      this.#turns.splice(this.#turns.indexOf(one), 1);
    }
  }

  /** Show the answer that there was, since there is no other, and why there is none. */
  #putBack({ turn, view, old, later }, said) {
    const before = this.#views.get(old);
    this.#views.delete(turn);
    this.#turns[this.#turns.indexOf(turn)] = old;
    view.root.replaceWith(before.root);
    // What was asked since then stays.
    const again = () => {
      const still = later.filter((one) => this.#turns.includes(one));
      this.#instead(old, turn.question, turn.settings, still);
    };
    before.note(turn, said, again);
    before.heading.focus({ preventScroll: true });
  }

  /** Ask, note in the turn what came of it, and return what is said of that. */
  async #asked(turn, view, signal) {
    turn.outlets = [...this.page.outlets];
    try {
      turn.answer = await api.ask(this.#body(turn), signal, (text) => view.write(text));
      return summary(turn.answer);
    } catch (error) {
      turn.partial = view.written();
      if (signal.aborted) return "Stopped.";
      const { title, detail, code, requestId, errors } = api.asProblem(error);
      turn.problem = { title, detail, code, requestId, errors };
      return `${title}.`;
    }
  }

  #body(turn) {
    const { outlets, published_after, published_before, as_of, disregard, alone } = turn.settings;
    const filters = { outlets, published_after, published_before, as_of, disregard };
    const history = alone ? [] : this.#history(this.#turns.indexOf(turn));
    return { question: turn.question, history, stream: true, ...filters };
  }

  #history(before) {
    const answered = this.#turns.slice(0, before).filter((turn) => turn.answer);
    const messages = answered.flatMap(({ question, answer }) => [
      { role: "user", content: first(question, HISTORY_CHARS) },
      { role: "assistant", content: first(answer.answer, HISTORY_CHARS) },
    ]);
    return messages.slice(-HISTORY_MESSAGES);
  }

  /** What the list of conversations shows of this one; null while it is empty. */
  get current() {
    if (!this.#turns.length) return null;
    const questions = Object.fromEntries(this.#turns.map(({ id, question }) => [id, question]));
    return { ...this.#known(), questions, turns: this.#turns };
  }

  #known() {
    const title = first(this.#turns[0].question.replaceAll(/\s+/g, " "), TITLE_CHARS);
    return { id: this.#id, title, at: Date.now() };
  }
}

/** Return the ids of the turns that one with this result stands in for. */
function gone({ turn, old, later }) {
  const all = [...(old ? [old] : []), ...(turn.answer ? later : [])];
  return all.map(({ id }) => id);
}

// On pages that came neither encrypted nor from this machine there is no randomUUID.
function newId() {
  const numbers = crypto.getRandomValues(new Uint32Array(4));
  return [...numbers].map((number) => number.toString(36)).join("-");
}

const whenIdle = (work) => (window.requestIdleCallback ?? setTimeout)(work);
const cancelIdle = (handle) => (window.cancelIdleCallback ?? clearTimeout)(handle);
