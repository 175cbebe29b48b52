import {LitElement, css, html, nothing} from 'lit';
import {gridOf} from '../generation.js';
import {history} from '../history.js';
import {download, toDataUrl, urlOf} from '../images.js';
import {language, number, t, time} from '../language.js';
import {noteOf} from '../notes.js';
import {send} from '../server.js';
import {orderOf, stage} from '../stage.js';
import {styles} from '../styles.js';
import {newSeed} from '../settings.js';
import {talk} from '../talk.js';
import {Watching} from '../watching.js';

/** How a picture was made, and what can be done with it. Properties `entry` and `notes`. */
class PictureRecord extends LitElement {
  static properties = {
    entry: {attribute: false},
    notes: {attribute: false},
    prompt: {state: true},
    verdict: {state: true},
  };

  static styles = [
    styles,
    css`
      :host {
        display: grid;
        gap: 1rem;
      }
      h2 {
        font-family: var(--serif);
        font-size: 1.35rem;
        font-weight: 500;
        line-height: 1.3;
        max-height: 12rem;
        overflow: auto;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.25rem 1rem;
        font-size: 0.88rem;
      }
      dt {
        color: var(--muted);
      }
      dd {
        overflow-wrap: anywhere;
        font-variant-numeric: tabular-nums;
      }
      .redraw {
        display: grid;
        gap: 0.6rem;
        padding: 0.9rem;
        border-radius: 10px;
        background: var(--sunken);
      }
      .redraw label {
        display: grid;
        gap: 0.25rem;
      }
      .inputs img {
        width: 48px;
        border-radius: 6px;
        image-rendering: pixelated;
      }
    `,
  ];

  constructor() {
    super();
    new Watching(this, language, stage, history);
  }

  willUpdate(changed) {
    if (changed.has('entry')) {
      this.prompt = this.entry.prompt;
      this.verdict = '';
    }
  }

  render() {
    const {entry} = this;
    const marking = stage.marking && gridOf(entry.intarsia);
    return html`
      <h2>${entry.prompt}</h2>
      ${this.notes.map(noteOf)}
      ${entry.inputs.length
        ? html`<div class="row inputs">
            ${entry.inputs.map((input) => html`<img src=${urlOf(input)} alt=${t('record.input')} />`)}
          </div>`
        : nothing}
      ${marking ? this.#redrawing() : this.#actions()}
      <dl>
        ${rows(entry).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
      </dl>
      ${marking ? nothing : this.#files()}
      <p class="muted" role="status">${this.verdict}</p>
    `;
  }

