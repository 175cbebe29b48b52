const colours = new Map();

/** Remembers the mean colour of each cell of a preview under its code, so that the same code later shows a likely colour. */
export function learn(model, preview, grid, codes) {
  const canvas = new OffscreenCanvas(grid.columns, grid.rows);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.imageSmoothingQuality = 'high';
  context.drawImage(preview, 0, 0, grid.columns, grid.rows);
  const {data} = context.getImageData(0, 0, grid.columns, grid.rows);
  codes.forEach(({cell, code}) => {
    const [red, green, blue] = data.subarray(cell * 4, cell * 4 + 3);
    colours.set(`${model}/${code}`, `rgb(${red} ${green} ${blue})`);
  });
}

/** Returns the colour that `code` had last, or undefined. */
export function colourOf(model, code) {
  return colours.get(`${model}/${code}`);
}
