import {LitElement, css, html, nothing} from 'lit';
import {pixels, urlOf} from '../images.js';
import {language, number, t} from '../language.js';
import {stage} from '../stage.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';
import {rows} from './record.js';

/** A dialog with two pictures side by side, and in what they and their records differ. */
class Compare extends LitElement {
  static properties = {verdict: {state: true}};

  static styles = [
    styles,
    css`
      dialog {
        width: min(860px, calc(100vw - 24px));
        max-height: calc(100vh - 24px);
        padding: 1.25rem;
      }
      .pair {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 1rem;
        margin: 1rem 0;
      }
      img {
        width: 100%;
        border-radius: 10px;
        image-rendering: pixelated;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.9rem;
      }
      th,
      td {
        width: 38%;
        padding: 0.3rem 0.5rem;
        border-top: 1px solid var(--line);
        text-align: left;
        overflow-wrap: anywhere;
      }
      th {
        width: 24%;
        color: var(--muted);
        font-weight: 400;
      }
      .differs {
        background: var(--accent-soft);
      }
    `,
  ];

  #shown = null;

  constructor() {
    super();
    this.verdict = '';
    new Watching(this, language, stage);
  }

  updated() {
    const dialog = this.renderRoot.querySelector('dialog');
    if (stage.compared && stage.compared !== this.#shown) {
      this.#shown = stage.compared;
      dialog.showModal();
      this.#count(stage.compared);
    }
  }

  render() {
    return html`<dialog aria-label=${t('compare.title')} @close=${this.#closed}>
      ${stage.compared ? this.#pair(stage.compared) : nothing}
    </dialog>`;
  }

  #pair([one, other]) {
    const theirs = new Map(rows(other));
    const names = [...new Map([...rows(one), ...rows(other)]).keys()];
    const ours = new Map(rows(one));
    return html`
      <div class="row">
        <h2 class="grow">${t('compare.title')}</h2>
        <button @click=${() => this.renderRoot.querySelector('dialog').close()}>${t('close')}</button>
      </div>
      <div class="pair">
        ${[one, other].map((entry) => html`<figure>
          <img src=${urlOf(entry.picture)} alt=${entry.prompt} />
          <figcaption>${entry.prompt}</figcaption>
        </figure>`)}
      </div>
      <p class="muted" role="status">${this.verdict}</p>
      <table>
        <tbody>
          ${names.map((name) => html`<tr class=${ours.get(name) === theirs.get(name) ? '' : 'differs'}>
            <th scope="row">${name}</th>
            <td>${ours.get(name) ?? '–'}</td>
            <td>${theirs.get(name) ?? '–'}</td>
          </tr>`)}
        </tbody>
      </table>
    `;
  }

  async #count([one, other]) {
    this.verdict = '';
    const [a, b] = await Promise.all([pixels(one.picture), pixels(other.picture)]);
    if (a.width !== b.width || a.height !== b.height) {
      this.verdict = t('compare.sizes');
      return;
    }
    let differing = 0;
    for (let at = 0; at < a.data.length; at += 4) {
      differing += [0, 1, 2].some((colour) => a.data[at + colour] !== b.data[at + colour]) ? 1 : 0;
    }
    const share = (100 * differing) / (a.width * a.height);
    this.verdict = differing ? t('compare.differ', {share: number(share, 1)}) : t('compare.same');
  }

  #closed() {
    stage.set({compared: null});
  }
}

customElements.define('intarsia-compare', Compare);
