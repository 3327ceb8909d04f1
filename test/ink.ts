import type { Locator } from 'playwright-core';

/** Where something is drawn, whatever the colour: of each pixel, whether it stands out from the ground. Marks of one size have as many pixels. */
export type Ink = readonly boolean[];

/** How much lighter or darker than the ground, of what stands out most, is ink. */
const STANDS_OUT = 0.4;

/** The ink of an element, in shades of grey. @param png the element as it is painted now */
export async function inkOf(locator: Locator, png: Buffer): Promise<Ink> {
  return locator.evaluate(
    async (element, [image, standsOut]) => {
      const grey = ([red = 0, green = 0, blue = 0]: readonly number[]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      const groundOf = (its: Element | null): number => {
        const colour = its === null ? 'rgb(255, 255, 255)' : getComputedStyle(its).backgroundColor;
        return its !== null && /transparent|, 0\)$/.test(colour) ? groundOf(its.parentElement) : grey((colour.match(/[\d.]+/g) ?? []).map(Number));
      };
      const bytes = Uint8Array.from(atob(image as string), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      if (!canvas) throw new Error('nothing can be drawn');
      canvas.drawImage(bitmap, 0, 0);
      const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
      const ground = groundOf(element);
      const away = Array.from({ length: data.length / 4 }, (_, pixel) => Math.abs(grey([...data.slice(4 * pixel, 4 * pixel + 3)]) - ground));
      const most = Math.max(...away);
      return away.map((its) => its > most * (standsOut as number));
    },
    [png.toString('base64'), STANDS_OUT] as const,
  );
}

/** How much of two marks, of all that either draws, only one of them draws: 0 where they are the same, 1 where they share nothing. */
export function apart(one: Ink, other: Ink): number {
  const either = one.filter((ink, pixel) => ink || other[pixel] === true).length;
  const both = one.filter((ink, pixel) => ink && other[pixel] === true).length;
  return either === 0 ? 0 : 1 - both / either;
}
