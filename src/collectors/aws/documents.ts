import { z } from 'zod';
import { canonical, type Json } from '../../core/canonical.ts';

/** IAM sends policy documents URL-encoded. They are kept as canonical JSON, so that the same policy is the same text. */
export function decodeDocument(encoded: string): string {
  const text = encoded.trimStart().startsWith('{') ? encoded : decodeURIComponent(encoded.replaceAll('+', '%20'));
  return canonical(JSON.parse(text) as Json);
}

const some = z.union([z.string(), z.array(z.string())]).transform((one) => (typeof one === 'string' ? [one] : one));
const Document = z.object({
  Statement: z
    .union([z.looseObject({}), z.array(z.looseObject({}))])
    .transform((one) => (Array.isArray(one) ? one : [one]))
    .pipe(
      z.array(
        z.object({
          Effect: z.string(),
          Action: some.optional(),
          NotAction: some.optional(),
          Resource: some.optional(),
          Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
        }),
      ),
    ),
});

/** What somebody without a second factor must still be able to do, to enrol one. */
const HARMLESS = /^(iam|sts):/i;

/**
 * Whether a policy denies everything to whoever signed in without a second factor. `no keys`: long-term keys carry no
 * such context at all, so a plain `Bool` lets them through; only `BoolIfExists` catches them.
 */
export function asksForMfa(document: string): 'yes' | 'no keys' | 'no' {
  const asking = Document.parse(JSON.parse(document)).Statement.flatMap(({ Effect, Action, NotAction, Resource, Condition }): ('yes' | 'no keys')[] => {
    const everything = Action?.includes('*') === true || NotAction?.every((action) => HARMLESS.test(action)) === true;
    if (Effect !== 'Deny' || !everything || Resource?.includes('*') !== true || Condition === undefined) return [];
    const [[operator, tests] = ['', {}], ...more] = Object.entries(Condition);
    const [[key, value] = ['', null], ...others] = Object.entries(tests);
    if (
      more.length > 0 ||
      others.length > 0 ||
      key.toLowerCase() !== 'aws:multifactorauthpresent' ||
      String(Array.isArray(value) ? value[0] : value) !== 'false'
    )
      return [];
    if (operator === 'BoolIfExists') return ['yes'];
    return operator === 'Bool' ? ['no keys'] : [];
  });
  if (asking.includes('yes')) return 'yes';
  return asking.length > 0 ? 'no keys' : 'no';
}
