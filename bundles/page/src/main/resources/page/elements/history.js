import {LitElement, css, html} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {history} from '../history.js';
import {download, urlOf} from '../images.js';
import {language, number, t} from '../language.js';
import {stage} from '../stage.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';

/** All pictures made so far, newest first, with export and import. */
class HistoryList extends LitElement {
  static properties = {message: {state: true}};

  static styles = [
    styles,
    css`
      .head {
        margin-bottom: 0.75rem;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(72px, 1fr));
        gap: 0.6rem;
        max-height: 420px;
        margin: -4px;
        padding: 4px;
        overflow: auto;
        list-style: none;
      }
      li button {
        display: block;
        width: 100%;
        padding: 0;
        overflow: hidden;
        border: 0;
        border-radius: 8px;
        background: var(--sunken);
      }
      li button[aria-pressed='true'] {
        box-shadow: 0 0 0 2px var(--surface), 0 0 0 4px var(--accent);
      }
      img {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        object-fit: cover;
        image-rendering: pixelated;
      }
      .hint {
        margin-bottom: 0.6rem;
        padding: 0.5rem 0.75rem;
        border-radius: 8px;
        background: var(--accent-soft);
        font-size: 0.9rem;
      }
    `,
  ];

  constructor() {
    super();
    this.message = '';
    new Watching(this, language, history, stage);
  }

  render() {
    const {entries} = history;
    return html`<section class="card" aria-label=${t('history.title')}>
      <div class="row head">
        <h2>${t('history.title')}</h2>
        <span class="muted grow">${entries.length ? number(entries.length) : ''}</span>
        <button class="quiet" ?disabled=${!entries.length} @click=${this.#export}>${t('history.export')}</button>
        <button class="quiet" @click=${() => this.renderRoot.querySelector('input').click()}>${t('history.import')}</button>
        <input type="file" accept="application/json" hidden aria-label=${t('history.import')} @change=${this.#import} />
      </div>
      ${stage.comparing ? html`<p class="hint" role="status">${t('history.chooseOther')}</p>` : ''}
      ${entries.length
        ? html`<ul>${repeat(entries, ({id}) => id, (entry) => this.#item(entry))}</ul>`
        : html`<p class="muted">${t(history.onServer ? 'history.emptyServer' : 'history.empty')}</p>`}
      ${history.problem ? html`<p class="bad" role="alert">${history.problem}</p>` : ''}
      <p class="muted" role="status">${this.message}</p>
    </section>`;
  }

  #item(entry) {
    const shown = stage.slots.some((slot) => slot.entry === entry);
    return html`<li>
      <button aria-label=${entry.prompt} title=${entry.prompt} aria-pressed=${shown} @click=${() => stage.show(entry)}>
        <img src=${urlOf(entry.picture)} alt="" loading="lazy" />
      </button>
    </li>`;
  }

  async #export() {
    download(await history.export(), 'intarsia-history.json');
  }

  async #import(event) {
    const [file] = event.target.files;
    event.target.value = '';
    if (file) {
      try {
        this.message = t('history.imported', {count: number(await history.import(file))});
      } catch {
        this.message = t('history.notHistory', {name: file.name});
      }
    }
  }
}

customElements.define('intarsia-history', HistoryList);
