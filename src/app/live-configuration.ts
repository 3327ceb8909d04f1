import type { Configuration } from '../configuration/read.ts';
import type { File } from '../configuration/schema.ts';

/** The configuration of an opened workspace: whoever asks is told what is in force now. */
export interface LiveConfiguration extends Configuration {
  replace(next: Configuration): void;
}

export function liveConfiguration(first: Configuration): LiveConfiguration {
  let now = first;
  return {
    get text() {
      return now.text;
    },
    get file() {
      return now.file;
    },
    get sources() {
      return now.sources;
    },
    replace(next) {
      now = next;
    },
  };
}

/** What an opened workspace stands on: the name of its log, its keys, who signs in. It is read once, when a process begins. */
const FIRM = ['company', 'timezone', 'server', 'archive', 'retention', 'keys', 'witnesses', 'quorum', 'timestamps', 'signIn'] as const;

/** What of a new configuration can only be taken up by beginning anew. */
export const firmOf = (was: File, is: File): readonly string[] => FIRM.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
