import type { AccessKey } from '../datasets/iam/access-keys.ts';
import { deviates, unknown, type Verdict } from './check.ts';

/** What is wrong with a key; of one whose source does not say whether it is switched off, that is not certain. */
export const wrongWith =
  ({ status }: Pick<AccessKey, 'status'>) =>
  (because: string, more: Parameters<typeof deviates>[1] = {}): Verdict => {
    if (status !== 'unknown') return deviates(because, more);
    return unknown(`${because}; its source does not say whether it is switched off`, more.until === undefined ? {} : { until: more.until });
  };
