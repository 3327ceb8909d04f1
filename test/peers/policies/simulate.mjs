// Run by policies.peers.test.ts, as a program of its own: node simulate.mjs FOLDER-OF-THE-PACKAGE CASES. Says for each case what the
// published simulator says of it, one word a line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder = '', cases = ''] = process.argv.slice(2);
const { runSimulation } = await import(pathToFileURL(join(folder, 'node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js')).href);
const named = (policies) => policies.map((policy, place) => ({ name: `p${place}`, policy }));
const words = [];
for (const { action, resource, known, identity, boundary, controls, trust } of JSON.parse(readFileSync(cases, 'utf8'))) {
  const said = await runSimulation(
    {
      request: {
        action,
        principal: known['aws:PrincipalArn'] ?? 'arn:aws:iam::123456789012:user/ada',
        resource: { resource, accountId: '123456789012' },
        contextVariables: known,
      },
      identityPolicies: named(identity),
      serviceControlPolicies: controls.map((policies, place) => ({ orgIdentifier: `ou-${place}`, policies: named(policies) })),
      resourceControlPolicies: [],
      ...(trust === undefined ? {} : { resourcePolicy: trust }),
      ...(boundary === null ? {} : { permissionBoundaryPolicies: named(boundary) }),
    },
    {},
  );
  const ignored = said.resultType === 'single' ? (said.result.ignoredContextKeys ?? []) : [];
  words.push(said.resultType === 'error' ? `error ${JSON.stringify(said.errors)}` : ignored.length > 0 ? `ignored ${ignored.join()}` : said.overallResult);
}
console.log(words.join('\n'));
