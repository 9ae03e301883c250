// Conversations kept in the browser, each turn by itself so that a long one costs no more to add to.

const NAME = `dateline ${location.pathname}`;
const VERSION = 1;
const OPENS_WITHIN_MS = 3000;

/**
 * Conversations in IndexedDB. A conversation has an `id`, a `title`, `questions` by the ids of its
 * turns, and `at`, when it was last added to; a turn an `id`, its `conversation` and `at`, when it was
 * asked.
 *
 * Where a browser keeps nothing, nothing is found and nothing is kept; `failed` says so once.
 */
export class Store {
  #opened = open();
  #isFailing = false;
  #forgotten = () => {};
  #tabs = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : new EventTarget();

  /** @param {function()} failed Is told when something could not be kept or found. */
  constructor(failed) {
    this.failed = failed;
    this.#opened.catch((error) => this.#fail(error));
    this.#tabs.addEventListener("message", ({ data }) => this.#forgotten(data, true));
  }

  /** Call `told` with the id of each conversation that is forgotten, and whether by another tab. */
  onForgotten(told) {
    this.#forgotten = told;
  }

  /** Return what is known of each conversation, the latest first. */
  async conversations() {
    const all = await this.#read("conversations", (kept) => kept.getAll());
    return all.sort((one, other) => other.at - one.at);
  }

  /** Return the turns of a conversation in the order in which they were asked. */
  async turns(id) {
    const all = await this.#read("turns", (kept) => kept.index("conversation").getAll(id));
    return all.sort((one, other) => one.at - other.at);
  }

  /**
   * Keep a turn in place of others.
   *
   * @param {{id: string, title: string, at: number}} conversation
   * @param {object} turn
   * @param {string[]} others Ids of turns that go.
   */
  async keep(conversation, turn, others = []) {
    await this.#write((conversations, turns) => {
      turns.put(turn);
      for (const id of others) turns.delete(id);
      // Another tab may have asked in the same conversation.
      conversations.get(conversation.id).onsuccess = ({ target }) => {
        const questions = { ...target.result?.questions, [turn.id]: turn.question };
        for (const id of others) delete questions[id];
        conversations.put({ ...conversation, questions });
      };
    });
  }

  /** Keep a turn as it is now, where it is kept at all: another tab may have replaced it. */
  async renew(turn) {
    await this.#write((_conversations, turns) => {
      turns.getKey(turn.id).onsuccess = ({ target }) => {
        if (target.result !== undefined) turns.put(turn);
      };
    });
  }

  /** Forget a conversation. */
  async forget(id) {
    // First, or an answer that is being written would be kept again.
    this.#forgotten(id, false);
    await this.#write((conversations, turns) => {
      conversations.delete(id);
      turns.index("conversation").getAllKeys(id).onsuccess = ({ target }) => {
        for (const key of target.result) turns.delete(key);
      };
    });
    this.#tabs.postMessage?.(id);
  }

  async #read(name, query) {
    try {
      const database = await this.#opened;
      return await settled(query(database.transaction(name).objectStore(name)), "onsuccess");
    } catch (error) {
      this.#fail(error);
      return [];
    }
  }

  async #write(work) {
    try {
      const database = await this.#opened;
      const transaction = database.transaction(["conversations", "turns"], "readwrite");
      work(transaction.objectStore("conversations"), transaction.objectStore("turns"));
      await settled(transaction, "oncomplete");
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    console.warn("Conversations are not kept:", error);
    if (!this.#isFailing) this.failed();
    this.#isFailing = true;
  }
}

async function open() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("conversations", { keyPath: "id" });
    const turns = request.result.createObjectStore("turns", { keyPath: "id" });
    turns.createIndex("conversation", "conversation");
  };
  // Browsers are known that neither open it nor say why.
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("it does not open")), OPENS_WITHIN_MS);
  });
  return Promise.race([settled(request, "onsuccess"), late]);
}

/** Wait for an event of a request or a transaction; return a request's result. */
function settled(asked, event) {
  return new Promise((resolve, reject) => {
    asked[event] = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    if ("onabort" in asked) asked.onabort = () => reject(asked.error ?? new Error("aborted"));
  });
}
