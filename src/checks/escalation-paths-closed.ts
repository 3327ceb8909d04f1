import { systems } from '../datasets/asset/systems.ts';
import { ofProvider, permissions } from '../datasets/iam/permissions.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

/** Ways that are named in a reason; the row has them all. */
const NAMED = 3;

export const escalationPathsClosed = defineCheck({
  id: 'escalation-paths-closed',
  title: 'Nobody can make himself an administrator',
  version: 1,
  asserts: 'No user or role that is not an administrator is granted the acts by which it could make itself one, on anything of their kind.',
  population: permissions.where((row) => row.admin !== 'yes' && !ofProvider(row)),
  with: { scope: systems.on('systemId') },

  examine({ escalates, ways, keys, unreadable }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (escalates === 'yes') return deviates(`is granted what makes an administrator: ${listed(ways)}`);
    if (escalates === 'no') return conforms();
    if (unreadable.length > 0) return unknown(`nothing is known of what these policies say: ${listed(unreadable)}`);
    return unknown(`may be granted what makes an administrator, which hangs on ${listed(keys)}: ${listed(ways)}`);
  },
});

const listed = (all: readonly string[]): string => `${all.slice(0, NAMED).join(', ')}${all.length > NAMED ? `, and ${all.length - NAMED} more` : ''}`;
