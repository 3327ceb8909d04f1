import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogView, type CheckLine, shippedCatalog, workspaceCatalog } from '../../app/catalogue.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';

export const addCatalog: AddCommand = (program, run) => {
  program
    .command('catalog')
    .description('what is to be shown, which controls answer it, which checks examine them, and whether a source feeds each check')
    .action(
      run(async ({ dir, output }) => {
        const workspace = existsSync(join(dir, 'tickmark.yaml'));
        const view = workspace ? workspaceCatalog(dir) : shippedCatalog();

        output.give({ ...view, workspace });
        output.say(() => people(view, workspace));
        return 0;
      }),
    );
};

function people({ requiredItems, criteria, checks, controls, digest }: CatalogView, workspace: boolean): string {
  const answered = requiredItems.filter((item) => item.checks.length > 0);
  const fed = (of: boolean | null) => (of === null ? '' : of ? 'fed' : 'not fed');
  return [
    'Controls',
    columns(
      controls.map(({ id, title, checks: its, criteria: for_, fed: of, excluded }) => [
        id,
        excluded ? 'left out by its file' : its.length === 0 ? 'no check yet' : `${several(its.length, 'check')}${of === null ? '' : `, ${fed(of)}`}`,
        title,
        for_.join(' '),
      ]),
    ),
    '',
    'Checks',
    columns(checks.map((check) => [check.id, fed(check.fed), check.controls.join(' '), lacks(check)])),
    '',
    'Criteria',
    columns(criteria.map(({ id, title, controls: its, gap }) => [id, title, its.join(' ') || `no control. ${gap ?? ''}`])),
    '',
    'Required items',
    columns(
      requiredItems.map(({ id, text, controls: its, checks: by, occurs, captures }) => [
        id,
        text,
        its.length === 0 ? 'no control yet' : its.join(' '),
        [by.length === 0 ? 'no check yet' : several(by.length, 'check'), ...[...occurs, ...captures].map(({ duty, cadence }) => `${duty}, ${cadence}`)].join(
          '; ',
        ),
      ]),
    ),
    '',
    `${several(controls.length, 'control')}, ${several(checks.length, 'check')}${workspace ? `, ${checks.filter((check) => check.fed).length} of them fed` : ''}; ${answered.length} of ${several(requiredItems.length, 'required item')} have a check; ${criteria.filter((criterion) => criterion.controls.length > 0).length} of ${criteria.length} criteria have a control. Catalog ${digest.slice(0, 12)}.`,
    ...(workspace ? [] : ['There is no workspace here: what feeds a check is not known. Name one with --workspace.']),
  ].join('\n');
}

/** Which of its datasets nothing feeds, and what would. */
function lacks({ reads }: CheckLine): string {
  return reads
    .filter(({ sources }) => sources?.length === 0)
    .map(
      ({ dataset, collectors }) =>
        `nothing tells of ${dataset}: ${collectors.length === 0 ? 'no collector does' : `add a source of ${collectors.join(' or ')}`}`,
    )
    .join('; ');
}
