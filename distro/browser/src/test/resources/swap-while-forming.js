// Presses the button of that name as soon as a preview is there: a picture may be done before anybody outside the page sees one.
(name) => {
  const inside = (element, selector) => element?.shadowRoot?.querySelector(selector);
  const look = () => {
    const app = document.querySelector('intarsia-app');
    const slot = inside(inside(app, 'intarsia-stage'), 'intarsia-slot');
    if (Number(inside(inside(slot, 'intarsia-forming'), 'canvas')?.dataset.previews ?? 0) > 0) {
      inside(inside(app, 'intarsia-bundles'), `[aria-label="${name}"]`).dispatchEvent(new MouseEvent('click', {bubbles: true}));
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
}
