// Server-sent events read from a response, as the HTML standard says (9.2.6).

const LINGER_MS = 1000;

/**
 * Yield the events of a stream as they come, until it ends or breaks off; comments are left out.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{name: string, data: string}>}
 */
export async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new Parser();
  try {
    for (;;) {
      // A connection that breaks ends the stream: what came until then counts.
      const { done, value } = await reader.read().catch(() => ({ done: true }));
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    // Not at once: what was read to its end would count as broken off.
    setTimeout(() => reader.cancel().catch(() => {}), LINGER_MS);
  }
}

class Parser {
  #rest = "";
  #name = "message";
  #data = [];

  *push(text) {
    this.#rest += text;
    // A lone CR at the end may be the first half of a CRLF.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      const event = this.#line(line);
      if (event) yield event;
    }
  }

  #line(line) {
    if (line === "") {
      const event = this.#data.length ? { name: this.#name, data: this.#data.join("\n") } : null;
      this.#name = "message";
      this.#data = [];
      return event;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
    if (field === "event") this.#name = value;
    if (field === "data") this.#data.push(value);
    return null;
  }
}
