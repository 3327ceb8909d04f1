import { ConfigurationError } from '../core/error.ts';

/** Bytes of decoded facts and verdicts that may be in memory at once, by the environment; `undefined` where it does not say. */
export function roomOf({ TICKMARK_MEMORY: said }: Readonly<Record<string, string | undefined>>): number | undefined {
  if (said === undefined || said === '') return undefined;
  const mebibytes = Number(said);
  if (!Number.isInteger(mebibytes) || mebibytes < 16)
    throw new ConfigurationError(
      `TICKMARK_MEMORY is "${said}". Write how many MiB of facts and verdicts may be in memory at once: a whole number, 16 or more.`,
    );
  return mebibytes * 2 ** 20;
}
