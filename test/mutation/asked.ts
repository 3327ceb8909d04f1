/** What a run over mutants is asked to do: told to it in a file, for it is a process of its own. */
export interface Asked {
  /** Paths of the files whose mutants are tried. */
  readonly files: readonly string[];
  /** Paths of the files whose tests try them. */
  readonly tests: readonly string[];
  /** For so many milliseconds tests try each mutant, and those that draw examples for as many more. */
  readonly budget: number;
  /** When it stops, milliseconds since 1970. */
  readonly until: number;
  /** Keys of the mutants that need not be tried. */
  readonly known: readonly string[];
}

/** One small change of a file. */
export interface Mutant {
  /** What the switches of the instrumenter call it, in one run. */
  readonly id: string;
  /** `src/checks/x.ts#12`: the same for as long as the file is the same. */
  readonly key: string;
  readonly file: string;
  /** Line and column, from 1, and what stands there instead. */
  readonly says: string;
}

/**
 * What became of a mutant. `early`: it acts while its file is loaded, when no test runs yet. `endless`: its tests did
 * not come to an end. `hidden`: tests reached it before it was switched on, and none did afterwards, so that something
 * was remembered which it would have changed.
 */
export type Outcome = 'killed' | 'survived' | 'uncovered' | 'early' | 'endless' | 'hidden';

/** One line of what a run says. */
export interface Tried {
  readonly key: string;
  readonly outcome: Outcome;
  /** The test that killed it. */
  readonly by?: string;
}

/** The mutant that a run is at. */
export interface Now {
  readonly key: string;
  /** The process that tests it. */
  readonly pid: number;
  /** By when it has to be at another test, milliseconds since 1970. */
  readonly until: number;
}

/** In the folder of a run: what it is asked, its mutants, the one that it is at, what it says, and that it has to begin again. */
export const ASKED = 'asked.json';
export const MUTANTS = 'mutants.json';
export const NOW = 'now.json';
export const TRIED = 'tried.jsonl';
export const AGAIN = 'again';
