// Answers and conversations as Markdown, each citation a footnote with its words.

import { runs } from "./cutting.js";
import { webAddress } from "./dom.js";
import { asked } from "./understood.js";
import { date, period, reason } from "./wording.js";

/** Return a conversation with one run of footnotes. */
export function conversationAsMarkdown(title, turns, now = new Date()) {
  const notes = new Footnotes();
  const told = turns.map((turn) => `## ${line(turn.question)}\n\n${body(turn, notes)}`);
  const when = date(now.toISOString());
  return [`# ${line(title)}`, `*Asked of Dateline; exported on ${when}.*`, ...told, ...notes.all()].join("\n\n") + "\n";
}

/** Return one answer with its footnotes. */
export function answerAsMarkdown(turn) {
  const notes = new Footnotes();
  return [body(turn, notes), ...notes.all()].join("\n\n") + "\n";
}

function body(turn, notes) {
  const settings = asked(turn.settings).map(line);
  const parts = [settings.length ? `*${settings.join("; ")}*` : "", ...told(turn, notes)];
  return parts.filter(Boolean).join("\n\n");
}

function told({ answer, problem, partial }, notes) {
  if (!answer) {
    const why = problem ? `*Not answered: ${line(problem.title)}.*` : "*Stopped.*";
    return [why, partial ? `*Written until then, and not checked:* ${escaped(partial)}` : ""];
  }
  if (answer.abstention) return [escaped(answer.answer), ...nothing(answer.abstention)];
  return [
    answer.short_answer ? `**${line(answer.short_answer.text)}**` : "",
    withFootnotes(answer, notes),
    doubts(answer),
    ...sides("The sources disagree", answer.disagreements),
    ...sides("Overtaken by later reports", answer.updates),
  ];
}

function nothing({ reason: code, nearest, coverage }) {
  const items = nearest.map(({ title, outlet, published_at: at, published_precision: exact }) => {
    return `- ${line(outlet ?? "Unknown outlet")}, “${line(title)}”, ${date(at, exact)}`;
  });
  return [
    `*${reason(code)} The index covered ${period(coverage.first, coverage.last)}.*`,
    items.length ? `Nearest:\n\n${items.join("\n")}` : "",
  ];
}

function withFootnotes(answer, notes) {
  const parts = runs(answer).flatMap((run) => run.parts);
  return parts.map((part) => (typeof part === "string" ? unnoted(escaped(part)) : noted(part, notes))).join("");
}

function noted({ source, citation }, notes) {
  return notes.of(source, citation ? citation.quote : source.text);
}

/** Return what may follow a reference to a note: with a colon it would be the note itself. */
function unnoted(text) {
  return text.replace(/^:/, "\\:");
}

function doubts({ statements }) {
  const doubted = statements.filter(({ support }) => support !== "supported");
  const items = doubted.map(({ text, support, missing }) => {
    const lacking = missing.length ? `; not found: ${line(missing.join(", "))}` : "";
    return `- “${line(text)}”: ${support}${lacking}`;
  });
  return items.length ? `Not fully borne out by the sources:\n\n${items.join("\n")}` : "";
}

function sides(title, all) {
  return (all ?? []).map(({ about, positions }) => {
    const rows = positions.map(({ value, outlets, latest }) => {
      const cells = [value, outlets.join(", ") || "Unknown outlet", latest ? date(latest) : "undated"];
      return `| ${cells.map(line).join(" | ")} |`;
    });
    return `${title}: ${line(about)}\n\n| Says | Who | When |\n| --- | --- | --- |\n${rows.join("\n")}`;
  });
}

class Footnotes {
  #notes = new Map();

  /** Return the reference to a note; the same words of the same article share one. */
  of(source, quote) {
    const key = `${source.article_id} ${quote}`;
    const known = this.#notes.get(key) ?? { number: this.#notes.size + 1, source, quote };
    this.#notes.set(key, known);
    return `[^${known.number}]`;
  }

  all() {
    const notes = [...this.#notes.values()].map(({ number, source, quote }) => {
      const address = webAddress(source.url);
      const parts = [
        line(source.outlet ?? "Unknown outlet"),
        `“${line(source.title)}”`,
        date(source.published_at, source.published_precision),
      ];
      const link = address ? ` <${address.replaceAll(">", "%3E")}>` : "";
      return `[^${number}]: ${parts.join(", ")}.${link} “${line(quote)}”`;
    });
    return notes.length ? [notes.join("\n")] : [];
  }
}

/** Return a text whose characters mean nothing in Markdown: a viewer would load its pictures. */
function escaped(text) {
  return text
    .replaceAll(/[\\`*_[\]<>#|!~&]/g, "\\$&")
    .replaceAll(/^(\s*)([-+=])/gm, "$1\\$2")
    .replaceAll(/^(\s*\d+)([.)])/gm, "$1\\$2");
}

function line(text) {
  return escaped(text.replaceAll(/\s+/g, " ").trim());
}
