import {fromBase64, toDataUrl} from './images.js';
import {send} from './server.js';
import {Changing} from './watching.js';

const STORE = 'pictures';
const SERVER = '/intarsia/history';

/** All pictures made here, newest first: kept by the browser, and by the server where it keeps a history. */
class History extends Changing {
  entries = [];
  onServer = false;
  #database = null;

  async open() {
    this.#database = await promise(opening());
    const entries = await promise(this.#store('readonly').getAll());
    this.entries = entries.sort(newestFirst);
    this.changed();
    await this.#join();
  }

  find(id) {
    return this.entries.find((entry) => entry.id === id) ?? null;
  }

  async add(entry) {
    await this.#keep(entry);
    if (this.onServer) {
      await send(SERVER, {body: await toJson(entry)});
    }
  }

  async remove(entry) {
    await promise(this.#store('readwrite').delete(entry.id));
    this.entries = this.entries.filter((other) => other !== entry);
    this.changed();
    if (this.onServer) {
      await send(`${SERVER}/${encodeURIComponent(entry.id)}`, {method: 'DELETE'});
    }
  }

  /** Returns the whole history as one JSON file. */
  async export() {
    const entries = await Promise.all(this.entries.map(toJson));
    return new Blob([JSON.stringify({format: 'intarsia-history', version: 1, entries})], {type: 'application/json'});
  }

  /** Adds the entries of such a file that are not here yet, and answers how many. */
  async import(file) {
    const {format, entries} = JSON.parse(await file.text());
    if (format !== 'intarsia-history' || !Array.isArray(entries)) {
      throw new TypeError(file.name);
    }
    return this.#addAll(entries);
  }

  /** A server without a history answers 404, which is no error. */
  async #join() {
    let theirs;
    try {
      theirs = await send(SERVER);
    } catch {
      return;
    }
    this.onServer = true;
    await this.#addAll(theirs.entries ?? []);
  }

  async #addAll(entries) {
    const fresh = entries.filter((entry) => !this.find(entry.id)).map(fromJson);
    for (const entry of fresh) {
      await this.#keep(entry);
    }
    return fresh.length;
  }

  async #keep(entry) {
    await promise(this.#store('readwrite').put(entry));
    this.entries = [entry, ...this.entries].sort(newestFirst);
    this.changed();
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

function fromJson(entry) {
  return {...entry, picture: fromBase64(entry.picture), inputs: (entry.inputs ?? []).map((input) => fromBase64(input))};
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
