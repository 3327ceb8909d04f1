import { benchArchive } from './archive.ts';

/** `npm run bench -- archive`: measures, and prints each figure beside its goal. Says nothing of pass or fail: a busy machine is slow. */
const BENCHES = { archive: benchArchive };

const [name = ''] = process.argv.slice(2);
const bench = BENCHES[name as keyof typeof BENCHES];
if (!bench) {
  console.error(`bench: no benchmark is called "${name}". There are: ${Object.keys(BENCHES).join(', ')}. Run for example: npm run bench -- archive`);
  process.exit(2);
}
for (const [what, measured, goal] of await bench()) console.log(`${what.padEnd(66)} ${measured.padEnd(38)} goal: ${goal}`);
