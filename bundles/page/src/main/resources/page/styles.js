import {css} from 'lit';

/** What the elements look like that every module uses: buttons, fields, dialogs, focus, and text for screen readers alone. */
export const styles = css`
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  dialog {
    border: 0;
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--ink);
    box-shadow: var(--shadow);
  }
  dialog::backdrop {
    background: rgb(20 15 10 / 55%);
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  figure {
    margin: 0;
  }
  h2 {
    font-size: 0.95rem;
    font-weight: 600;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    min-height: 36px;
    padding: 0 0.85rem;
    border: 1px solid var(--line);
    border-radius: 9px;
    background: var(--surface);
    font-size: 0.9rem;
    cursor: pointer;
    transition: background 0.15s, border-color 0.15s;
  }
  button:hover:not(:disabled) {
    border-color: var(--muted);
  }
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  button.main {
    border-color: transparent;
    background: var(--accent);
    color: var(--accent-ink);
    font-weight: 600;
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--muted);
  }
  button.quiet:hover:not(:disabled) {
    background: var(--sunken);
    color: var(--ink);
  }
  button[aria-pressed='true'],
  button[aria-current='page'] {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--ink);
  }
  select,
  input:not([type='checkbox'], [type='file']),
  textarea {
    min-height: 36px;
    padding: 0.3rem 0.6rem;
    border: 1px solid var(--line);
    border-radius: 9px;
    background: var(--surface);
  }
  .card {
    padding: 1.1rem;
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  .grow {
    flex: 1;
  }
  .muted {
    color: var(--muted);
    font-size: 0.88rem;
  }
  .bad {
    color: var(--bad);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
