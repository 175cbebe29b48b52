import {LitElement, html} from 'lit';
import {language, t} from '../language.js';
import {send} from '../server.js';
import {styles} from '../styles.js';

/** Shows the panel of another bundle: imports its module, and makes its element. Property `panel`. */
class PanelView extends LitElement {
  static properties = {panel: {attribute: false}, message: {state: true}, content: {state: true}};
  static styles = styles;

  willUpdate(changed) {
    if (changed.has('panel')) {
      this.message = '';
      this.content = null;
      this.#load(this.panel);
    }
  }

  render() {
    return html`<section class="card">${this.message ? html`<p class="bad" role="alert">${this.message}</p>` : this.content}</section>`;
  }

  async #load({name, module}) {
    try {
      await import(module);
      this.content = document.createElement(name);
      this.content.intarsia = {send, language: language.current};
    } catch {
      this.message = t('panel.failed', {name});
    }
  }
}

customElements.define('intarsia-panel', PanelView);
