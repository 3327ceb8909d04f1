import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { adminEvents } from '../datasets/identity/admin-events.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const PATIENCE = days(3);

export const adminChangesAttributed = defineCheck({
  id: 'admin-changes-attributed',
  title: 'Changes to sign-in rules can be laid at somebody’s door',
  version: 2,
  asserts:
    'Every change to policies, zones, applications and settings of the identity provider was made by one person whom HR knows, or by a declared service.',
  population: adminEvents.where(({ succeeded }) => succeeded !== 'no'),
  with: { scope: systems.on('systemId'), actors: engagements.on('userId', 'actorId') },
  parameters: { patience: '3 days, in which the account may still be tied to a person' },

  examine({ systemId, type, actor, actorKind, occurredAt, succeeded }, { at, scope, actors }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeeded === 'unknown') return unknown('the log does not say whether the change took effect');
    if (actorKind === 'automation') return conforms();
    const [account] = actors.filter((row) => row.systemId === systemId);
    const done = `${type} on ${iso(occurredAt)} was done with ${actor}`;
    if (account?.kind === 'shared') return deviates(`${done}, which several people share`, { cites: [account] });
    if (account && (account.personId === null ? account.ownerId !== null : account.startAt !== null)) return conforms();
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });
    if (!account && actorKind === 'unknown') return unknown(`the log does not say what kind of actor ${actor} is`);
    return deviates(`${done}, which belongs to nobody whom HR knows`, { cites: account ? [account] : [] });
  },
});
