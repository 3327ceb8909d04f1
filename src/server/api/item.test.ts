import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Company, company } from './testing/company.ts';

let acme: Company;
beforeAll(async () => {
  // HR exported in January; the training was completed in February.
  acme = await company({
    prepare: (dir) => {
      const file = join(dir, 'people.csv');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/generated \S+/, 'generated 2026-01-10T00:00:00Z'));
    },
  });
  const entry = { id: 'TC-9', course: 'C-1', worker: 'W-1', assigned: '2026-01-05', completed: '2026-02-20', passed: 'yes' };
  await acme.workspace.attest([{ kind: 'training-completions', act: 'state', entry, by: { email: 'maria.lopez@acme.example' } }]);
});
afterAll(() => acme.close());

const json = async <Answer>(path: string): Promise<Answer> => (await acme.ask(path)).json() as Promise<Answer>;

describe('an item as of an instant', () => {
  it('is shown with what had happened by then, and with nothing that came later', async () => {
    const { rows } = await json<{ readonly rows: readonly { readonly source: string; readonly partition: string; readonly key: string }[] }>(
      '/datasets/people.workers/rows?text=maria',
    );
    const [maria] = rows;
    const met = async (asOf: string) => {
      const of = new URLSearchParams({ source: maria?.source ?? '', partition: maria?.partition ?? '', key: maria?.key ?? '', asOf });
      const { joined } = await json<{ readonly joined: readonly { readonly dataset: string; readonly rows: readonly object[] | null }[] }>(
        `/checks/workers-trained/item?${of}`,
      );
      return joined.find(({ dataset }) => dataset === 'training.completions')?.rows?.length;
    };
    expect([await met('2026-01-31T00:00:00Z'), await met('2026-03-01T00:00:00Z')]).toEqual([0, 1]);
  });
});

it('of a person nothing is known of policies where no source tells of them', async () => {
  expect((await json<{ readonly policies: object }>('/people/W-1')).policies).toMatchObject({
    covered: false,
    gaps: expect.arrayContaining(['No source is connected that tells of policy.documents.', 'No source is connected that tells of policy.acceptances.']),
    lines: [],
  });
});
