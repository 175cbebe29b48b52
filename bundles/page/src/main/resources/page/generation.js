import {fromBase64, toDataUrl} from './images.js';
import {t} from './language.js';
import {stream} from './server.js';
import {Changing} from './watching.js';

/** A browser keeps six connections to a server; one is for events, one stays free for cancelling and swapping. */
const AT_ONCE = 4;
const PREVIEW_EVERY = 8;

let running = 0;
const waiting = [];

/** Lets the next one begin, which takes over the turn of the one that has ended. */
function passTurn() {
  const next = waiting.shift();
  if (next) {
    next();
  } else {
    running--;
  }
}

/**
 * One picture being made. `order` holds `prompt`, `inputs` (blobs), `settings` (fields of the request), and for a redraw
 * `base` (the entry whose picture it is) and `cells`. Says `change` at each step; `phase` is `waiting` (in this page),
 * `queued`, `loading`, `reading`, `drawing`, `done`, `failed` or `cancelled`.
 */
export class Generation extends Changing {
  phase = 'waiting';
  place = null;
  secondsLeft = null;
  codes = [];
  total = 0;
  grid = null;
  preview = null;
  previewed = 0;
  previews = 0;
  message = '';
  notes = [];
  entry = null;
  #abort = new AbortController();

  constructor(order) {
    super();
    this.order = order;
    this.grid = order.base ? gridOf(order.base.intarsia) : null;
  }

  get isRunning() {
    return !['done', 'failed', 'cancelled'].includes(this.phase);
  }

  cancel() {
    this.#abort.abort();
  }

  /** Makes the picture, and answers its entry; null when it failed or was cancelled. */
  async run() {
    const started = performance.now();
    let hasTurn = false;
    try {
      await this.#turn();
      hasTurn = true;
      this.#set({phase: 'queued'});
      for await (const {event, data} of stream(...(await this.#request()))) {
        await this.#take(event, data, started);
      }
      if (!this.entry) {
        throw new Error(t('error.unfinished'));
      }
      this.#set({phase: 'done'});
    } catch (error) {
      const cancelled = this.#abort.signal.aborted;
      this.#set({phase: cancelled ? 'cancelled' : 'failed', message: cancelled ? '' : error.message});
    } finally {
      if (hasTurn) {
        passTurn();
      }
    }
    return this.entry;
  }

  async #turn() {
    const {signal} = this.#abort;
    signal.throwIfAborted();
    if (running < AT_ONCE) {
      running++;
      return;
    }
    await new Promise((resolve, reject) => {
      waiting.push(resolve);
      signal.addEventListener('abort', () => {
        const at = waiting.indexOf(resolve);
        if (at >= 0) {
          waiting.splice(at, 1);
          reject(signal.reason);
        }
      });
    });
  }

  async #request() {
    const {prompt, inputs, settings, base, cells} = this.order;
    const intarsia = {progress: true, preview_every: PREVIEW_EVERY, ...(cells && {cells})};
    const body = {...settings, prompt, n: 1, response_format: 'b64_json', output_format: 'png', stream: true, intarsia};
    const images = base ? [base.picture] : inputs;
    if (images.length) {
      const urls = await Promise.all(images.map(toDataUrl));
      body.image = urls.length === 1 ? urls[0] : urls;
    }
    return [images.length ? '/v1/images/edits' : '/v1/images/generations', {body, signal: this.#abort.signal}];
  }

  async #take(event, data, started) {
    if (event === 'intarsia.progress') {
      this.#progress(data);
    } else if (event.endsWith('.partial_image')) {
      const preview = await createImageBitmap(fromBase64(data.b64_json));
      this.#set({preview, previewed: this.codes.length, previews: this.previews + 1});
    } else if (event.endsWith('.completed')) {
      this.entry = this.#entryOf(data, performance.now() - started);
      this.notes = data.intarsia?.notes ?? [];
      this.grid = gridOf(data.intarsia);
    }
  }

  #progress(data) {
    const drawing = data.phase === 'drawing';
    if (drawing) {
      this.codes.push(data.code);
      const side = Math.round(Math.sqrt(data.total));
      this.grid ??= {columns: side, rows: Math.ceil(data.total / side)};
    }
    this.#set({
      phase: data.phase,
      place: data.place ?? null,
      secondsLeft: data.seconds_left ?? null,
      total: drawing ? data.total : this.total,
    });
  }

  #entryOf(data, milliseconds) {
    const {prompt, inputs, settings, base, cells} = this.order;
    return {
      id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
      created: Date.now(),
      prompt,
      picture: fromBase64(data.b64_json),
      inputs: base ? [] : inputs,
      parent: base?.id ?? null,
      cells: cells ?? null,
      settings,
      intarsia: data.intarsia ?? {},
      milliseconds: Math.round(milliseconds),
    };
  }

  #set(values) {
    Object.assign(this, values);
    this.changed();
  }
}

/** Returns the token grid that a record tells, or null. */
export function gridOf(intarsia) {
  return intarsia?.columns ? {columns: intarsia.columns, rows: intarsia.rows} : null;
}
