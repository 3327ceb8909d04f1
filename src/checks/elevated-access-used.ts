import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { ofProvider, permissions } from '../datasets/iam/permissions.ts';
import { roleActivity } from '../datasets/iam/role-activity.ts';
import { activity } from '../datasets/identity/activity.ts';
import { conforms, defineCheck, deviates, share, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const IDLE = days(90);

export const elevatedAccessUsed = defineCheck({
  id: 'elevated-access-used',
  title: 'Administrative rights that nobody uses are taken away',
  version: 2,
  asserts:
    'Of the users and roles that are granted administration, or what makes an administrator, at least {rate} used it within 90 days, or were made within 90 days.',
  population: permissions.where((row) => (row.admin !== 'no' || row.escalates === 'yes') && !ofProvider(row)),
  with: { scope: systems.on('systemId'), assumed: roleActivity.on('principalId'), signedIn: activity.on('userId') },
  tolerates: 'rate',
  parameters: { idle: '90 days', rate: share('95 of 100', 'that must conform') },

  examine({ systemId, kind, createdAt }, { at, scope, assumed, signedIn }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (createdAt !== null && at < createdAt + IDLE) return conforms({ until: createdAt + IDLE });
    const [last] = kind === 'role' ? assumed : signedIn.filter((row) => row.systemId === systemId);
    if (!last) return unknown('nothing tells when it was last used');
    if (last.lastUsedAt === null) return deviates('no use of it is recorded', { cites: [last] });
    const until = last.lastUsedAt + IDLE;
    if (at >= until) return deviates(`was last used on ${iso(last.lastUsedAt)}`, { cites: [last] });
    if (kind === 'role') return conforms({ until });
    return unknown('AWS tells when a user last signed in, not whether he used these rights; of a role it does', { until });
  },
});
