// Presses the button of that name, of the bundles or of the last picture, as soon as the first picture has a preview: it may be
// done before anybody outside the page sees one.
(name) => {
  const inside = (element, selector) => element?.shadowRoot?.querySelector(selector);
  const look = () => {
    const app = document.querySelector('intarsia-app');
    const slots = [...(inside(app, 'intarsia-stage')?.shadowRoot.querySelectorAll('intarsia-slot') ?? [])];
    if (Number(inside(inside(slots[0], 'intarsia-forming'), 'canvas')?.dataset.previews ?? 0) > 0) {
      const button = inside(inside(app, 'intarsia-bundles'), `[aria-label="${name}"]`)
        ?? [...slots.at(-1).shadowRoot.querySelectorAll('button')].find((other) => other.textContent === name);
      button.dispatchEvent(new MouseEvent('click', {bubbles: true}));
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
}
