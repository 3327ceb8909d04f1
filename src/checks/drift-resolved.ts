import { iso } from '../core/instant.ts';
import { tickets } from '../datasets/change/tickets.ts';
import { drift } from '../datasets/config/drift.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

export const driftResolved = defineCheck({
  id: 'drift-resolved',
  title: 'Drift of the infrastructure is resolved',
  version: 1,
  asserts:
    'Every difference between the infrastructure as declared and as it runs was gone within {deadline} after it was found, or was let stand by an approved ticket.',
  population: drift,
  with: { named: tickets.on('ticketIds', 'ticketId') },
  parameters: { deadline: span('72 hours', 'after it was found') },

  examine({ detectedAt, resolvedAt, ticketId }, { at, named }, { deadline }) {
    const due = detectedAt + deadline;
    if (resolvedAt !== null && resolvedAt <= due) return conforms();
    if (named.some(({ approvedAt }) => approvedAt !== null && approvedAt <= due)) return conforms();
    if (at < due) return notYet({ until: due });
    const [untold] = named.filter(({ told, approvedAt }) => approvedAt === null && !told.includes('approval'));
    if (untold) return unknown(`whether ${untold.ticketId} was approved is not told`);
    const found = `was found on ${iso(detectedAt)}, and ${resolvedAt === null ? 'is not resolved' : `resolved only on ${iso(resolvedAt)}`}`;
    if (ticketId === null) return deviates(`${found}; no ticket let it stand`);
    if (named.length === 0) return deviates(`${found}; no tracker knows ${ticketId}`);
    return deviates(`${found}; nobody had approved ${ticketId} by ${iso(due)}`, { cites: named });
  },
});
