// The service's HTTP interface. Addresses are relative, so that the page works under any path.

import { keep, kept } from "./dom.js";
import { eventsOf } from "./events.js";

/** A problem document, or what stands in for one. */
export class Problem extends Error {
  constructor({ title = "Something went wrong", detail = "", code, request_id: requestId, errors }) {
    super(detail);
    this.title = title;
    this.detail = detail;
    this.code = code;
    this.requestId = requestId ?? null;
    this.errors = errors ?? [];
  }
}

const PAGE_FAILED = {
  title: "This page made a mistake",
  detail: "Reload it, then try again; the browser's console says more.",
  code: "page_failed",
};
const UNREACHABLE = {
  title: "The service does not answer",
  detail: "Check that it is running and that you are connected, then try again.",
  code: "unreachable",
};
const BROKEN_OFF = {
  title: "The answer broke off",
  detail: "The connection ended before the answer was whole, so none of it was checked. Try again.",
  code: "broken_off",
};

function unexpected(status) {
  return {
    title: "The service gave an answer that this page does not understand",
    detail: `The status was ${status}. Try again in a moment.`,
    code: "unexpected_reply",
  };
}

/** Return what went wrong as a problem; what is none is a mistake of this page's. */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem(PAGE_FAILED);
}

/** Return the headers that let a request in. */
export function access() {
  return lastKey ? { Authorization: `Bearer ${lastKey}` } : {};
}

async function reach(path, options) {
  try {
    return await fetch(path, { ...options, headers: { ...options.headers, ...access() } });
  } catch (error) {
    throw options.signal?.aborted ? error : new Problem(UNREACHABLE);
  }
}

async function documentOf(reply) {
  let body = null;
  try {
    body = await reply.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
  }
  if (reply.status === 401) keyNeeded();
  if (!reply.ok) throw new Problem(body?.code ? body : unexpected(reply.status));
  if (body === null) throw new Problem(unexpected(reply.status));
  return body;
}

async function call(path, options = {}) {
  return documentOf(await reach(path, options));
}

function post(body, accept = "application/json") {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept },
    body: JSON.stringify(body),
  };
}

const KEY = "dateline-key";
// Where a browser keeps nothing, until the page is left.
let lastKey = kept("sessionStorage", KEY);
let keyNeeded = () => {};

/** Keep a key for this session; it goes with every request from now on. */
export function useKey(key) {
  keep("sessionStorage", KEY, key);
  lastKey = key;
}

/** Call `told` whenever the service wants a key, or another one. */
export function onKeyNeeded(told) {
  keyNeeded = told;
}

/** Return the OpenAPI document. */
export function openapi() {
  return call("openapi.json");
}

export function stats() {
  return call("v1/stats");
}

export function article(id, signal) {
  return call(`v1/articles/${encodeURIComponent(id)}`, { signal });
}

/** Tell the service what a reader thinks of an answer; it gives nothing back. */
export async function rate(answerId, rating, comment) {
  const reply = await reach("v1/feedback", post({ answer_id: answerId, rating, comment }));
  if (!reply.ok) await documentOf(reply);
}

/**
 * Ask, and return the answer.
 *
 * @param {object} question The body of POST v1/ask.
 * @param {AbortSignal} signal
 * @param {function(string)} onText Is given each piece of the text as it is written.
 */
export async function ask(question, signal, onText) {
  try {
    return await streamed(question, signal, onText);
  } catch (error) {
    // How much history a service takes is its own setting.
    if (error.code !== "history_too_long") throw error;
    return await streamed({ ...question, history: [] }, signal, onText);
  }
}

async function streamed(question, signal, onText) {
  const reply = await reach("v1/ask", { ...post(question, "text/event-stream"), signal });
  const isStream = reply.headers.get("Content-Type")?.startsWith("text/event-stream");
  if (!reply.ok || !isStream || !reply.body) return documentOf(reply);
  for await (const { name, data } of eventsOf(reply.body)) {
    if (name === "delta") onText(JSON.parse(data).text);
    if (name === "answer") return JSON.parse(data);
    if (name === "error") throw new Problem(JSON.parse(data));
  }
  signal.throwIfAborted();
  throw new Problem(BROKEN_OFF);
}
