import type { Severity } from '../core/severity.ts';
import type { Recurring } from './occurrences.ts';

/** What assessing needs of the catalogue and its overlay. */
export interface Catalog {
  readonly criteria: readonly {
    readonly id: string;
    readonly category: string;
    readonly series: string;
    readonly seriesTitle: string;
    readonly title: string;
    readonly summary: string;
    readonly inScope: boolean;
    /** Why no control answers it, where none does. */
    readonly gap: string | null;
  }[];
  readonly controls: readonly {
    readonly id: string;
    readonly title: string;
    readonly statement: string;
    readonly criteria: readonly string[];
    readonly owner: string;
    /** The policy whose words it carries out; `null` where nobody names one. */
    readonly policy?: string | null;
    readonly severity: Severity;
    /** What has to happen again and again, by the calendar. */
    readonly occurs: readonly Recurring[];
    readonly checks: readonly string[];
    /** What an auditor may ask of it that none of its checks examines. */
    readonly unexamined?: readonly string[];
    /** That the overlay leaves it out, and what it says of that. */
    readonly leftOut?: { readonly because: string; readonly approvedBy: string; readonly file: string } | null;
  }[];
}
