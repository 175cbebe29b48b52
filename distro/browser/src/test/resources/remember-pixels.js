// Keeps the picture that is shown, for changed-cells.js.
() => {
  const inside = (element, name) => element.shadowRoot.querySelector(name);
  const stage = inside(document.querySelector('intarsia-app'), 'intarsia-stage');
  window.remembered = inside(inside(stage, 'intarsia-slot'), 'img').src;
}
