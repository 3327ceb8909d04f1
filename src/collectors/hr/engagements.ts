import { z } from 'zod';

const identity = z.union([z.string().min(1), z.int().transform(String)]);
/** One row of the table of employment statuses: what somebody was from a date on. */
export const StatusRow = z.object({ id: identity, employeeId: identity, date: z.string().min(1), employmentStatus: z.string().nullish() });
type StatusRow = z.infer<typeof StatusRow>;

interface Dates {
  readonly id: string;
  readonly status: string | null;
  readonly employmentHistoryStatus: string | null;
  readonly hireDate: string | null;
  readonly originalHireDate: string | null;
  readonly terminationDate: string | null;
}

/** One engagement by its first and its last day. */
export interface Engagement {
  readonly from: string;
  readonly to: string | null;
  readonly status: string | null;
}

interface Reading {
  /** Statuses that end an engagement. */
  readonly ended: readonly string[];
  /** The date of the run: who has yet to come is inactive too. */
  readonly today: string;
}

/**
 * Who leaves and comes back is engaged twice: the rows of the table, in order, begin and end the engagements. What the
 * employee’s own fields say counts where the table is silent. Where neither says when somebody came or went, there is
 * nothing to read, and that is an error.
 */
export function engagementsOf(employee: Dates, rows: readonly StatusRow[], { ended, today }: Reading): readonly Engagement[] {
  const { id, status, employmentHistoryStatus, hireDate, originalHireDate, terminationDate } = employee;
  const told = fromTable(rows, ended, [hireDate, originalHireDate]);
  const first = earliest([originalHireDate, hireDate]);
  const engagements = told.length > 0 ? told : first === null ? [] : [{ from: first, to: null, status: employmentHistoryStatus }];
  const last = engagements.at(-1);
  if (!last) throw new RangeError(`BambooHR does not say when employee ${id} began`);
  const whole =
    last.to === null && terminationDate !== null && terminationDate >= last.from
      ? [...engagements.slice(0, -1), { ...last, to: terminationDate }]
      : engagements;
  if (status === 'Inactive' && whole.at(-1)?.to === null && last.from < today)
    throw new RangeError(`employee ${id} is inactive, and BambooHR does not say since when`);
  return whole;
}

function fromTable(rows: readonly StatusRow[], ended: readonly string[], hired: readonly (string | null)[]): Engagement[] {
  const engagements: Engagement[] = [];
  const ends = new Set(ended.map((name) => name.toLowerCase()));
  for (const { date, employmentStatus } of rows.toSorted((a, b) => (a.date === b.date ? Number(a.id) - Number(b.id) : a.date < b.date ? -1 : 1))) {
    const current = engagements.at(-1);
    const open = current?.to === null ? current : undefined;
    const status = employmentStatus || null;
    const end = ends.has(status?.toLowerCase() ?? '');
    if (open) engagements[engagements.length - 1] = end ? { ...open, to: date } : { ...open, status };
    else if (!end) engagements.push({ from: date, to: null, status });
    else if (!current) engagements.push({ from: earliest(hired) ?? date, to: date, status: null });
  }
  const [first, ...later] = engagements;
  return first ? [{ ...first, from: earliest([first.from, ...hired]) ?? first.from }, ...later] : [];
}

const earliest = (dates: readonly (string | null)[]): string | null => dates.flatMap((date) => date ?? []).sort()[0] ?? null;
