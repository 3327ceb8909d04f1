import { z } from 'zod';

/** A name or a number; of a list, its only entry. GitHub gives a list where an event is about several. */
const one = z
  .unknown()
  .optional()
  .transform((value): string | null => {
    const [only, another] = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    if (another !== undefined) return null;
    return typeof only === 'number' || (typeof only === 'string' && only !== '') ? String(only) : null;
  });

/** GET /orgs/{org}/audit-log. What else an event holds differs from one action to the next. */
export const AuditEvent = z.looseObject({
  _document_id: z.string().min(1),
  action: z.string().min(1),
  '@timestamp': z.int(),
  created_at: z.int().nullish(),
  actor: one,
  actor_id: one,
  user: one,
  user_id: one,
  repo: one,
  repo_id: one,
  team: one,
  name: one,
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** What every row of an event says. */
export interface Common {
  readonly systemId: string;
  readonly eventId: string;
  readonly actorId: string;
  readonly actor: string;
  readonly actorKind: 'automation' | 'human' | 'unknown';
  readonly occurredAt: number;
}
