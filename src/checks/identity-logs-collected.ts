import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { logReads } from '../datasets/identity/log-reads.ts';
import { conforms, defineCheck, deviates, span } from './check.ts';

export const identityLogsCollected = defineCheck({
  id: 'identity-logs-collected',
  title: 'What happens to accounts is collected within {lag}',
  version: 1,
  asserts: 'The log of every identity provider in scope was read up to no longer than {lag} before, at every instant.',
  population: systems.where(({ identityProvider }) => identityProvider),
  with: { reads: logReads.on('systemId') },
  parameters: { lag: span('1 hour', 'between what happens and the run that reads of it') },

  examine({ name }, { at, reads }, { lag }) {
    const until = Math.max(...reads.map((read) => read.until));
    if (reads.length === 0) return deviates(`nothing reads the log of ${name}`);
    if (at < until + lag) return conforms({ until: until + lag });
    return deviates(`the log of ${name} was last read up to ${iso(until)}`, { cites: reads });
  },
});
