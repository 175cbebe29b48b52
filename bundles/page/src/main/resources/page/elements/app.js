import {LitElement, css, html, nothing} from 'lit';
import {live} from 'lit/directives/live.js';
import {history} from '../history.js';
import {language, t} from '../language.js';
import {platform} from '../platform.js';
import {send} from '../server.js';
import {models} from '../settings.js';
import {stage} from '../stage.js';
import {styles} from '../styles.js';
import {talk} from '../talk.js';
import {Watching} from '../watching.js';
import './announcer.js';
import './bundles.js';
import './compare.js';
import './compose.js';
import './history.js';
import './panel.js';
import './stage.js';
import './talk.js';
import './token.js';

/** The whole page: head, the view that was chosen, and beside it the live drawing and the history. */
class App extends LitElement {
  static properties = {view: {state: true}, panels: {state: true}, message: {state: true}};

  static styles = [
    styles,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
        max-width: 1320px;
        margin: 0 auto;
        padding: 1.1rem 1.5rem;
      }
      h1 {
        display: flex;
        align-items: center;
        gap: 0.55rem;
        font: 500 1.4rem var(--serif);
        letter-spacing: 0.01em;
      }
      .logo {
        width: 26px;
        height: 26px;
        fill: var(--accent);
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem;
        margin-right: auto;
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 380px;
        gap: 1.5rem;
        align-items: start;
        max-width: 1320px;
        margin: 0 auto;
        padding: 0.25rem 1.5rem 3rem;
      }
      .view,
      aside {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.5rem;
      }
      nav button[aria-current='page'] {
        border-color: transparent;
        background: var(--sunken);
        font-weight: 600;
      }
      select {
        max-width: 12rem;
      }
      @media (max-width: 1000px) {
        main {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (max-width: 480px) {
        header {
          padding: 0.9rem 0.75rem;
        }
        main {
          gap: 1rem;
          padding: 0 0.75rem 2rem;
        }
        .view,
        aside {
          gap: 1rem;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.view = 'pictures';
    this.panels = [];
    this.message = '';
    new Watching(this, language, models);
    talk.addEventListener('open', () => (this.view = 'talk'));
    stage.addEventListener('change', () => {
      if (stage.draft || stage.isRunning) {
        this.view = 'pictures';
      }
    });
    let connected = false;
    platform.addEventListener('change', () => {
      const isBack = platform.isConnected && !connected;
      connected = platform.isConnected;
      // What failed at first may work now: the server is there, or has been given its token.
      if (isBack && this.message) {
        this.#load();
      }
    });
    this.#load().then(() => platform.listen());
  }

  async #load() {
    const tasks = [history.open(), models.load(), send('/intarsia/panels').then(({panels}) => (this.panels = panels))];
    const failed = (await Promise.allSettled(tasks)).find(({status}) => status === 'rejected');
    this.message = failed?.reason.message ?? '';
  }

  render() {
    return html`
      <header>
        <h1>${logo} Intarsia</h1>
        <nav aria-label=${t('app.views')}>
          ${this.#tab('pictures', t('app.pictures'))} ${this.#tab('talk', t('app.talk'))}
          ${this.panels.map((panel) => this.#tab(panel.name, panel.titles[language.current] ?? panel.titles.en))}
        </nav>
        ${models.names.length > 1
          ? html`<select
              aria-label=${t('app.model')}
              .value=${live(models.chosen)}
              @change=${(event) => models.choose(event.target.value)}
            >
              ${models.names.map((name) => html`<option value=${name} ?selected=${name === models.chosen}>${name}</option>`)}
            </select>`
          : html`<span class="muted">${models.chosen}</span>`}
        <div class="row">
          ${language.others.map((tag) => html`<button
            class="quiet"
            lang=${tag}
            aria-label=${t(`language.${tag}`)}
            @click=${() => language.choose(tag)}
          >
            ${tag.toUpperCase()}
          </button>`)}
          <button class="quiet" aria-label=${t('app.theme')} title=${t('app.theme')} @click=${switchTheme}>◐</button>
        </div>
      </header>
      <main>
        <div class="view">
          ${this.message ? html`<p class="card bad" role="alert">${this.message}</p>` : nothing} ${this.#view()}
        </div>
        <aside aria-label=${t('app.aside')}>
          <intarsia-bundles></intarsia-bundles>
          <intarsia-history></intarsia-history>
        </aside>
      </main>
      <intarsia-compare></intarsia-compare>
      <intarsia-announcer></intarsia-announcer>
      <intarsia-token></intarsia-token>
    `;
  }

  #tab(view, title) {
    const current = this.view === view;
    return html`<button
      class="quiet"
      aria-current=${current ? 'page' : 'false'}
      @click=${() => (this.view = view)}
    >
      ${title}
    </button>`;
  }

  /** The pictures stay in the page while another view is shown, with what was typed. */
  #view() {
    const panel = this.panels.find(({name}) => name === this.view);
    const pictures = this.view === 'pictures';
    return html`
      <intarsia-compose ?hidden=${!pictures}></intarsia-compose>
      <intarsia-stage ?hidden=${!pictures}></intarsia-stage>
      ${this.view === 'talk' ? html`<intarsia-talk></intarsia-talk>` : nothing}
      ${panel ? html`<intarsia-panel .panel=${panel}></intarsia-panel>` : nothing}
    `;
  }
}

const logo = html`<svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M1 1h10v10H1z" />
  <path d="M13 1h10v10H13zM1 13h10v10H1z" opacity=".6" />
  <path d="M13 13h10v10H13z" opacity=".28" />
</svg>`;

function switchTheme() {
  const root = document.documentElement;
  const dark = getComputedStyle(root).colorScheme === 'dark';
  root.dataset.theme = dark ? 'light' : 'dark';
  localStorage.setItem('intarsia.theme', root.dataset.theme);
}

customElements.define('intarsia-app', App);
