import type { Instant } from '../core/instant.ts';
import type { Json } from '../core/canonical.ts';
import type { Ternary } from '../core/ternary.ts';
import type { Dataset, Row, Value } from '../datasets/dataset.ts';

/** Who stands behind an entry, whichever door it came through. */
export interface Said {
  /** When it was committed, or stated. */
  readonly at: Instant;
  /** Lower case; `null` where nothing tells. */
  readonly authorEmail: string | null;
  /** `key`: it is signed by a key that is bound to that address. `session`: they were signed in. `none`: nothing shows who said it, and it approves nothing. */
  readonly knownBy: 'commit' | 'key' | 'session' | 'none' | 'unknown';
  /** Whether somebody else than its author approved it. */
  readonly approved: Ternary;
  /** Of those other than its author who approved it as it stands; lower case. */
  readonly approverEmails: readonly string[];
  readonly approvedAt: Instant | null;
}

export type Fields = Readonly<Record<string, Json>>;

/** A field that only entries have which feed no dataset of their own. */
export interface Extra {
  readonly meaning: string;
  readonly takes: 'text' | 'list' | 'instant' | 'item' | readonly string[];
  readonly required: boolean;
}

/**
 * One kind of thing that people state because no machine knows it. Both doors read its entries by this: files under
 * version control, and signed statements.
 */
export interface Kind {
  /** Name of the register, and the word after `tickmark attest`. */
  readonly id: string;
  /** One sentence: what an entry is. */
  readonly title: string;
  /** What its entries are rows of; `null` where they are entries of a register and nothing more. */
  readonly dataset: Dataset | null;
  /** The field of the dataset that the id of an entry becomes. */
  readonly key: string;
  /** How fields are written that are not written by the rule of {@link writtenName}. */
  readonly names: Readonly<Record<string, string>>;
  /** Fields whose date means the end of that day. */
  readonly ends: readonly string[];
  /** Fields that nobody writes: they follow from who said it, and from what else is written. */
  follow(said: Said, written: Readonly<Record<string, Value | undefined>>, entry: Fields): Row;
  /** Names of those fields. */
  readonly followed: readonly string[];
  readonly extras: Readonly<Record<string, Extra>>;
  /** Entries may say more than what is named here, and all of it is kept. */
  readonly loose: boolean;
  /** It allows or accepts something: it counts only where somebody other than its author approved it. */
  readonly needsApproval: boolean;
  /** An entry as one is written. Its dates, people and systems are made up. */
  readonly example: Fields;
}

type Given = Pick<Kind, 'id' | 'title' | 'example'> & Partial<Omit<Kind, 'id' | 'title' | 'example' | 'dataset'>> & { readonly dataset?: unknown };

/** Fields of `src/datasets/stated.ts`, where the dataset has them. */
const STATED = ['authorEmail', 'knownBy', 'approved', 'approverEmails', 'approvedAt'];

export function defineKind({ dataset, follow, followed = [], ...given }: Given): Kind {
  const its = (dataset ?? null) as Dataset | null;
  const shape = its ? Object.keys((its.row as unknown as { readonly shape: object }).shape) : [];
  const stated = STATED.every((field) => shape.includes(field)) ? STATED : [];
  return {
    key: 'id',
    names: {},
    ends: [],
    extras: {},
    loose: false,
    needsApproval: false,
    ...given,
    dataset: its,
    followed: [...followed, ...stated],
    follow(said, written, entry) {
      const { at: _, ...its } = said;
      return { ...follow?.(said, written, entry), ...(stated.length === 0 ? {} : its) };
    },
  };
}

/** `ownerId` is written `owner`, `startedAt` is written `started`, `systemIds` is written `systems`. */
export const writtenName = ({ key, names }: Pick<Kind, 'key' | 'names'>, field: string): string =>
  field === key ? 'id' : (names[field] ?? field.replace(/Ids$/, 's').replace(/(Id|At)$/, ''));
