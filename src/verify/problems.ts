import { IntegrityError } from '../core/error.ts';

/** One thing that is not as it was sealed. */
export interface Problem {
  readonly code: string;
  /** File within the state folder, where one is to blame. */
  readonly file: string | null;
  readonly index: number | null;
  readonly says: string;
}

export type Report = (code: string, says: string, file?: string | null, index?: number | null) => void;
/** Does something that may find damage: then it is reported as of this file and index, and the answer is `null`. */
export type Attempt = <Result>(file: string | null, index: number | null, act: () => Promise<Result>) => Promise<Result | null>;

/** What a disk answers of a file that it cannot read, or that is no file. */
const UNREADABLE = new Set(['EIO', 'EISDIR', 'ELOOP', 'ENXIO', 'EACCES', 'EPERM', 'ENAMETOOLONG']);

/** Reports damage that was found elsewhere. Throws what is none. */
export type Found = (file: string | null, index: number | null, error: unknown) => void;

export function reporting(problems: Problem[]): { readonly report: Report; readonly found: Found; readonly attempt: Attempt } {
  const report: Report = (code, says, file = null, index = null) => void problems.push({ code, file, index, says });
  const found: Found = (file, index, error) => {
    const unreadable = error instanceof Error && 'code' in error && typeof error.code === 'string' && UNREADABLE.has(error.code) ? error.code : null;
    if (!(error instanceof IntegrityError) && unreadable === null) throw error;
    report(unreadable === null ? (error as IntegrityError).code : 'UNREADABLE', (error as Error).message, file, index);
  };
  return {
    report,
    found,
    async attempt(file, index, act) {
      try {
        return await act();
      } catch (error) {
        found(file, index, error);
        return null;
      }
    },
  };
}

/** What is said of a whole line of records is said of this. */
export const lineItem = (line: string): string => `line ${JSON.stringify(line)}`;
