// Conversations kept in the browser, each turn by itself so that a long one costs no more to add to.

const NAME = "dateline";
const VERSION = 1;

/** Conversations in IndexedDB, or in memory where a browser keeps nothing. */
export class Store {
  #opened = open();
  #memory = null;

  /** Return what is known of each conversation, the latest first: id, title, questions, at. */
  async conversations() {
    const all = await this.#run("conversations", "readonly", (kept) => kept.getAll());
    return all.sort((one, other) => other.at - one.at);
  }

  /** Return the turns of a conversation in order. */
  async turns(id) {
    const range = IDBKeyRange.bound([id, 0], [id, Infinity]);
    return this.#run("turns", "readonly", (kept) => kept.getAll(range));
  }

  /** Keep a turn, in place of the one with its number. */
  async keepTurn(turn) {
    await this.#run("turns", "readwrite", (kept) => kept.put(turn));
  }

  /** Keep what is known of a conversation. */
  async keepConversation(conversation) {
    await this.#run("conversations", "readwrite", (kept) => kept.put(conversation));
  }

  /** Forget the turns of a conversation from a number on. */
  async cut(id, number) {
    const range = IDBKeyRange.bound([id, number], [id, Infinity]);
    await this.#run("turns", "readwrite", (kept) => kept.delete(range));
  }

  /** Forget a conversation. */
  async forget(id) {
    await this.cut(id, 0);
    await this.#run("conversations", "readwrite", (kept) => kept.delete(id));
  }

  async #run(name, mode, work) {
    const database = this.#memory ?? (await this.#opened);
    try {
      if (database) return await done(work(database.transaction(name, mode).objectStore(name)));
    } catch {
      // No room, or the data were cleared meanwhile: what follows is kept in memory.
    }
    this.#memory ??= new Memory();
    return done(work(this.#memory.transaction(name).objectStore(name)));
  }
}

function open() {
  return new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(NAME, VERSION);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => {
      request.result.createObjectStore("conversations", { keyPath: "id" });
      request.result.createObjectStore("turns", { keyPath: ["conversation", "number"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

function done(request) {
  if (!(request instanceof IDBRequest)) return request;
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** As much of IndexedDB as the store uses. */
class Memory {
  #kept = { conversations: new Map(), turns: new Map() };

  transaction() {
    return { objectStore: (name) => new Shelf(this.#kept[name]) };
  }
}

class Shelf {
  constructor(kept) {
    this.kept = kept;
  }

  put(record) {
    const key = record.id ?? [record.conversation, record.number];
    this.kept.set(JSON.stringify(key), structuredClone({ key, record }));
  }

  getAll(range = null) {
    const found = [...this.kept.values()].filter(({ key }) => !range || range.includes(key));
    return found.sort((a, b) => indexedDB.cmp(a.key, b.key)).map(({ record }) => record);
  }

  delete(wanted) {
    for (const [name, { key }] of this.kept) {
      if (wanted instanceof IDBKeyRange ? wanted.includes(key) : key === wanted) this.kept.delete(name);
    }
  }
}
