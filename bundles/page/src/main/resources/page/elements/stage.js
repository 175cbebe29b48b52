import {LitElement, css, html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {language, t} from '../language.js';
import {stage} from '../stage.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';
import './record.js';
import './slot.js';

/** The pictures that form or were chosen. A finished one that stands alone has its record beside it. */
class Stage extends LitElement {
  static styles = [
    styles,
    css`
      .alone {
        display: grid;
        grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr);
        gap: 1.5rem;
        align-items: start;
      }
      .several {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 230px), 1fr));
        gap: 1.25rem;
      }
      .empty {
        display: grid;
        justify-items: center;
        gap: 0.9rem;
        padding: 2.5rem 1rem;
        text-align: center;
      }
      h2 {
        max-height: 12rem;
        overflow: auto;
        overflow-wrap: anywhere;
      }
      .pattern {
        display: grid;
        grid-template-columns: repeat(8, 15px);
        gap: 3px;
      }
      .pattern i {
        height: 15px;
        border-radius: 3px;
        background: var(--accent);
      }
      @media (max-width: 720px) {
        .alone {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    new Watching(this, language, stage);
  }

  render() {
    const {slots} = stage;
    if (!slots.length) {
      return html`<div class="empty">${pattern()}<p class="muted">${t('stage.empty')}</p></div>`;
    }
    const alone = slots.length === 1;
    const entry = alone ? slots[0].entry : null;
    return html`<div class="card">
      <div class=${alone ? 'alone' : 'several'}>
        ${repeat(slots, (slot) => slot, (slot) => html`<intarsia-slot .slotted=${slot} ?alone=${alone}></intarsia-slot>`)}
        ${entry
          ? html`<intarsia-record .entry=${entry} .notes=${slots[0].generation?.notes ?? []}></intarsia-record>`
          : alone ? this.#order(slots[0].generation) : nothing}
      </div>
    </div>`;
  }

  #order({order: {prompt, cells}, isRunning}) {
    const hint = cells ? t('stage.redrawing', {count: cells.length}) : t('stage.forming');
    return html`<div>
      <h2>${prompt}</h2>
      <p class="muted">${isRunning ? hint : nothing}</p>
    </div>`;
  }
}

/** Forty cells, as a picture that has begun: the rows that are there and the cells still to come. */
function pattern() {
  return html`<div class="pattern" aria-hidden="true">
    ${Array.from({length: 40}, (_, cell) => html`<i .style=${`opacity: ${cell < 21 ? 0.25 + ((cell * 37) % 60) / 100 : 0.1}`}></i>`)}
  </div>`;
}

customElements.define('intarsia-stage', Stage);
