import { z } from 'zod';
import { TERNARY } from '../core/ternary.ts';

/** The fields that many datasets share, so that they mean and read the same everywhere. */
export const text = (meaning: string) => z.string().min(1).describe(meaning);
export const maybeText = (meaning: string) => z.string().min(1).nullable().describe(meaning);
export const list = (meaning: string) => z.array(z.string().min(1)).readonly().describe(meaning);
const UTC = '(UTC, milliseconds';
export const at = (meaning: string) => z.int().describe(`${meaning} ${UTC})`);
export const maybeAt = (meaning: string) => z.int().nullable().describe(`${meaning} ${UTC}; null where there is none)`);
/** Whether a field holds an instant: a number like any other by its type, and written otherwise wherever people write one. */
export const holdsInstant = ({ description }: { readonly description?: string | undefined }): boolean => description?.includes(UTC) ?? false;
export const said = (meaning: string) => z.enum(TERNARY).describe(`${meaning} (unknown where the source does not say)`);
export const count = (meaning: string) => z.int().nonnegative().describe(meaning);
export const maybeCount = (meaning: string) => z.int().nonnegative().nullable().describe(meaning);

/** Which system a row speaks of: the id under `scope.systems` of the workspace's configuration. */
export const systemId = text('System, as named in the scope of the configuration');
