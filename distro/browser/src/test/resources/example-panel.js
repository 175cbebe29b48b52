import {LitElement, html} from 'lit';

class ExamplePanel extends LitElement {
  static properties = {intarsia: {attribute: false}, names: {state: true}};

  async firstUpdated() {
    const {data} = await this.intarsia.send('/v1/models');
    this.names = data.map(({id}) => id).join(', ');
  }

  render() {
    return html`<p>Models in ${this.intarsia.language}: ${this.names}</p>`;
  }
}

customElements.define('example-panel', ExamplePanel);
