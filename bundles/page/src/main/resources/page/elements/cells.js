import {LitElement, css, html} from 'lit';
import {language, t} from '../language.js';
import {stage} from '../stage.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';

/**
 * The token grid over a finished picture, for marking cells: by dragging with mouse or finger, or with arrow keys and
 * space (with shift, arrows mark on their way). Property `grid`: `{columns, rows}`.
 */
class Cells extends LitElement {
  static properties = {grid: {attribute: false}, at: {state: true}};

  static styles = [
    styles,
    css`
      :host {
        position: absolute;
        inset: 0;
      }
      [role='grid'] {
        display: flex;
        flex-direction: column;
        height: 100%;
        touch-action: none;
        cursor: crosshair;
      }
      [role='row'] {
        display: flex;
        flex: 1;
      }
      [role='gridcell'] {
        flex: 1;
        border: 0.5px solid rgb(255 255 255 / 45%);
        outline-offset: -3px;
        box-shadow: inset 0 0 0 0.5px rgb(0 0 0 / 22%);
      }
      [role='gridcell']:hover {
        background: rgb(255 255 255 / 22%);
      }
      [aria-selected='true'] {
        background: color-mix(in srgb, var(--accent) 62%, transparent);
        border-color: #fff;
      }
    `,
  ];

  #painting = null;

  constructor() {
    super();
    this.at = 0;
    new Watching(this, language, stage);
  }

  render() {
    const {columns, rows} = this.grid;
    return html`
      <div
        role="grid"
        aria-multiselectable="true"
        aria-label=${t('cells.label')}
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
        @pointerup=${this.#release}
        @pointercancel=${this.#release}
        @keydown=${this.#key}
      >
        ${Array.from({length: rows}, (_, row) => html`
          <div role="row">${Array.from({length: columns}, (_, column) => this.#cell(row, column))}</div>
        `)}
      </div>
    `;
  }

  #cell(row, column) {
    const cell = row * this.grid.columns + column;
    return html`<div
      role="gridcell"
      data-cell=${cell}
      tabindex=${cell === this.at ? 0 : -1}
      aria-selected=${stage.marked.has(cell)}
      aria-label=${t('cells.cell', {row: row + 1, column: column + 1})}
    ></div>`;
  }

  #press(event) {
    const cell = this.#under(event);
    if (cell !== null && event.button === 0) {
      event.currentTarget.setPointerCapture(event.pointerId);
      this.#painting = !stage.marked.has(cell);
      this.at = cell;
      stage.mark(cell, this.#painting);
    }
  }

  #drag(event) {
    if (this.#painting !== null) {
      const cell = this.#under(event);
      if (cell !== null && stage.marked.has(cell) !== this.#painting) {
        stage.mark(cell, this.#painting);
      }
    }
  }

  #release() {
    this.#painting = null;
  }

  #under(event) {
    const box = this.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.grid.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.grid.rows);
    const inside = column >= 0 && row >= 0 && column < this.grid.columns && row < this.grid.rows;
    return inside ? row * this.grid.columns + column : null;
  }

  #key(event) {
    const {columns, rows} = this.grid;
    const column = this.at % columns;
    const row = Math.floor(this.at / columns);
    const steps = {
      ArrowLeft: () => this.#go(row, Math.max(0, column - 1), event.shiftKey),
      ArrowRight: () => this.#go(row, Math.min(columns - 1, column + 1), event.shiftKey),
      ArrowUp: () => this.#go(Math.max(0, row - 1), column, event.shiftKey),
      ArrowDown: () => this.#go(Math.min(rows - 1, row + 1), column, event.shiftKey),
      Home: () => this.#go(row, 0, event.shiftKey),
      End: () => this.#go(row, columns - 1, event.shiftKey),
      ' ': () => stage.mark(this.at, !stage.marked.has(this.at)),
      Enter: () => stage.mark(this.at, !stage.marked.has(this.at)),
      Escape: () => stage.set({marking: false}),
    };
    if (steps[event.key]) {
      event.preventDefault();
      steps[event.key]();
    }
  }

  async #go(row, column, marks) {
    this.at = row * this.grid.columns + column;
    if (marks) {
      stage.mark(this.at, true);
    }
    await this.updateComplete;
    this.renderRoot.querySelector(`[data-cell="${this.at}"]`).focus();
  }
}

customElements.define('intarsia-cells', Cells);
