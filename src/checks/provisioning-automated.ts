import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';

const PATIENCE = days(3);

export const provisioningAutomated = defineCheck({
  id: 'provisioning-automated',
  title: 'Accounts of people in the identity provider are created and closed by automation',
  version: 2,
  asserts:
    'Every account of an identity provider that is not declared as a machine’s, an outsider’s or a shared one was created and deactivated by the synchronisation, not by a person.',
  population: lifecycleEvents.where(({ type, succeeded }) => (type === 'created' || type === 'deactivated') && succeeded !== 'no'),
  with: { providers: systems.where(({ identityProvider }) => identityProvider).on('systemId'), holders: engagements.on('userId') },
  parameters: { patience: '3 days, in which the account may still be declared' },

  examine({ systemId, type, actor, actorKind, occurredAt, succeeded }, { at, providers, holders }) {
    if (providers.length === 0) return notYet({ rests: ['providers'] });
    if (succeeded === 'unknown') return unknown(`the log does not say whether it was ${type}`);
    if (actorKind === 'automation') return conforms();
    if (actorKind === 'unknown') return unknown(`the log does not say what kind of actor ${actor} is`);
    const [holder] = holders.filter((account) => account.systemId === systemId);
    if (holder && holder.ownerId !== null) return notYet({ rests: ['holders'] });
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });
    return deviates(`was ${type} by hand, by ${actor}, on ${iso(occurredAt)}`, { cites: holder ? [holder] : [] });
  },
});
