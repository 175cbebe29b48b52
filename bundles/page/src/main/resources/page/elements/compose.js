import {LitElement, css, html} from 'lit';
import {live} from 'lit/directives/live.js';
import {picturesIn, urlOf} from '../images.js';
import {language, t} from '../language.js';
import {FIELDS, models, newSeed} from '../settings.js';
import {stage} from '../stage.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';

const MOST = 4;

/** Where a picture is ordered: text, pictures that are dropped, pasted or chosen, settings, and how many to make. */
class Compose extends LitElement {
  static properties = {
    prompt: {state: true},
    inputs: {state: true},
    settings: {state: true},
    count: {state: true},
    open: {state: true},
    dropping: {state: true},
  };

  static styles = [
    styles,
    css`
      form {
        display: grid;
        gap: 0.75rem;
      }
      form.dropping {
        outline: 2px dashed var(--accent);
      }
      textarea {
        width: 100%;
        min-height: 3.4rem;
        max-height: 14rem;
        padding: 0.2rem 0.1rem;
        border: 0;
        border-radius: 6px;
        background: transparent;
        font-family: var(--serif);
        font-size: 1.3rem;
        line-height: 1.4;
        resize: none;
        field-sizing: content;
      }
      textarea::placeholder {
        color: var(--muted);
        opacity: 1;
      }
      fieldset {
        display: flex;
        margin: 0;
        padding: 0;
        border: 0;
      }
      fieldset label {
        display: grid;
        place-content: center;
        min-width: 34px;
        min-height: 36px;
        border: 1px solid var(--line);
        border-left-width: 0;
        font-size: 0.9rem;
        cursor: pointer;
      }
      fieldset label:first-of-type {
        border-left-width: 1px;
        border-radius: 9px 0 0 9px;
      }
      fieldset label:last-of-type {
        border-radius: 0 9px 9px 0;
      }
      fieldset label:has(:checked) {
        background: var(--accent-soft);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      fieldset label:has(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      .settings {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(130px, 1fr));
        gap: 0.75rem;
        padding-top: 0.75rem;
        border-top: 1px solid var(--line);
      }
      .settings label {
        display: grid;
        gap: 0.2rem;
      }
      .settings input {
        width: 100%;
      }
      .input {
        position: relative;
      }
      .input img {
        display: block;
        height: 64px;
        border-radius: 8px;
        image-rendering: pixelated;
      }
      .input button {
        position: absolute;
        top: -8px;
        right: -8px;
        min-height: 26px;
        width: 26px;
        padding: 0;
        border-radius: 50%;
        line-height: 1;
      }
    `,
  ];

  constructor() {
    super();
    this.prompt = '';
    this.inputs = [];
    this.settings = {};
    this.count = 1;
    new Watching(this, language, stage);
  }

  connectedCallback() {
    super.connectedCallback();
    this.paste = (event) => this.#add(picturesIn(event.clipboardData));
    document.addEventListener('paste', this.paste);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('paste', this.paste);
  }

  willUpdate() {
    if (stage.draft) {
      const {prompt, inputs, settings} = stage.draft;
      stage.draft = null;
      Object.assign(this, {prompt, inputs, settings: fieldsOf(settings), count: 1, open: true});
      if (settings.model) {
        models.choose(settings.model);
      }
      this.updateComplete.then(() => this.renderRoot.querySelector('textarea').focus());
    }
  }

