import {LitElement, css, html, nothing, svg} from 'lit';
import {WIDTH, fit, layout, path, way} from '../drawing.js';
import {language, number, t} from '../language.js';
import {platform} from '../platform.js';
import {styles} from '../styles.js';
import {Watching} from '../watching.js';

/** A flow shows at most so many generations. */
const MOST = 6;
const SECONDS = 2.4;

/** The live drawing: model, components, backends and devices, with generations flowing. Pressing a backend swaps. */
class Bundles extends LitElement {
  static styles = [
    styles,
    css`
      svg {
        display: block;
        width: 100%;
        height: auto;
        overflow: visible;
        font: 500 11px var(--font);
      }
      .box rect {
        fill: var(--surface);
        stroke: var(--line);
        stroke-width: 1.25;
        transition: fill 0.3s, stroke 0.3s;
      }
      .box .kind {
        fill: var(--muted);
        font-size: 9.5px;
        font-weight: 400;
      }
      text {
        fill: var(--ink);
        text-anchor: middle;
      }
      .line {
        fill: none;
        stroke: var(--line);
        stroke-width: 1.25;
        opacity: 0.55;
        transition: stroke 0.3s, opacity 0.3s;
      }
      .line.active {
        stroke: var(--accent);
        opacity: 0.6;
      }
      .box.used rect {
        fill: var(--accent-soft);
        stroke: var(--accent);
        stroke-width: 2;
      }
      [role='button'] {
        cursor: pointer;
        outline: none;
      }
      [role='button']:hover rect {
        stroke: var(--muted);
      }
      [role='button']:focus-visible rect {
        stroke: var(--accent);
        stroke-width: 3;
      }
      .away {
        opacity: 0.45;
      }
      .swapping rect {
        stroke: var(--accent);
        stroke-dasharray: 5 4;
      }
      circle {
        fill: var(--accent);
        stroke: var(--surface);
        stroke-width: 1.5;
        pointer-events: none;
      }
      .head {
        margin-bottom: 0.5rem;
      }
      .dot {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--line);
      }
      .dot.on {
        background: var(--accent);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 0.5rem;
        margin-top: 0.9rem;
      }
      dl div {
        display: flex;
        flex-direction: column-reverse;
      }
      dt {
        color: var(--muted);
        font-size: 0.78rem;
      }
      dd {
        font-size: 1.15rem;
        font-variant-numeric: tabular-nums;
      }
      .pause {
        margin-top: 0.75rem;
        font-size: 0.9rem;
      }
      .pause strong {
        color: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    new Watching(this, language, platform);
  }

  render() {
    const {snapshot, metrics, isConnected} = platform;
    const {boxes, lines, height} = layout(snapshot, platform.backend);
    return html`<section class="card" aria-label=${t('bundles.title')}>
      <div class="row head">
        <h2 class="grow">${t('bundles.title')}</h2>
        <span class="muted">${t(isConnected ? 'bundles.live' : 'bundles.offline')}</span>
        <span class="dot ${isConnected ? 'on' : ''}" aria-hidden="true"></span>
      </div>
      <svg ?hidden=${!boxes.length} viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label=${t('bundles.drawing')}>
        ${lines.map((line) => svg`<path class="line ${line.active ? 'active' : ''}" d=${path(line)} />`)}
        ${boxes.map((box) => this.#box(box))}
        ${this.#flow(lines, metrics?.in_flight ?? 0)}
      </svg>
      <p class="pause" role="status">${this.#said()}</p>
      ${metrics ? this.#metrics(metrics) : nothing}
    </section>`;
  }

  #flow(lines, count) {
    const flowing = Math.min(count, MOST);
    if (!flowing || !lines.length || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      return nothing;
    }
    const d = way(lines);
    return Array.from({length: flowing}, (_, at) => svg`<circle r="5">
      <animateMotion dur="${SECONDS}s" begin="-${(at * SECONDS) / flowing}s" repeatCount="indefinite" path=${d} />
    </circle>`);
  }

  #box(box) {
    const {kind, name, bundle, x, y, width, height, unavailable} = box;
    const used = kind === 'backend' ? name === platform.backend : kind === 'device' && box.backend === platform.backend;
    const body = svg`
      <title>${[t(`bundles.kind.${kind}`), name, bundle, unavailable].filter(Boolean).join(' · ')}</title>
      <rect x=${x} y=${y} width=${width} height=${height} rx="9" />
      <text class="kind" x=${x + width / 2} y=${y + 18}>${fit(t(`bundles.kind.${kind}`), width, 5.2)}</text>
      <text x=${x + width / 2} y=${y + 35}>${fit(name, width)}</text>`;
    const classes = `box ${used ? 'used' : ''} ${unavailable ? 'away' : ''} ${
      kind === 'backend' && platform.swapping === name ? 'swapping' : ''}`;
    if (kind !== 'backend' || unavailable) {
      return svg`<g class=${classes}>${body}</g>`;
    }
    return svg`<g
      class=${classes}
      role="button"
      tabindex="0"
      aria-pressed=${used}
      aria-label=${t('bundles.use', {name})}
      @click=${() => this.#swap(name)}
      @keydown=${(event) => this.#key(event, name)}
    >${body}</g>`;
  }

  #key(event, name) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#swap(name);
    }
  }

  #swap(name) {
    if (name !== platform.backend && !platform.swapping) {
      platform.swap(name);
    }
  }

  #said() {
    const {swapping, swapped, message} = platform;
    if (message) {
      return html`<span class="bad">${message}</span>`;
    }
    if (swapping) {
      return t('bundles.swapping', {name: swapping});
    }
    if (swapped) {
      return html`${t('bundles.swapped', swapped)} <strong>${t('bundles.pause', {
        milliseconds: number(swapped.milliseconds),
      })}</strong>`;
    }
    return platform.snapshot.backends.length > 1 ? html`<span class="muted">${t('bundles.press')}</span>` : nothing;
  }

  #metrics({in_flight: inFlight, waiting, tokens_per_second: rate}) {
    const shown = [
      [t('bundles.inFlight'), number(inFlight)],
      [t('bundles.waiting'), number(waiting)],
      [t('bundles.rate'), number(rate, 1)],
    ];
    return html`<dl>${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  }
}

customElements.define('intarsia-bundles', Bundles);
