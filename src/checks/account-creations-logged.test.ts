import { checkTester } from '../../test/check-tester.ts';
import { AT, lifecycleEvent, system, user } from '../../test/rows.ts';
import { days, instant, iso } from '../core/instant.ts';
import { accountCreationsLogged } from './account-creations-logged.ts';

const since = instant('2026-03-01T00:00:00Z');
const createdAt = instant('2026-05-04T08:00:00Z');
const providers = [system({ identityProvider: true })];
const logs = [{ systemId: 'okta', since }];
const account = (over: Parameters<typeof user>[0] = {}) => user({ createdAt, ...over });
const made = lifecycleEvent({ type: 'created', userId: 'u1', occurredAt: createdAt });
const lost = 'was made on 2026-05-04T08:00:00Z, and the log, which is read since 2026-03-01T00:00:00Z, does not tell of it';

checkTester(accountCreationsLogged, {
  conforms: {
    'the log tells of it': { item: account(), given: { providers, logs, made: [made] } },
    'the log tells of one from before it was read whole': { item: account({ createdAt: since - days(1) }), given: { providers, logs, made: [made] } },
  },
  deviates: {
    'the log tells nothing': { item: account(), given: { providers, logs }, because: lost, cites: { logs: [0] } },
    'the log tells of an account of that id in another system': {
      item: account(),
      given: { providers, logs, made: [lifecycleEvent({ type: 'created', userId: 'u1', systemId: 'other', occurredAt: createdAt })] },
      because: lost,
      cites: { logs: [0] },
    },
    'the account is closed by now': { item: account({ status: 'deactivated' }), given: { providers, logs }, because: lost, cites: { logs: [0] } },
    'it was made at the very beginning': {
      item: account({ createdAt: since }),
      given: { providers, logs },
      because: `was made on ${iso(since)}, and the log, which is read since ${iso(since)}, does not tell of it`,
      cites: { logs: [0] },
    },
  },
  unknown: {
    'nothing tells from when on it is read': {
      item: account(),
      given: { providers },
      because: 'nothing tells from when on the log of its system is read',
    },
    'no date': { item: account({ createdAt: null }), given: { providers, logs }, because: 'its system does not say when it was made' },
  },
  notYet: {
    'older than the log': { item: account({ createdAt: since - 1 }), given: { providers, logs } },
    'the log may still tell': { item: account({ createdAt: AT - days(0.5) }), given: { providers, logs } },
    'no identity provider': { item: account(), given: { logs } },
  },
});
