import { answerView } from "./answer.js";
import * as api from "./api.js";
import { first } from "./codepoints.js";
import { element } from "./dom.js";
import { problemBox } from "./notices.js";
import { Panel } from "./panel.js";
import { showInventory } from "./start.js";

const HISTORY_MESSAGES = 6;
const HISTORY_CHARS = 3000;

const byId = (id) => document.getElementById(id);
const form = byId("ask");
const box = byId("question");
const conversation = byId("conversation");
const panel = new Panel(byId("panel"), byId("panel-head"), byId("panel-body"), byId("panel-close"));

let history = [];
let failed = null;
let waiting = null;

function busy(controller) {
  waiting = controller;
  byId("submit").disabled = controller !== null;
  byId("stop").hidden = controller === null;
  byId("status").textContent = controller ? "Reading the articles …" : "";
  byId("hint").hidden = controller !== null;
  conversation.setAttribute("aria-busy", String(controller !== null));
}

function newTurn(question) {
  failed?.remove();
  failed = null;
  const turn = element("article", { className: "turn" }, element("h2", {}, question));
  conversation.append(turn);
  byId("start").hidden = true;
  byId("restart").hidden = false;
  turn.scrollIntoView({ block: "start" });
  return turn;
}

function remember(question, answer) {
  history.push({ role: "user", content: first(question, HISTORY_CHARS) });
  history.push({ role: "assistant", content: first(answer.answer, HISTORY_CHARS) });
  history = history.slice(-HISTORY_MESSAGES);
}

async function ask(question) {
  const turn = newTurn(question);
  const controller = new AbortController();
  busy(controller);
  try {
    const answer = await api.ask(question, history, controller.signal);
    controller.signal.throwIfAborted();
    turn.append(...answerView(answer, (place, opener) => panel.open(place, opener)));
    remember(question, answer);
    if (box.value.trim() === question) box.value = "";
  } catch (problem) {
    notAnswered(turn, question, problem);
  } finally {
    if (waiting === controller) busy(null);
    if (turn.isConnected) turn.scrollIntoView({ block: "start" });
  }
}

/** Say why there is no answer; the typed text stays in the box. */
function notAnswered(turn, question, problem) {
  if (problem.name === "AbortError") {
    turn.append(element("p", { className: "faint" }, "Stopped."));
  } else if (problem instanceof api.Problem) {
    turn.append(problemBox(problem, "Try again", () => ask(question)));
  } else {
    turn.remove();
    throw problem;
  }
  failed = turn;
}

function restart() {
  waiting?.abort();
  if (byId("panel").open) panel.close();
  history = [];
  failed = null;
  conversation.replaceChildren();
  byId("start").hidden = false;
  byId("restart").hidden = true;
  showInventory(byId("inventory"));
  box.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  if (question && waiting === null) ask(question);
  else box.focus();
});

box.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter chooses a word.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

byId("stop").addEventListener("click", () => waiting?.abort());
byId("restart").addEventListener("click", restart);
showInventory(byId("inventory"));
