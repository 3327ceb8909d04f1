import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

const PATIENCE = days(7);

export const deactivationsMatched = defineCheck({
  id: 'deactivations-matched',
  title: 'Accounts are closed when engagements end',
  version: 2,
  asserts:
    'Every account of a person that was deactivated in the identity provider was closed no later than {deadline} after the engagement ended, as HR tells it.',
  population: lifecycleEvents.where(({ type, succeeded }) => type === 'deactivated' && succeeded !== 'no'),
  with: { providers: systems.where(({ identityProvider }) => identityProvider).on('systemId'), holders: engagements.on('userId') },
  parameters: { deadline: span('24 hours', 'after the end of the last day'), patience: '7 days, in which HR may still tell of the end' },

  examine({ systemId, actor, occurredAt, succeeded }, { at, providers, holders }, { deadline }) {
    if (providers.length === 0) return notYet({ rests: ['providers'] });
    if (succeeded === 'unknown') return unknown('the log does not say whether it was deactivated');
    const [holder] = holders.filter((account) => account.systemId === systemId);
    // An account that is nobody's own is closed without anybody leaving.
    if (!holder || holder.personId === null) return notYet({ rests: ['holders'] });
    const { personId, startAt, endAt } = holder;
    if (startAt === null) return unknown(`HR does not know ${personId}, whose account it is`);
    if (endAt !== null && occurredAt <= endAt + deadline) return conforms();
    const closed = `was deactivated by ${actor} on ${iso(occurredAt)}`;
    if (endAt !== null) return deviates(`${closed}, and ${personId} had left on ${iso(endAt)}`, { cites: [holder] });
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });
    return deviates(`${closed}, and HR knows no end of the engagement of ${personId}`, { cites: [holder] });
  },
});
