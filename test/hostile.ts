/** What sources may call things: text that breaks pages where it is taken for something else. */
export const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '\u202eevil\u202c',
  'w'.repeat(10_000),
  '\u200b\u200b',
  '😀'.repeat(200),
  "'; drop table--",
  '</script><script>alert(1)</script>',
];

/** Members of answers that hold the words of sources, or of people. */
const WORDS = new Set(['name', 'label', 'title', 'because', 'login', 'says', 'reason', 'owner', 'by', 'department', 'what']);

/** The same answer with hostile words in place of those that sources and people chose. */
export function madeHostile(answer: unknown): unknown {
  let turn = 0;
  const made = (its: unknown, key: string): unknown => {
    if (typeof its === 'string') return WORDS.has(key) ? `${HOSTILE[turn++ % HOSTILE.length]} ${turn}` : its;
    if (Array.isArray(its)) return its.map((one) => made(one, key));
    if (typeof its !== 'object' || its === null) return its;
    return Object.fromEntries(Object.entries(its).map(([name, value]) => [name, made(value, name)]));
  };
  return made(answer, '');
}
