import type { Fact, Look } from './fact.ts';
import type { PackedFields } from './fields.ts';
import type { PackedFacts, PackedLooks, PackedSteps } from './packed.ts';
import type { Retelling } from './retelling.ts';
import type { Step } from './steps.ts';

/** All that an engine knows, one by one: what was told, what follows, what was said of it. */
export interface State {
  readonly looks: readonly Look[];
  readonly facts: readonly (Fact & { readonly dataset: string })[];
  readonly steps: readonly (Step & { readonly check: string; readonly item: string })[];
}

/**
 * What is kept together: looks of one stream, or of some items of one dataset their names, their facts, the values by
 * which joins find them, or what one check says of them.
 */
export interface Block {
  readonly kind: 'looks' | 'items' | 'facts' | 'fields' | 'steps';
  /** Id of the dataset or of the check; of looks those of dataset and stream, with a space between them. */
  readonly name: string;
  readonly block: number;
  /** In what JSON can say; `null` where nothing is to be kept any more. */
  readonly content: PackedLooks | readonly string[] | PackedFacts | PackedFields | PackedSteps | null;
  /** To be called once it is kept: from then on it may leave memory, for it can be read from there. */
  kept?(read: () => unknown): void;
}

/** What is to be made anew: streams that were told anew, all that a derived dataset holds, all that a check says. */
export interface Renewal {
  readonly streams?: Iterable<Retelling>;
  /** Ids. */
  readonly derived?: ReadonlySet<string>;
  readonly checks?: ReadonlySet<string>;
}

/** A stream of which present knowledge does not tell what was known before, and the tellings that it was known by, in order. */
export interface Forgotten {
  readonly dataset: string;
  readonly stream: string;
  readonly tellings: readonly Pick<Look, 'at' | 'record'>[];
}

/** A block as it was kept: it is read once somebody asks for what is in it. */
export interface KeptBlock extends Omit<Block, 'content'> {
  read(): unknown;
}
