import {fromBase64, toDataUrl} from './images.js';
import {t} from './language.js';
import {send, session} from './server.js';
import {Changing} from './watching.js';

const STORE = 'pictures';
const SERVER = '/intarsia/history';

/** All pictures made here, newest first: kept by the browser, and by the server where it keeps a history. */
class History extends Changing {
  entries = [];
  onServer = false;
  /** Why the last picture is not kept as it should be; empty where all are. */
  problem = '';
  /** Null where the browser keeps nothing for this page, as in some private windows. */
  #database = null;

  async open() {
    this.problem = '';
    try {
      this.#database = await promise(opening());
      const entries = await promise(this.#store('readonly').getAll());
      this.entries = entries.sort(newestFirst);
    } catch {
      this.#database = null;
      this.problem = t('history.notKept');
    }
    this.changed();
    await this.#join();
  }

  find(id) {
    return this.entries.find((entry) => entry.id === id) ?? null;
  }

  /** Adds `entry`. Where it cannot be kept it is listed all the same, and `problem` says why it is not kept. */
  async add(entry) {
    this.#list(entry);
    await this.#try(async () => {
      await this.#keep(entry);
      await this.#upload(entry);
    });
  }

  async remove(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    this.changed();
    await this.#try(async () => {
      await (this.#database && promise(this.#store('readwrite').delete(entry.id)));
      if (this.onServer) {
        await send(`${SERVER}/${encodeURIComponent(entry.id)}`, {method: 'DELETE'}).catch((error) => {
          // One that was made while the server kept no history is not there.
          if (error.status !== 404) {
            throw error;
          }
        });
      }
    });
  }

  /** Returns the whole history as one JSON file. */
  async export() {
    const entries = await Promise.all(this.entries.map(toJson));
    return new Blob([JSON.stringify({format: 'intarsia-history', version: 1, entries})], {type: 'application/json'});
  }

  /** Adds the entries of such a file that are not here yet, and answers how many. */
  async import(file) {
    const {format, entries} = JSON.parse(await file.text());
    if (format !== 'intarsia-history' || !Array.isArray(entries) || !entries.every(isEntry)) {
      throw new TypeError(file.name);
    }
    const fresh = this.#unknown(entries);
    for (const entry of fresh) {
      await this.add(entry);
    }
    return fresh.length;
  }

  /** A server without a history answers 404, which is no error. */
  async #join() {
    let theirs;
    try {
      // The browser's own history is opened before: meanwhile somebody may have closed the dialog.
      theirs = await send(SERVER, {asks: session.declined < 0});
    } catch (error) {
      if (error.status !== 404) {
        this.problem = error.message;
        this.changed();
      }
      return;
    }
    this.onServer = true;
    await this.#try(async () => {
      // Whoever may use the server may put other things there.
      for (const entry of this.#unknown((theirs.entries ?? []).filter(isEntry))) {
        this.#list(entry);
        await this.#keep(entry);
      }
    });
  }

  /** Returns those of `entries` that are not here yet, each once. */
  #unknown(entries) {
    const fresh = new Map(entries.filter(({id}) => !this.find(id)).map((entry) => [entry.id, entry]));
    return [...fresh.values()].map(fromJson);
  }

  #list(entry) {
    this.entries = [entry, ...this.entries].sort(newestFirst);
    this.changed();
  }

  async #keep(entry) {
    if (this.#database) {
      await promise(this.#store('readwrite').put(entry));
    }
  }

  async #upload(entry) {
    if (this.onServer) {
      await send(SERVER, {body: await toJson(entry)});
    }
  }

  async #try(task) {
    try {
      await task();
    } catch (error) {
      this.problem = t('history.problem', {reason: error.message});
      this.changed();
    }
  }

  #store(mode) {
    return this.#database.transaction(STORE, mode).objectStore(STORE);
  }
}

export const history = new History();

async function toJson(entry) {
  const inputs = await Promise.all(entry.inputs.map(toDataUrl));
  return {...entry, picture: await toDataUrl(entry.picture), inputs};
}

function isEntry(entry) {
  return typeof entry?.id === 'string' && typeof entry.prompt === 'string' && Number.isFinite(entry.created)
    && [entry.picture, ...(entry.inputs ?? [])].every((picture) => typeof picture === 'string' && picture.startsWith('data:image/'));
}

function fromJson(entry) {
  return {
    parent: null,
    cells: null,
    milliseconds: 0,
    ...entry,
    settings: entry.settings ?? {},
    intarsia: entry.intarsia ?? {},
    picture: fromBase64(entry.picture),
    inputs: (entry.inputs ?? []).map((input) => fromBase64(input)),
  };
}

function newestFirst(one, other) {
  return other.created - one.created;
}

function opening() {
  const request = indexedDB.open('intarsia', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, {keyPath: 'id'});
  return request;
}

function promise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
