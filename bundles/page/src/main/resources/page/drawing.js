/** Where the parts of the platform stand in the drawing: plain numbers, no elements. */

export const WIDTH = 380;
const GAP = 10;
const TOP = 20;
const BOX = 46;
const STEP = 92;

/** The kinds of components in the order in which data flows through them. */
const KINDS = ['tokenizer', 'vision encoder', 'transformer core', 'image decoder'];

/** Returns boxes `{kind, name, bundle, x, y, width, height, …}` and lines `{from, to, active}` for a snapshot. */
export function layout(snapshot, backend) {
  const {models, components, backends, in_use: inUse} = snapshot;
  const model = models.find(({chosen}) => chosen) ?? models[0];
  const rows = [
    model ? [{kind: 'model', name: model.name, bundle: model.bundle}] : [],
    KINDS.flatMap((kind) => componentOf(kind, components, inUse)),
    backends.map(({name, bundle, unavailable}) => ({kind: 'backend', name, bundle, unavailable})),
    backends.map(({name, devices}) => deviceOf(name, devices[0])),
  ].filter((row) => row.length);
  const boxes = rows.map((row, index) => row.map((box, at) => ({...box, ...place(row.length, at, index)})));
  const [[top] = [], parts = [], engines = [], devices = []] = boxes;
  const used = engines.find(({name}) => name === backend);
  const lines = [
    ...parts.map((part) => ({from: top, to: part, active: true})),
    ...parts.flatMap((part) => engines.map((engine) => ({from: part, to: engine, active: engine === used}))),
    ...engines.map((engine, at) => ({from: engine, to: devices[at], active: engine === used})),
  ].filter(({from, to}) => from && to);
  return {boxes: boxes.flat(), lines, height: TOP + Math.max(0, rows.length - 1) * STEP + BOX + 10};
}

/** Returns the path of a line, from the lower edge of a box to the upper edge of the next. */
export function path({from, to}) {
  const x = from.x + from.width / 2;
  const y = from.y + from.height;
  const middle = (y + to.y) / 2;
  const end = to.x + to.width / 2;
  return `M${x} ${y}C${x} ${middle} ${end} ${middle} ${end} ${to.y}`;
}

/** Returns the way of a generation: from the model through the transformer core to the device. */
export function way(lines) {
  const active = lines.filter((line) => line.active);
  const core = active.find(({to}) => to.kind === 'transformer core') ?? active[0];
  const ways = [core];
  while (ways.at(-1)) {
    ways.push(active.find(({from}) => from === ways.at(-1).to));
  }
  return ways.filter(Boolean).map((line, index) => (index ? path(line).replace('M', 'L') : path(line))).join('');
}

/** Shortens `text` to what fits `width`, at about `size` pixels a letter. */
export function fit(text, width, size = 5.9) {
  const letters = Math.floor((width - 6) / size);
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

function place(count, at, row) {
  const width = Math.min(170, (WIDTH - (count - 1) * GAP) / count);
  const left = (WIDTH - count * width - (count - 1) * GAP) / 2;
  return {x: left + at * (width + GAP), y: TOP + row * STEP, width, height: BOX};
}

/** The component of a kind that is in use, else the first that could be. */
function componentOf(kind, components, inUse) {
  const used = inUse.flatMap((use) => use.components).find((part) => part.kind === kind);
  const found = used ?? components.find((part) => part.kind === kind);
  return found ? [{kind, name: found.name, bundle: found.bundle}] : [];
}

function deviceOf(backend, device) {
  return {kind: 'device', backend, name: device?.name ?? '–', bundle: device?.description ?? ''};
}
