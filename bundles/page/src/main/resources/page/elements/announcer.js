import {LitElement, html} from 'lit';
import {language, t} from '../language.js';
import {stage} from '../stage.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';
import {statusOf} from './slot.js';

/** Tells screen readers how far the first running picture is: each phase, and each quarter of its codes; not each code. */
class Announcer extends LitElement {
  static properties = {text: {state: true}};
  static styles = styles;

  #told = '';

  constructor() {
    super();
    this.text = '';
    new Watching(this, language, stage);
  }

  willUpdate() {
    for (const {generation} of stage.slots) {
      if (generation && generation !== this.watched) {
        this.watched = generation;
        generation.addEventListener('change', () => this.#hear(generation));
      }
    }
  }

  #hear(generation) {
    const {phase, codes, total} = generation;
    const told = `${phase} ${total ? Math.floor((4 * codes.length) / total) : 0}`;
    if (told !== this.#told) {
      this.#told = told;
      this.text = statusOf(generation);
    }
  }

  render() {
    return html`<div class="unseen" role="status" aria-label=${t('progress.label')}>${this.text}</div>`;
  }
}

customElements.define('intarsia-announcer', Announcer);
