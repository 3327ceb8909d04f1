import { printable } from '../core/printable.ts';
import { several } from '../core/spoken.ts';
import type { BundleVerdict } from './bundle.ts';
import { WORDS } from './verdict.ts';

/** A verdict as people read it: every item by its word, then what it comes to. What a bundle says stays within its line. */
export function verdictText({ manner, checkpoint, key, items, totals, payloads, remarks, sound }: BundleVerdict): string {
  const lines = items.map(({ item, word, reasons }) => [word.padEnd(11), item, ...(reasons.length > 0 ? [reasons.join('; ')] : [])].join('  '));
  const records = items.filter(({ item }) => item.startsWith('record '));
  const about = [
    ...(manner ? [`Period ${manner.period.from} up to ${manner.period.to}; controls: ${manner.controls?.join(', ') ?? 'all'}.`] : []),
    ...(checkpoint ? [`Log ${checkpoint.origin}, size ${checkpoint.size}, root ${checkpoint.root}.`] : []),
    `Key ${key.verifierKey}, ${key.given ? (key.followed.length > 0 ? 'in the place of the one you brought' : 'as you brought it') : 'as the bundle names it'}.`,
    `Payloads: ${payloads.opened} opened, ${payloads.unopened} not opened, ${payloads.disposed} disposed of.`,
  ];
  const tally = WORDS.filter((word) => totals[word] > 0).map((word) => `${totals[word]} ${word}`);
  return [
    ...lines,
    '',
    ...about,
    ...remarks.map((remark) => `Take note: ${remark}`),
    '',
    `${records.length} records, ${items.length} items: ${tally.join(', ')}. ${sound ? soundly(totals['NOT CHECKED']) : 'The bundle is not what was sealed.'}`,
  ]
    .map(printable)
    .join('\n');
}

const soundly = (unchecked: number): string =>
  unchecked === 0
    ? 'Nothing is missing, and nothing was altered.'
    : `Of what was checked nothing is missing, and nothing was altered; ${several(unchecked, 'item')} ${unchecked === 1 ? 'was' : 'were'} not checked.`;