  #actions() {
    const {entry} = this;
    const parent = history.find(entry.parent);
    const lost = isLost(entry);
    return html`<div class="row">
      ${gridOf(entry.intarsia)
        ? html`<button class="main" @click=${() => stage.set({marking: true})}>${t('record.cells')}</button>`
        : nothing}
      ${parent && entry.cells
        ? html`<button @click=${() => stage.show(parent)}>${t('record.undo')}</button>`
        : nothing}
      <button ?disabled=${lost} @click=${() => this.#again(entry.intarsia.seed)}>${t('record.again')}</button>
      <button ?disabled=${lost} @click=${() => this.#again(newSeed())}>${t('record.anotherSeed')}</button>
      <button @click=${this.#branch}>${t('record.branch')}</button>
      <button @click=${() => talk.attach(entry.picture)}>${t('record.ask')}</button>
      <button
        aria-pressed=${stage.comparing === entry}
        ?disabled=${history.entries.length < 2}
        @click=${() => stage.set({comparing: stage.comparing === entry ? null : entry})}
      >
        ${t('record.compare')}
      </button>
      ${lost ? html`<p class="muted">${t('record.lost')}</p>` : nothing}
    </div>`;
  }

  #redrawing() {
    const count = stage.marked.size;
    const parent = history.find(this.entry.parent);
    return html`<form class="redraw" @submit=${this.#redraw}>
      <p class="muted">${t('cells.help')}</p>
      <label>
        <span class="muted">${t('cells.prompt')}</span>
        <input .value=${this.prompt} @input=${(event) => (this.prompt = event.target.value)} required />
      </label>
      <div class="row">
        <button class="main" ?disabled=${!count || stage.isRunning}>
          ${count ? t('cells.redraw', {count: number(count)}) : t('cells.none')}
        </button>
        ${parent && this.entry.cells
          ? html`<button type="button" @click=${() => stage.show(parent)}>${t('record.undo')}</button>`
          : nothing}
        <button type="button" class="quiet" ?disabled=${!count} @click=${() => stage.set({marked: new Set()})}>
          ${t('cells.clear')}
        </button>
        <button type="button" class="quiet" @click=${() => stage.set({marking: false})}>${t('cells.end')}</button>
      </div>
    </form>`;
  }

  #files() {
    return html`<div class="row">
      <button class="quiet" @click=${this.#save}>${t('record.save')}</button>
      <button class="quiet" ?disabled=${isLost(this.entry)} @click=${this.#check}>${t('record.check')}</button>
      <button class="quiet" @click=${this.#remove}>${t('record.remove')}</button>
    </div>`;
  }

  #redraw(event) {
    event.preventDefault();
    stage.redraw(this.entry, this.prompt, {...this.entry.settings, seed: newSeed()});
  }

  #again(seed) {
    stage.start([orderOf(this.entry, {seed})]);
  }

  #branch() {
    const {prompt, inputs, settings, intarsia} = this.entry;
    stage.set({draft: {prompt, inputs, settings: {...settings, seed: intarsia.seed}}});
  }

  #save() {
    download(this.entry.picture, `intarsia-${this.entry.intarsia.seed ?? this.entry.created}.png`);
  }

  async #remove() {
    stage.close(stage.slots.find((slot) => slot.entry === this.entry));
    await history.remove(this.entry);
  }

  /** Has the server make the picture again from the record inside it, and tells how the two differ. */
  async #check() {
    this.verdict = t('record.checking');
    try {
      const {picture, inputs, cells, parent} = this.entry;
      // The picture that was redrawn comes last.
      const begun = cells ? [...inputs, history.find(parent).picture] : inputs;
      const body = {image: await toDataUrl(picture), images: await Promise.all(begun.map(toDataUrl))};
      const answer = await send('/intarsia/reproduce', {body});
      this.verdict = t(answer.same_bytes ? 'record.sameBytes' : answer.same_tokens ? 'record.sameTokens' : 'record.differs');
    } catch (error) {
      this.verdict = error.message;
    }
  }
}

/** Whether `entry` is a redraw of a picture that is no longer there, so that it cannot be made again. */
function isLost(entry) {
  return Boolean(entry.cells) && !history.find(entry.parent);
}

/** Returns what is known of how `entry` was made, as pairs of a name and a value, both to be shown. */
export function rows({intarsia, settings, cells, created, milliseconds}) {
  const decimals = (value) => (typeof value === 'number' ? number(value, 3) : value);
  const all = [
    ['seed', intarsia.seed === undefined ? undefined : String(intarsia.seed)],
    ['model', intarsia.model ?? settings.model],
    ['backend', intarsia.backend && devices(intarsia.backend)],
    ['guidance', decimals(intarsia.guidance)],
    ['temperature', decimals(intarsia.temperature)],
    ['topK', intarsia.top_k],
    ['topP', decimals(intarsia.top_p)],
    ['minP', decimals(intarsia.min_p)],
    ['size', intarsia.width ? `${intarsia.width} × ${intarsia.height}` : undefined],
    ['grid', intarsia.columns ? t('record.gridOf', intarsia) : undefined],
    ['redrawn', cells ? number(cells.length) : undefined],
    ['duration', t('record.seconds', {seconds: number(milliseconds / 1000, 1)})],
    ['created', time(created)],
  ];
  return all.filter(([, value]) => value !== undefined && value !== null).map(([key, value]) => [t(`record.${key}`), value]);
}

/** Returns the devices of a record without their bundles, in the order in which they worked: `cpu → vulkan`. */
function devices(backend) {
  return backend.split(', ').map((device) => device.split(' ')[0].replace(/^(\w+)\/\1$/, '$1')).join(' → ');
}

customElements.define('intarsia-record', PictureRecord);
