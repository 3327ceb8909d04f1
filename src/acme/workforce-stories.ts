/** When things happen to the devices and the training of Acme, so many days before the last day. */
export const WORKFORCE_DAYS = {
  unencrypted: { from: 6, to: -10_000 },
  unenrolled: { from: 33, to: 21 },
  nobodys: { from: 500, to: 127 },
  noDevice: { from: 500, to: 131 },
  silent: { from: 40, to: 12 },
  unlocked: { from: 70, to: 60 },
  sticks: { from: 100, to: 90 },
  unprotected: { from: 82, to: 79 },
  /** HR called a department otherwise, for which a course is meant. */
  renamed: { from: 110, to: 103, department: 'People', called: 'People and culture' },
  outdated: { from: 18, to: 6 },
  /** Who had failed the test of the yearly training passed it then. */
  passedAgain: 12,
} as const;

/** Places of the people that these stories are about. */
export const WORKFORCE_CAST = {
  unencrypted: 14,
  unenrolled: 15,
  silent: 28,
  unlocked: 16,
  outdated: 20,
  linux: 23,
  sticks: 27,
  unprotected: 33,
  nobodys: 24,
  noDevice: 32,
  lateTraining: 53,
  lateCoding: 50,
  untrained: 29,
  failedTraining: 31,
  addressOnly: 33,
} as const;
export type WorkforceStory = keyof typeof WORKFORCE_CAST;

export const WORKFORCE_STORIES: readonly { readonly name: WorkforceStory; readonly tells: string; readonly dataset: string }[] = [
  { name: 'unencrypted', tells: 'the disk of a laptop is not encrypted', dataset: 'asset.endpoints' },
  { name: 'unenrolled', tells: 'somebody took a laptop out of device management for twelve days', dataset: 'asset.endpoints' },
  { name: 'silent', tells: 'a laptop was not heard of for four weeks', dataset: 'asset.endpoint-activity' },
  { name: 'unlocked', tells: 'for ten days a laptop did not lock itself', dataset: 'asset.endpoints' },
  { name: 'outdated', tells: 'for twelve days a laptop ran a system that nobody mends any more', dataset: 'asset.endpoints' },
  { name: 'sticks', tells: 'for ten days a laptop wrote to sticks', dataset: 'asset.endpoints' },
  { name: 'unprotected', tells: 'for three days nothing protected a laptop against malicious software', dataset: 'asset.endpoints' },
  { name: 'linux', tells: 'of a laptop with Linux nobody knows whether it is encrypted', dataset: 'asset.endpoints' },
  { name: 'nobodys', tells: 'a laptop was assigned to nobody', dataset: 'asset.endpoints' },
  { name: 'noDevice', tells: 'somebody had no device at all', dataset: 'asset.endpoints' },
  { name: 'lateTraining', tells: 'a joiner was trained after eleven days', dataset: 'training.completions' },
  { name: 'lateCoding', tells: 'an engineer learnt to write safe code after forty days', dataset: 'training.completions' },
  { name: 'untrained', tells: 'somebody left the yearly training undone', dataset: 'training.completions' },
  { name: 'failedTraining', tells: 'somebody failed the test of the yearly training, and passed it a month later', dataset: 'training.completions' },
  { name: 'addressOnly', tells: 'the training system knows somebody by address only', dataset: 'training.completions' },
];
