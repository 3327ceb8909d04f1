/** The same event has the same id for ever. */
export function uuidOf(text: string): string {
  const digits = [1, 2, 3, 4].map((salt) => {
    let hash = 2_166_136_261 ^ salt;
    for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 16_777_619) >>> 0;
    return hash.toString(16).padStart(8, '0');
  });
  const all = digits.join('');
  return [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20)].join('-');
}
