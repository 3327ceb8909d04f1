/** The word that was probably meant, as the end of a sentence: ` (did you mean "owner"?)`; empty where none is near. */
export function meant(written: string, known: Iterable<string>): string {
  const word = [...known].find((it) => it !== written && distance(it.toLowerCase(), written.toLowerCase()) <= 2);
  return word === undefined ? '' : ` (did you mean "${word}"?)`;
}

/** How many letters have to be changed, added or taken away (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
