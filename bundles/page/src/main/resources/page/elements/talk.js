import {LitElement, css, html, nothing} from 'lit';
import {picturesIn, urlOf} from '../images.js';
import {language, t} from '../language.js';
import {noteOf} from '../notes.js';
import {styles} from '../styles.js';
import {talk} from '../talk.js';
import {Watching} from '../watching.js';

/** A conversation in which texts and pictures come in any order, from both sides. */
class TalkView extends LitElement {
  static properties = {text: {state: true}};

  static styles = [
    styles,
    css`
      ol {
        display: grid;
        gap: 1rem;
        margin: 0 0 1.25rem;
        padding: 0;
        list-style: none;
      }
      li {
        max-width: 85%;
        padding: 0.75rem 1rem;
        border-radius: var(--radius);
        background: var(--sunken);
        overflow-wrap: anywhere;
      }
      li .text {
        white-space: pre-wrap;
      }
      li.user {
        justify-self: end;
        background: var(--accent-soft);
      }
      li img {
        display: block;
        width: 192px;
        max-width: 100%;
        margin: 0.25rem 0;
        border-radius: 8px;
        image-rendering: pixelated;
      }
      li .forming {
        opacity: 0.7;
      }
      li [role='note'] {
        margin-top: 0.35rem;
      }
      form {
        display: grid;
        gap: 0.75rem;
      }
      textarea {
        width: 100%;
        field-sizing: content;
        resize: none;
      }
      .attached img {
        display: block;
        height: 56px;
        border-radius: 6px;
        image-rendering: pixelated;
      }
      .attached button {
        height: auto;
        padding: 4px;
      }
    `,
  ];

  constructor() {
    super();
    this.text = '';
    new Watching(this, language, talk);
  }

  render() {
    return html`<section class="card" aria-label=${t('talk.title')} @paste=${this.#paste}>
      ${talk.messages.length ? nothing : html`<p class="muted">${t('talk.empty')}</p>`}
      <div role="log" aria-label=${t('talk.log')} aria-busy=${talk.isAnswering}>
        <ol>
          ${talk.messages.map(({role, parts, notes = []}, index) => html`<li class=${role}>
            <span class="unseen">${t(`talk.${role}`)}</span>${parts.map(part)}${index === talk.messages.length - 1 && talk.isAnswering
              ? this.#coming(parts)
              : nothing}${notes.map(noteOf)}
          </li>`)}
        </ol>
      </div>
      ${talk.message ? html`<p class="bad" role="alert">${talk.message}</p>` : nothing}
      <form @submit=${this.#submit}>
        ${talk.attached.length
          ? html`<div class="row attached">
              ${talk.attached.map((blob) => html`<button
                type="button"
                aria-label=${t('compose.removeInput')}
                title=${t('compose.removeInput')}
                @click=${() => talk.detach(blob)}
              >
                <img src=${urlOf(blob)} alt="" />
              </button>`)}
            </div>`
          : nothing}
        <textarea
          rows="2"
          aria-label=${t('talk.say')}
          placeholder=${t(talk.attached.length ? 'talk.placeholderPicture' : 'talk.placeholder')}
          .value=${this.text}
          @input=${(event) => (this.text = event.target.value)}
          @keydown=${this.#key}
        ></textarea>
        <div class="row">
          <button type="button" @click=${() => this.renderRoot.querySelector('[type=file]').click()}>${t('compose.add')}</button>
          <input type="file" accept="image/*" multiple hidden aria-label=${t('compose.add')} @change=${this.#choose} />
          <button type="button" class="quiet" ?disabled=${!talk.messages.length} @click=${() => talk.clear()}>
            ${t('talk.clear')}
          </button>
          <span class="grow"></span>
          ${talk.isAnswering
            ? html`<button type="button" @click=${() => talk.cancel()}>${t('cancel')}</button>`
            : html`<button class="main" ?disabled=${!this.#canSend()}>${t('talk.send')}</button>`}
        </div>
      </form>
    </section>`;
  }

  #coming(parts) {
    if (talk.preview) {
      return html`<img class="forming" src=${urlOf(talk.preview)} alt=${t('talk.forming')} />`;
    }
    return parts.length ? nothing : html`<span class="muted">${t('talk.waiting')}</span>`;
  }

  #canSend() {
    return Boolean(this.text.trim()) || talk.attached.length > 0;
  }

  #key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  }

  #submit(event) {
    event.preventDefault();
    if (this.#canSend() && !talk.isAnswering) {
      talk.ask(this.text.trim());
      this.text = '';
    }
  }

  #choose(event) {
    talk.attach(...picturesIn(event.target));
    event.target.value = '';
  }

  /** The compose element hears pasting, too, when it is shown. */
  #paste(event) {
    const pictures = picturesIn(event.clipboardData);
    if (pictures.length) {
      event.stopPropagation();
      talk.attach(...pictures);
    }
  }
}

function part(content) {
  return typeof content === 'string' ? html`<span class="text">${content}</span>` : html`<img src=${urlOf(content)} alt=${t('talk.picture')} />`;
}

customElements.define('intarsia-talk', TalkView);
