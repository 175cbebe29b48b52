/** Pictures as blobs, data URLs and pixels. */

export async function toDataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

export function fromBase64(text, type = 'image/png') {
  const data = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
  return new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], {type});
}

/** Returns the pixels of `blob`, four bytes each. */
export async function pixels(blob) {
  const bitmap = await createImageBitmap(blob, {colorSpaceConversion: 'none'});
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

const urls = new WeakMap();

/** Returns an address for `blob`, the same at each call. It lives as long as the page. */
export function urlOf(blob) {
  if (!urls.has(blob)) {
    urls.set(blob, URL.createObjectURL(blob));
  }
  return urls.get(blob);
}

export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Returns the pictures among what was dropped or pasted. */
export function picturesIn(transfer) {
  return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith('image/'));
}
