import {LitElement, css, html} from 'lit';
import {t, language} from '../language.js';
import {session} from '../server.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';

/** The dialog that asks for the server's token. It is kept until the browser's tab is closed. */
class Token extends LitElement {
  static properties = {again: {state: true}};

  static styles = [
    styles,
    css`
      dialog {
        width: min(420px, calc(100vw - 24px));
        padding: 1.5rem;
      }
      form {
        display: grid;
        gap: 0.9rem;
      }
      .row {
        justify-content: flex-end;
      }
    `,
  ];

  #answer = null;

  constructor() {
    super();
    new Watching(this, language);
    session.ask = (again) => this.#ask(again);
  }

  render() {
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      <form method="dialog" @submit=${this.#submit}>
        <h2 id="title">${t('token.title')}</h2>
        <p class=${this.again ? 'bad' : 'muted'}>${t(this.again ? 'token.wrong' : 'token.why')}</p>
        <input type="password" aria-label=${t('token.label')} autocomplete="current-password" required />
        <div class="row">
          <button type="button" @click=${() => this.renderRoot.querySelector('dialog').close()}>${t('cancel')}</button>
          <button class="main">${t('token.send')}</button>
        </div>
      </form>
    </dialog>`;
  }

  async #ask(again) {
    this.again = again;
    await this.updateComplete;
    this.renderRoot.querySelector('dialog').showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  #submit() {
    const input = this.renderRoot.querySelector('input');
    this.#answer?.(input.value);
    this.#answer = null;
    input.value = '';
  }

  #closed() {
    this.#answer?.(null);
    this.#answer = null;
  }
}

customElements.define('intarsia-token', Token);
