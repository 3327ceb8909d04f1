import { type WrittenField, writtenFields } from '../attestations/fields.ts';
import { kinds } from '../attestations/index.ts';
import type { Fields, Kind } from '../attestations/kind.ts';

/** A kind of statement, with what a form for it asks. */
export interface StatedKind {
  readonly id: string;
  readonly title: string;
  readonly dataset: string | null;
  readonly needsApproval: boolean;
  readonly fields: readonly StatedField[];
  /** An entry as one is written; made up. */
  readonly example: Fields;
}

export interface StatedField extends Pick<WrittenField, 'name' | 'meaning' | 'takes' | 'words' | 'required'> {
  readonly isInstant: boolean;
  /** Its date means the end of that day. */
  readonly ends: boolean;
}

export const statedKinds = (): readonly StatedKind[] =>
  kinds.map((kind) => ({
    id: kind.id,
    title: kind.title,
    dataset: kind.dataset?.id ?? null,
    needsApproval: kind.needsApproval,
    fields: [
      ...writtenFields(kind).flatMap(({ name, meaning, takes, words, required, end }) =>
        name === 'withdrawn' ? [] : [{ name, meaning, takes, words, required, isInstant: takes === 'instant', ends: end }],
      ),
      ...usualBesides(kind).map((name) => ({
        name,
        meaning: 'As your method has it',
        takes: 'text' as const,
        words: [],
        required: false,
        isInstant: false,
        ends: false,
      })),
    ],
    example: kind.example,
  }));

/** What entries usually say besides, where they may say whatever they like. */
function usualBesides(kind: Kind): readonly string[] {
  const known = writtenFields(kind).map(({ name }) => name);
  return kind.loose ? Object.keys(kind.example).filter((name) => !known.includes(name)) : [];
}
