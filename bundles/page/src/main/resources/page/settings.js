import {send} from './server.js';
import {Changing} from './watching.js';

/** The fields of a request that the page lets choose, with the bounds that the fields of the form have. */
export const FIELDS = [
  {name: 'seed', min: 0, max: Number.MAX_SAFE_INTEGER, step: 1},
  {name: 'guidance', min: 0, max: 30, step: 0.1},
  {name: 'temperature', min: 0, max: 10, step: 0.05},
  {name: 'top_k', min: 0, max: 100000, step: 1},
  {name: 'top_p', min: 0.01, max: 1, step: 0.01},
  {name: 'min_p', min: 0, max: 1, step: 0.01},
];

export function newSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] >>> 1;
}

/** The models of the server, and the one chosen here. */
class Models extends Changing {
  names = [];
  chosen = '';

  async load() {
    const {data} = await send('/v1/models');
    this.names = data.map(({id}) => id);
    this.choose(this.names.includes(this.chosen) ? this.chosen : (this.names[0] ?? ''));
  }

  choose(name) {
    this.chosen = name;
    this.changed();
  }
}

export const models = new Models();
