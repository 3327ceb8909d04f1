import type { Then } from '../app/views.ts';
import { recordArgument } from './arguments.ts';
import type { Output } from './output.ts';

/** What `--as-known-at` is, in the help of the commands that take it. */
export const AS_KNOWN_AT = 'by what was known when this record was the newest; as of its sealing unless --as-of says otherwise';

/** What `--as-known-at` asks for. */
export const thenOf = (record: string | undefined, output: Output): Then | undefined =>
  record === undefined
    ? undefined
    : { record: recordArgument(record), progress: (done, of) => output.progress(`reading what was told late or twice: ${done} of ${of}`) };

/** What such an answer rests on, and what it does not. */
export const knownThen = (record: number): string =>
  `By what was known at record ${record}: the evidence, the configuration and the overlay up to that record, examined by the checks and the catalogue of today's program. ` +
  'What was disposed of since is missing.';