  render() {
    return html`<form
      class="card ${this.dropping ? 'dropping' : ''}"
      aria-label=${t('compose.label')}
      @submit=${this.#submit}
      @invalid=${this.#invalid}
      @dragover=${this.#over}
      @dragleave=${() => (this.dropping = false)}
      @drop=${this.#drop}
    >
      <textarea
        rows="2"
        aria-label=${t('compose.prompt')}
        placeholder=${t(this.inputs.length ? 'compose.placeholderEdit' : 'compose.placeholder')}
        .value=${live(this.prompt)}
        @input=${(event) => (this.prompt = event.target.value)}
        @keydown=${this.#key}
      ></textarea>
      ${this.inputs.length ? html`<div class="row">${this.inputs.map((input) => this.#input(input))}</div>` : ''}
      <div class="row">
        <button type="button" @click=${() => this.renderRoot.querySelector('[type=file]').click()}>${t('compose.add')}</button>
        <input type="file" accept="image/*" multiple hidden aria-label=${t('compose.add')} @change=${this.#choose} />
        <button
          type="button"
          class="quiet"
          aria-expanded=${Boolean(this.open)}
          aria-controls="settings"
          @click=${() => (this.open = !this.open)}
        >
          ${t('compose.settings')}
        </button>
        <span class="grow"></span>
        <fieldset>
          <legend class="unseen">${t('compose.count')}</legend>
          ${Array.from({length: MOST}, (_, index) => this.#number(index + 1))}
        </fieldset>
        <button class="main" ?disabled=${!this.prompt.trim()}>${t('compose.make')}</button>
      </div>
      <div id="settings" class="settings" ?hidden=${!this.open}>${FIELDS.map((field) => this.#field(field))}</div>
    </form>`;
  }

  #number(count) {
    return html`<label>
      <input
        class="unseen"
        type="radio"
        name="count"
        value=${count}
        aria-label=${t('compose.pictures', {count})}
        .checked=${live(this.count === count)}
        @change=${() => (this.count = count)}
      />
      <span aria-hidden="true">${count}</span>
    </label>`;
  }

  #input(input) {
    return html`<span class="input">
      <img src=${urlOf(input)} alt=${t('record.input')} />
      <button
        type="button"
        aria-label=${t('compose.removeInput')}
        @click=${() => (this.inputs = this.inputs.filter((other) => other !== input))}
      >
        ×
      </button>
    </span>`;
  }

  #field({name, min, max, step}) {
    return html`<label>
      <span class="muted">${t(`setting.${name}`)}</span>
      <input
        type="number"
        name=${name}
        min=${min}
        max=${max}
        step=${step}
        placeholder=${t(name === 'seed' ? 'setting.random' : 'setting.default')}
        .value=${live(this.settings[name] ?? '')}
        @input=${(event) => (this.settings = {...this.settings, [name]: event.target.value})}
      />
    </label>`;
  }

  #key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  }

  #submit(event) {
    event.preventDefault();
    const prompt = this.prompt.trim();
    if (!prompt) {
      return;
    }
    const given = Object.entries(this.settings).filter(([, value]) => value !== '');
    const settings = Object.fromEntries(given.map(([name, value]) => [name, Number(value)]));
    const first = settings.seed ?? newSeed();
    stage.start(Array.from({length: this.count}, (_, index) => ({
      prompt,
      inputs: this.inputs,
      settings: {...settings, seed: first + index, ...(models.chosen && {model: models.chosen})},
    })));
  }

  /** A browser refuses a form with a wrong number, and shows why only where the field is shown. */
  #invalid = {
    capture: true,
    handleEvent: (event) => {
      if (!this.open) {
        this.open = true;
        const {form} = event.target;
        this.updateComplete.then(() => form.reportValidity());
      }
    },
  };

  #over(event) {
    event.preventDefault();
    this.dropping = true;
  }

  #drop(event) {
    event.preventDefault();
    this.dropping = false;
    this.#add(picturesIn(event.dataTransfer));
  }

  #choose(event) {
    this.#add(picturesIn(event.target));
    event.target.value = '';
  }

  #add(files) {
    this.inputs = [...this.inputs, ...files];
  }
}

function fieldsOf(settings) {
  return Object.fromEntries(FIELDS.map(({name}) => [name, settings[name]]).filter(([, value]) => value !== undefined));
}

customElements.define('intarsia-compose', Compose);
