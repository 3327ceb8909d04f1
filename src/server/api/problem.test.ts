import { expect, it } from 'vitest';
import { ConfigurationError, IntegrityError, TickmarkError } from '../../core/error.ts';
import { Refused } from '../../evidence/s3/bucket.ts';
import { documentOf, refusalOf } from './problem.ts';

const told = (error: unknown) => {
  const { status, detail } = documentOf(refusalOf(error), '/api/x');
  return [status, detail];
};
const refused = (status: number) => new Refused(`the bucket refused it: ${status}`, { status, reason: 'SlowDown', cause: null });

it('tells what is out of reach from what is broken', () => {
  for (const status of [0, 429, 500, 503]) expect(told(refused(status))).toEqual([503, `the bucket refused it: ${status}`]);
  expect(told(new TickmarkError('UNREACHABLE', 'the database went away'))).toEqual([503, 'the database went away']);
  expect(told(new TickmarkError('BUSY', 'others have the turn'))).toEqual([503, 'others have the turn']);
  const unsaid = 'The server could not answer. It says more in its output.';
  for (const error of [refused(403), refused(404), new IntegrityError('FORK', 'two roots'), new Error('a fault of ours')])
    expect(told(error)).toEqual([500, unsaid]);
  expect(told(new ConfigurationError('no such control'))).toEqual([400, 'no such control']);
});
