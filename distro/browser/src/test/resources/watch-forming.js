// Makes window.formed a promise of what is seen until the picture is done: how many previews the page has had, as it says itself,
// since two may come between two frames; and at each frame with a new one the colours of a cell of the first row, of one of the
// last row, and of cells that are still empty.
() => {
  const inside = (element, name) => element?.shadowRoot?.querySelector(name);
  const colour = (canvas, down) =>
    String(canvas.getContext('2d').getImageData(canvas.width / 16, canvas.height * down, 1, 1).data.slice(0, 3));
  window.formed = new Promise((resolve) => {
    const seen = new Map();
    const look = () => {
      const slot = inside(inside(document.querySelector('intarsia-app'), 'intarsia-stage'), 'intarsia-slot');
      const canvas = inside(inside(slot, 'intarsia-forming'), 'canvas');
      const previews = Number(canvas?.dataset.previews ?? 0);
      if (previews > 0 && !seen.has(previews)) {
        const empty = getComputedStyle(canvas).backgroundColor.match(/\d+/g).join();
        seen.set(previews, [colour(canvas, 1 / 16), colour(canvas, 15 / 16), empty]);
      }
      if (inside(slot, 'img')) {
        resolve({count: Math.max(0, ...seen.keys()), seen: [...seen.values()]});
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  });
  return null;
}
