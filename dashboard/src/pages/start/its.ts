import type { Answer } from '../../api/ask.ts';
import type { Catalogue } from '../connect/Catalogue.tsx';

export type Posture = Answer<'posture', 'read'>;
export type Sources = Answer<'sources', 'list'>['sources'];

/** What each step is made of. */
export interface Its {
  readonly posture: Posture;
  readonly sources: Sources;
  readonly catalogue: Catalogue;
  /** Goes on to the step that follows. */
  readonly next: () => void;
}
