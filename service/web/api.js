// The service's HTTP interface. Addresses are relative, so that the page works under any path.

/** A problem document, or what stands in for one. */
export class Problem extends Error {
  constructor({ title, detail, code, request_id: requestId, errors }) {
    super(detail);
    this.title = title;
    this.detail = detail;
    this.code = code;
    this.requestId = requestId ?? null;
    this.errors = errors ?? [];
  }
}

const UNREACHABLE = {
  title: "The service does not answer",
  detail: "Check that it is running and that you are connected, then try again.",
  code: "unreachable",
};

function unexpected(status) {
  return {
    title: "The service gave an answer that this page does not understand",
    detail: `The status was ${status}. Try again in a moment.`,
    code: "unexpected_reply",
  };
}

async function call(path, options = {}) {
  let reply;
  let body;
  try {
    reply = await fetch(path, options);
    body = await reply.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(reply ? unexpected(reply.status) : UNREACHABLE);
  }
  if (!reply.ok) throw new Problem(body?.code ? body : unexpected(reply.status));
  return body;
}

export function stats() {
  return call("v1/stats");
}

export function article(id, signal) {
  return call(`v1/articles/${encodeURIComponent(id)}`, { signal });
}

export async function ask(question, history, signal) {
  const send = (turns) =>
    call("v1/ask", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ question, history: turns }),
      signal,
    });
  try {
    return await send(history);
  } catch (error) {
    // How much history a service takes is its own setting.
    if (error.code !== "history_too_long") throw error;
    return await send([]);
  }
}
