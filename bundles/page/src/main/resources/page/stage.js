import {Generation} from './generation.js';
import {history} from './history.js';
import {Changing} from './watching.js';

/**
 * What is shown and what is being made. A slot of the stage holds a generation, which has an entry once it is done, or an
 * entry of the history.
 */
class Stage extends Changing {
  slots = [];
  /** Numbers of the cells that are marked, and whether the grid for marking is open. Both outlive a redraw. */
  marked = new Set();
  marking = false;
  /** The entry that waits for another one to be compared with. */
  comparing = null;
  compared = null;
  /** What the compose element shall take over: `{prompt, inputs, settings}`. */
  draft = null;

  /** Makes pictures from `orders`, beside what is still being made. */
  start(orders) {
    const fresh = orders.map((order) => ({generation: new Generation(order), entry: null}));
    this.slots = [...this.slots.filter((slot) => slot.generation?.isRunning), ...fresh];
    if (!orders.some((order) => order.cells)) {
      this.#unmark();
    }
    this.changed();
    return Promise.all(fresh.map((slot) => this.#run(slot)));
  }

  get isRunning() {
    return this.slots.some((slot) => slot.generation?.isRunning);
  }

  show(entry) {
    if (this.comparing && this.comparing !== entry) {
      this.compared = [this.comparing, entry];
      this.comparing = null;
    } else {
      const other = this.slots.length !== 1 || this.slots[0].entry?.parent !== entry.id;
      if (other && !this.#sameLine(entry)) {
        this.#unmark();
      }
      this.slots = [...this.slots.filter((slot) => slot.generation?.isRunning), {generation: null, entry}];
    }
    this.changed();
  }

  /** Takes `slot` from the stage; the picture stays in the history. */
  close(slot) {
    this.slots = this.slots.filter((other) => other !== slot);
    this.changed();
  }

  /** Changes fields, and says so. */
  set(values) {
    Object.assign(this, values);
    this.changed();
  }

  mark(cell, on) {
    this.marked = new Set(this.marked);
    this.marked[on ? 'add' : 'delete'](cell);
    this.changed();
  }

  /** Draws the marked cells of `entry` again. Without a seed in `settings` the server draws one. */
  redraw(entry, prompt, settings) {
    const cells = [...this.marked].sort((a, b) => a - b);
    return this.start([{prompt, inputs: [], settings, base: entry, cells}]);
  }

  async #run(slot) {
    const entry = await slot.generation.run();
    if (entry) {
      slot.entry = entry;
      this.changed();
      await history.add(entry);
    } else if (slot.generation.phase === 'cancelled' && slot.generation.order.base) {
      // A cancelled redraw gives way to the picture that it began with.
      slot.entry = slot.generation.order.base;
      slot.generation = null;
    }
    this.changed();
  }

  #sameLine(entry) {
    return this.slots.some((slot) => slot.entry && (slot.entry.parent === entry.id || entry.parent === slot.entry.id));
  }

  #unmark() {
    this.marked = new Set();
    this.marking = false;
  }
}

export const stage = new Stage();

/** Returns the order that would make `entry` again. */
export function orderOf(entry, settings) {
  const {prompt, inputs, cells} = entry;
  const base = entry.cells ? history.find(entry.parent) : null;
  return {prompt, inputs, settings: {...entry.settings, ...settings}, ...(base && {base, cells})};
}
