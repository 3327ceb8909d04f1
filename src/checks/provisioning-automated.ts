import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const PATIENCE = days(3);

export const provisioningAutomated = defineCheck({
  id: 'provisioning-automated',
  title: 'Accounts of people are created and closed by automation',
  version: 1,
  asserts:
    'Every account that is not declared as a machine’s, an outsider’s or a shared one was created and deactivated by the synchronisation, not by a person.',
  population: lifecycleEvents.where(({ type, succeeded }) => (type === 'created' || type === 'deactivated') && succeeded !== 'no'),
  with: { scope: systems.on('systemId'), holders: engagements.on('userId') },
  parameters: { patience: '3 days, in which the account may still be declared' },

  examine({ systemId, type, actor, actorKind, occurredAt, succeeded }, { at, scope, holders }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeeded === 'unknown') return unknown(`the log does not say whether it was ${type}`);
    if (actorKind === 'automation') return conforms();
    if (actorKind === 'unknown') return unknown(`the log does not say what kind of actor ${actor} is`);
    const [holder] = holders.filter((account) => account.systemId === systemId);
    if (holder && holder.ownerId !== null) return notYet({ rests: ['holders'] });
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });
    return deviates(`was ${type} by hand, by ${actor}, on ${iso(occurredAt)}`, { cites: holder ? [holder] : [] });
  },
});
