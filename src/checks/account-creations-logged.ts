import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { logSpans } from '../datasets/identity/log-spans.ts';
import { users } from '../datasets/identity/users.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';

const PATIENCE = days(1);

export const accountCreationsLogged = defineCheck({
  id: 'account-creations-logged',
  title: 'The log tells of the making of every account',
  version: 1,
  asserts: 'Of every account of an identity provider that was made since its log is read, the log tells that it was made.',
  population: users,
  with: {
    providers: systems.where(({ identityProvider }) => identityProvider).on('systemId'),
    logs: logSpans.on('systemId'),
    made: lifecycleEvents.where(({ type, succeeded }) => type === 'created' && succeeded !== 'no').on('userId'),
  },
  parameters: { patience: '1 day, in which the log may still tell of it' },

  examine({ systemId, createdAt }, { at, providers, logs, made }) {
    if (providers.length === 0) return notYet({ rests: ['providers'] });
    if (made.some((event) => event.systemId === systemId)) return conforms();
    const [log] = logs.toSorted((a, b) => a.since - b.since);
    if (!log) return unknown('nothing tells from when on the log of its system is read');
    if (createdAt === null) return unknown('its system does not say when it was made');
    if (createdAt < log.since) return notYet({ rests: ['logs'] }); // older than the log
    const due = createdAt + PATIENCE;
    if (at < due) return notYet({ until: due });
    return deviates(`was made on ${iso(createdAt)}, and the log, which is read since ${iso(log.since)}, does not tell of it`, { cites: [log] });
  },
});
