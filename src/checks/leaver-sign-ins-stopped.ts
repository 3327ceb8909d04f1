import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { signIns } from '../datasets/identity/sign-ins.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

/** An end that HR tells of late counts all the same, for so long. */
const LATE = days(7);

export const leaverSignInsStopped = defineCheck({
  id: 'leaver-sign-ins-stopped',
  title: 'Nobody signs in after having left',
  version: 1,
  asserts: 'No session was opened with the account of a person more than {grace} after the engagement had ended.',
  population: signIns.where(({ kind, succeeded }) => kind === 'session' && succeeded !== 'no'),
  with: { scope: systems.on('systemId'), holders: engagements.on('userId') },
  parameters: { grace: span('1 hour', 'after the end of the last day'), late: '7 days, in which HR may still tell of the end' },

  examine({ systemId, login, occurredAt, succeeded }, { at, scope, holders }, { grace }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeeded === 'unknown') return unknown('the log does not say whether the session was opened');
    const [holder] = holders.filter((account) => account.systemId === systemId);
    if (!holder) return unknown(`no list of accounts holds ${login}`);
    if (holder.personId === null) return notYet({ rests: ['holders'] });
    const { endAt } = holder;
    if (endAt !== null && occurredAt > endAt + grace)
      return deviates(`${login} signed in on ${iso(occurredAt)}, and ${holder.personId} had left on ${iso(endAt)}`, { cites: [holder] });
    return conforms(at < occurredAt + LATE ? { until: occurredAt + LATE } : {});
  },
});
