// Answers the numbers of the cells in which the picture shown differs from the one that was remembered.
async () => {
  const inside = (element, name) => element.shadowRoot.querySelector(name);
  const stage = inside(document.querySelector('intarsia-app'), 'intarsia-stage');
  const pixels = async (src) => {
    const image = new Image();
    image.src = src;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.getContext('2d').getImageData(0, 0, image.width, image.height);
  };
  const before = await pixels(window.remembered);
  const after = await pixels(inside(inside(stage, 'intarsia-slot'), 'img').src);
  const cells = new Set();
  for (let at = 0; at < before.data.length; at++) {
    if (before.data[at] !== after.data[at]) {
      const pixel = Math.floor(at / 4);
      const column = Math.floor(((pixel % before.width) * 8) / before.width);
      const row = Math.floor((Math.floor(pixel / before.width) * 8) / before.height);
      cells.add(row * 8 + column);
    }
  }
  return [...cells];
}
