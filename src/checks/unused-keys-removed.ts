import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { accessKeys } from '../datasets/iam/access-keys.ts';
import { keyActivity } from '../datasets/iam/key-activity.ts';
import { conforms, defineCheck, span, unknown } from './check.ts';
import { wrongWith } from './keys.ts';
import { outOfScope } from './scope.ts';

export const unusedKeysRemoved = defineCheck({
  id: 'unused-keys-removed',
  title: 'Access keys that nobody uses are removed',
  version: 2,
  asserts: 'Every access key that is not switched off was used within {idle}, or was made within {idle}.',
  population: accessKeys.where(({ status }) => status !== 'inactive'),
  with: { scope: systems.on('systemId'), use: keyActivity.on('keyId') },
  parameters: { idle: span('45 days') },

  examine({ createdAt, status }, { at, scope, use }, { idle }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [last] = use;
    const since = Math.max(createdAt, last?.lastUsedAt ?? createdAt);
    if (at < since + idle) return conforms({ until: since + idle });
    if (!last) return unknown(`nothing tells when it was last used; it was made on ${iso(createdAt)}`);
    return wrongWith({ status })(
      last.lastUsedAt === null ? `was never used since it was made on ${iso(createdAt)}` : `was last used on ${iso(last.lastUsedAt)}`,
      {
        cites: [last],
      },
    );
  },
});
