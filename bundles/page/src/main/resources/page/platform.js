import {send, stream} from './server.js';
import {Changing} from './watching.js';

const RETRY_MS = 3000;
const KEPT = 20;

/** The bundles that run on the server: their components and backends, what uses what, and what happens to them. */
class Platform extends Changing {
  snapshot = {models: [], components: [], backends: [], in_use: [], default_backend: null};
  metrics = null;
  /** What happened last, newest first: `{event, data, at}`. */
  happened = [];
  /** `{from, to, milliseconds}` of the last swap that was asked for here. */
  swapped = null;
  swapping = null;
  message = '';
  isConnected = false;

  /** Listens for as long as the page lives, and begins again when the connection breaks. */
  async listen() {
    for (;;) {
      try {
        this.#set({snapshot: await send('/intarsia/components', {asks: false})});
        for await (const {event, data} of stream('/intarsia/events', {asks: false})) {
          this.#hear(event, data);
        }
      } catch {
        // The drawing says that it is not connected.
      }
      this.#set({isConnected: false});
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** The backend that generations run on, else the one that new ones would take. */
  get backend() {
    const device = this.snapshot.in_use.find(({device}) => device)?.device;
    return device?.split(/[/ ]/)[0] ?? this.snapshot.default_backend;
  }

  /** Moves everything to another backend, also what is in flight. */
  async swap(backend) {
    const from = this.backend;
    this.#set({swapping: backend, message: ''});
    try {
      const {milliseconds} = await send('/intarsia/swap', {body: {backend}});
      this.#set({swapped: {from, to: backend, milliseconds}, snapshot: await send('/intarsia/components')});
    } catch (error) {
      this.#set({message: error.message});
    }
    this.#set({swapping: null});
  }

  #hear(event, data) {
    this.isConnected = true;
    if (event === 'components') {
      this.snapshot = data;
    } else if (event === 'metrics') {
      this.metrics = data;
    } else {
      this.happened = [{event, data, at: Date.now()}, ...this.happened].slice(0, KEPT);
    }
    this.changed();
  }

  #set(values) {
    Object.assign(this, values);
    this.changed();
  }
}

export const platform = new Platform();
