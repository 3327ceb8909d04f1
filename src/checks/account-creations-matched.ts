import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

const PATIENCE = days(3);

export const accountCreationsMatched = defineCheck({
  id: 'account-creations-matched',
  title: 'Accounts are created for people whom HR knows',
  version: 2,
  asserts:
    'Every account that was created in an identity provider belongs to a person whose engagement had not ended and began no more than 14 days later, or is declared with somebody who answers for it.',
  population: lifecycleEvents.where(({ type, succeeded }) => type === 'created' && succeeded !== 'no'),
  with: { providers: systems.where(({ identityProvider }) => identityProvider).on('systemId'), holders: engagements.on('userId') },
  parameters: { lead: span('14 days', 'before the first day'), patience: '3 days, in which HR or a declaration may still say whose it is' },

  examine({ systemId, actor, occurredAt, succeeded }, { at, providers, holders }, { lead }) {
    if (providers.length === 0) return notYet({ rests: ['providers'] });
    if (succeeded === 'unknown') return unknown('the log does not say whether it was created');
    const [holder] = holders.filter((account) => account.systemId === systemId);
    const { ownerId = null, personId = null, startAt = null, endAt = null } = holder ?? {};
    if (ownerId !== null) return conforms();
    const over = endAt !== null && occurredAt >= endAt;
    if (startAt !== null && !over && occurredAt >= startAt - lead) return conforms();
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });
    const created = `was created by ${actor} on ${iso(occurredAt)}`;
    const cites = holder ? [holder] : [];
    if (startAt === null) return deviates(`${created}, and belongs to nobody whom HR knows`, { cites });
    if (over) return deviates(`${created}, and ${personId} had left on ${iso(endAt)}`, { cites });
    return deviates(`${created}, and ${personId} begins on ${iso(startAt)}`, { cites });
  },
});
