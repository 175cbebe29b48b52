import {LitElement, css, html} from 'lit';
import {t} from '../language.js';
import {colourOf, learn} from '../palette.js';
import {styles} from '../styles.js';
import {urlOf} from '../images.js';

/**
 * A picture while it forms, cell by cell: decoded cells as the last preview has them, cells whose code is known in that
 * code's likely colour, all others as a faint grid. Property `generation`.
 */
class Forming extends LitElement {
  static properties = {generation: {attribute: false}};

  static styles = [
    styles,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        border-radius: 10px;
        background: var(--sunken);
      }
    `,
  ];

  #draw = () => this.#schedule();
  #frame = 0;
  #learnt = 0;
  #base = null;
  #resize = new ResizeObserver(this.#draw);

  connectedCallback() {
    super.connectedCallback();
    this.generation.addEventListener('change', this.#draw);
    this.#resize.observe(this);
    this.#loadBase();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.generation.removeEventListener('change', this.#draw);
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  render() {
    return html`<canvas role="img" aria-label=${t('picture.forming', {prompt: this.generation.order.prompt})}></canvas>`;
  }

  firstUpdated() {
    this.#schedule();
  }

  async #loadBase() {
    const {base} = this.generation.order;
    if (base) {
      this.#base = new Image();
      this.#base.src = urlOf(base.picture);
      await this.#base.decode();
      this.#schedule();
    }
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint(this.renderRoot.querySelector('canvas'));
    });
  }

  #paint(canvas) {
    const {grid, preview, codes} = this.generation;
    const size = Math.round(this.clientWidth * devicePixelRatio);
    if (!canvas || !size) {
      return;
    }
    const ratio = preview ? preview.height / preview.width : this.#base ? this.#base.height / this.#base.width : 1;
    canvas.dataset.previews = this.generation.previews;
    canvas.style.aspectRatio = String(1 / ratio);
    canvas.width = size;
    canvas.height = Math.round(size * ratio);
    const context = canvas.getContext('2d');
    context.imageSmoothingEnabled = false;
    if (this.#base?.complete) {
      context.drawImage(this.#base, 0, 0, canvas.width, canvas.height);
    }
    if (grid) {
      const cells = this.#cells();
      this.#learn(cells);
      cells.forEach((cell, index) => this.#paintCell(context, cell, index, codes[index]));
      this.#paintGrid(context, cells);
    }
  }

  /** The numbers of the cells in the order in which their codes come. A redraw may tell only those drawn anew. */
  #cells() {
    const {order, grid, total} = this.generation;
    const count = grid.columns * grid.rows;
    return order.cells && total !== count ? order.cells : Array.from({length: count}, (_, index) => index);
  }

  #paintCell(context, cell, index, code) {
    const {preview, previewed, order} = this.generation;
    const {x, y, width, height} = this.#box(context, cell);
    const kept = order.cells && !order.cells.includes(cell);
    if (kept) {
      return;
    }
    if (preview && index < previewed) {
      const across = preview.width / context.canvas.width;
      const down = preview.height / context.canvas.height;
      context.drawImage(preview, x * across, y * down, width * across, height * down, x, y, width, height);
    } else if (code === undefined) {
      context.fillStyle = this.#colour('--sunken');
      context.fillRect(x, y, width, height);
    } else {
      context.fillStyle = colourOf(order.settings.model, code) ?? this.#colour('--accent-soft');
      context.fillRect(x, y, width, height);
    }
  }

  #paintGrid(context, cells) {
    const {codes, previewed, order, preview} = this.generation;
    context.strokeStyle = this.#colour('--muted');
    context.lineWidth = devicePixelRatio;
    cells.forEach((cell, index) => {
      if (order.cells && !order.cells.includes(cell)) {
        return;
      }
      const {x, y, width, height} = this.#box(context, cell);
      context.globalAlpha = preview && index < previewed ? 0.06 : 0.28;
      context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
    });
    context.globalAlpha = 1;
    const next = cells[codes.length];
    if (next !== undefined && this.generation.phase === 'drawing') {
      const {x, y, width, height} = this.#box(context, next);
      context.strokeStyle = this.#colour('--accent');
      context.lineWidth = 2.5 * devicePixelRatio;
      context.strokeRect(x + 2, y + 2, width - 4, height - 4);
    }
  }

  #learn(cells) {
    const {preview, previews, previewed, codes, order, grid} = this.generation;
    if (preview && previews !== this.#learnt) {
      this.#learnt = previews;
      learn(order.settings.model, preview, grid,
        codes.slice(0, previewed).map((code, index) => ({cell: cells[index], code})));
    }
  }

  #box(context, cell) {
    const {columns, rows} = this.generation.grid;
    const left = (at) => Math.round((at * context.canvas.width) / columns);
    const top = (at) => Math.round((at * context.canvas.height) / rows);
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    return {x: left(column), y: top(row), width: left(column + 1) - left(column), height: top(row + 1) - top(row)};
  }

  #colour(name) {
    return getComputedStyle(this).getPropertyValue(name);
  }
}

customElements.define('intarsia-forming', Forming);
