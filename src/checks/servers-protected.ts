import { iso } from '../core/instant.ts';
import { servers } from '../datasets/asset/servers.ts';
import { systems } from '../datasets/asset/systems.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const NONE = 'no protection against malicious software is running';

export const serversProtected = defineCheck({
  id: 'servers-protected',
  title: 'Servers are protected, or replaced rather than changed',
  version: 1,
  asserts:
    'On every server in production protection against malicious software is running, or it is replaced rather than changed and has run for no longer than {longest}.',
  population: servers.where(({ environment }) => environment !== 'nonproduction'),
  with: { scope: systems.on('systemId') },
  parameters: { longest: span('30 days', 'after it was started') },

  examine({ protection, replaced, startedAt }, { at, scope }, { longest }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (protection === 'yes') return conforms();
    const due = startedAt === null ? null : startedAt + longest;
    if (replaced === 'yes' && due !== null && at < due) return conforms({ until: due });
    if (protection === 'unknown') return unknown('whether protection against malicious software is running is not told');
    if (replaced === 'no') return deviates(NONE);
    if (replaced === 'unknown') return unknown(`${NONE}, and whether it is replaced rather than changed is not told`);
    if (due === null || startedAt === null) return unknown(`${NONE}; it is said to be replaced rather than changed, and since when it runs is not told`);
    return deviates(`${NONE}; it is said to be replaced rather than changed, and has run since ${iso(startedAt)}`);
  },
});
