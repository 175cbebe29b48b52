import {html} from 'lit';
import {t} from './language.js';

/** Shows a note of the server about an answer. The server writes English, which screen readers must know to speak it rightly. */
export function noteOf(note) {
  return html`<p class="muted" role="note">${t('note')} <span lang="en">${note}</span></p>`;
}
