import {LitElement, css, html, nothing} from 'lit';
import {gridOf} from '../generation.js';
import {urlOf} from '../images.js';
import {language, number, t} from '../language.js';
import {stage} from '../stage.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';
import './cells.js';
import './forming.js';

/** One place of the stage: a picture that forms, with its progress, or a finished one. Property `slotted`. */
class Slot extends LitElement {
  static properties = {slotted: {attribute: false}, alone: {type: Boolean}};

  static styles = [
    styles,
    css`
      figure {
        display: grid;
        gap: 0.7rem;
      }
      .frame {
        position: relative;
        overflow: hidden;
        border-radius: 10px;
        background: var(--sunken);
      }
      img {
        display: block;
        width: 100%;
        height: auto;
        image-rendering: pixelated;
      }
      button.frame {
        padding: 0;
        border: 0;
      }
      .track {
        height: 4px;
        overflow: hidden;
        border-radius: 2px;
        background: var(--sunken);
      }
      .bar {
        height: 100%;
        background: var(--accent);
        transform-origin: left;
        transition: transform 0.15s linear;
      }
      .failed {
        display: grid;
        place-content: center;
        gap: 0.5rem;
        aspect-ratio: 1;
        padding: 1.5rem;
        text-align: center;
        overflow-wrap: anywhere;
      }
      figcaption {
        min-height: 36px;
      }
      .status {
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  constructor() {
    super();
    new Watching(this, language, stage);
  }

  willUpdate(changed) {
    if (changed.has('slotted')) {
      this.watched?.removeEventListener('change', this.rerender);
      this.watched = this.slotted.generation;
      this.rerender ??= () => this.requestUpdate();
      this.watched?.addEventListener('change', this.rerender);
    }
  }

  render() {
    const {generation, entry} = this.slotted;
    return entry ? this.#finished(entry) : generation.isRunning ? this.#forming(generation) : this.#ended(generation);
  }

  #finished(entry) {
    const grid = gridOf(entry.intarsia);
    // The size keeps the place while the picture is decoded.
    const {width, height} = entry.intarsia;
    const image = html`<img src=${urlOf(entry.picture)} width=${width ?? nothing} height=${height ?? nothing} alt=${entry.prompt}
      data-entry=${entry.id} />`;
    if (!this.alone) {
      return html`<figure>
        <button class="frame" aria-label=${t('stage.choose', {prompt: entry.prompt})} @click=${() => stage.show(entry)}>
          ${image}
        </button>
      </figure>`;
    }
    return html`<figure>
      <div class="frame">${image}${stage.marking && grid ? html`<intarsia-cells .grid=${grid}></intarsia-cells>` : nothing}</div>
    </figure>`;
  }

  #forming(generation) {
    const {codes, total} = generation;
    const share = total ? codes.length / total : 0;
    return html`<figure>
      <intarsia-forming .generation=${generation}></intarsia-forming>
      <div
        class="track"
        role="progressbar"
        aria-label=${t('progress.label')}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(share * 100)}
      >
        <div class="bar" .style=${`transform: scaleX(${share})`}></div>
      </div>
      <figcaption class="row">
        <span class="grow muted status">${statusOf(generation)}</span>
        <button @click=${() => generation.cancel()}>${t('cancel')}</button>
      </figcaption>
    </figure>`;
  }

  #ended({phase, message, order}) {
    return html`<figure>
      <div class="frame failed" role=${phase === 'failed' ? 'alert' : nothing}>
        <p class=${phase === 'failed' ? 'bad' : 'muted'}>${message || t('phase.cancelled')}</p>
      </div>
      <figcaption class="row">
        <button @click=${() => this.#retry(order)}>${t('retry')}</button>
        <button class="quiet" @click=${() => stage.close(this.slotted)}>${t('close')}</button>
      </figcaption>
    </figure>`;
  }

  #retry(order) {
    stage.close(this.slotted);
    stage.start([order]);
  }
}

/** Returns one line that tells how far `generation` is. */
export function statusOf({phase, place, secondsLeft, codes, total}) {
  const parts = [t(`phase.${phase}`)];
  if (phase === 'queued' && place) {
    parts.push(t('progress.place', {place: number(place)}));
  }
  if (phase === 'drawing' && total) {
    parts.push(t('progress.codes', {codes: number(codes.length), total: number(total)}));
  }
  if (secondsLeft !== null) {
    parts.push(t('progress.left', {seconds: number(secondsLeft, secondsLeft < 10 ? 1 : 0)}));
  }
  return parts.join(' · ');
}

customElements.define('intarsia-slot', Slot);
