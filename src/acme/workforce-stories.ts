/** When things happen to the devices and the training of Acme, so many days before the last day. */
export const WORKFORCE_DAYS = {
  unencrypted: { since: 25 },
  unenrolled: { since: 33 },
  silent: { since: 40 },
  unlocked: { from: 70, to: 60 },
  outdated: { since: 18 },
} as const;

/** Places of the people that these stories are about. */
export const WORKFORCE_CAST = {
  unencrypted: 14,
  unenrolled: 15,
  silent: 28,
  unlocked: 16,
  outdated: 20,
  linux: 23,
  nobodys: 24,
  noDevice: 32,
  lateTraining: 53,
  untrained: 29,
  failedTraining: 31,
  addressOnly: 33,
} as const;
export type WorkforceStory = keyof typeof WORKFORCE_CAST;

export const WORKFORCE_STORIES: readonly { readonly name: WorkforceStory; readonly tells: string; readonly dataset: string }[] = [
  { name: 'unencrypted', tells: 'the disk of a laptop is not encrypted', dataset: 'asset.endpoints' },
  { name: 'unenrolled', tells: 'somebody took a laptop out of device management', dataset: 'asset.endpoints' },
  { name: 'silent', tells: 'a laptop has not been heard of for weeks', dataset: 'asset.endpoint-activity' },
  { name: 'unlocked', tells: 'for ten days a laptop did not lock itself', dataset: 'asset.endpoints' },
  { name: 'outdated', tells: 'a laptop runs a system that nobody mends any more', dataset: 'asset.endpoints' },
  { name: 'linux', tells: 'of a laptop with Linux nobody knows whether it is encrypted', dataset: 'asset.endpoints' },
  { name: 'nobodys', tells: 'a laptop is assigned to nobody', dataset: 'asset.endpoints' },
  { name: 'noDevice', tells: 'somebody has no device at all', dataset: 'asset.endpoints' },
  { name: 'lateTraining', tells: 'a joiner was trained after eleven days', dataset: 'training.completions' },
  { name: 'untrained', tells: 'somebody left the yearly training undone', dataset: 'training.completions' },
  { name: 'failedTraining', tells: 'somebody failed the test of the yearly training', dataset: 'training.completions' },
  { name: 'addressOnly', tells: 'the training system knows somebody by address only', dataset: 'training.completions' },
];
