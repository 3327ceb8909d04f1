import { type Block, type Engine, Restoring } from '../../src/engine/engine.ts';
import { Memory } from '../../src/engine/memory.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openScratch } from '../../src/store/scratch.ts';
import { openStore } from '../../src/store/store.ts';
import { asked, askedForAll, first, learnDay, learnTeams, tellAgain, told, withCopies, worldOf } from './work.ts';
import type { Size } from './world.ts';

/**
 * One part of a run in a process of its own: `child.ts PART SIZE ROOM FOLDER [DATABASE]`. `make` tells, examines and saves;
 * `use` opens what was saved and asks; `alone` does all of it without a database, its store being the scratch file. A
 * database is a server by its address, or the embedded one by its folder. Room is in MiB; 0 is none but that of the heap. Each line that it writes is a step in JSON.
 */
const [part = '', size = '', room = '', folder = '', where = ''] = process.argv.slice(2);
const world = worldOf(JSON.parse(size) as Size);
const scratch = openScratch(folder);

async function step<Result>(what: string, act: () => Result | Promise<Result>, answer: (result: Result) => string = () => ''): Promise<Result> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const result = await act();
  const { user, system } = process.cpuUsage(before);
  const rss = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ part, what, seconds: (performance.now() - began) / 1000, cpu: (user + system) / 1e6, rss, answer: answer(result) }));
  return result;
}

function memory(aside: (content: unknown) => () => unknown): Memory {
  return Number(room) === 0 ? new Memory(Infinity) : new Memory(Number(room) * 2 ** 20, aside);
}

async function made(on: Parameters<typeof told>[1], aside: (content: unknown) => () => unknown): Promise<Engine> {
  const engine = await step('told', () => told(world, on, memory(aside)));
  await step('examined', () => engine.examineAll());
  return engine;
}

async function used(engine: Engine, save: () => Promise<void>): Promise<void> {
  const answers = asked(world, engine)[Symbol.iterator]();
  for (let more = true; more; )
    await step(
      'asked',
      () => answers.next(),
      ({ done, value }) => {
        more = done !== true;
        return (value ?? []).join(': ');
      },
    );
  await step('a day learned', () => learnDay(world, engine), String);
  await step('and saved', save);
  await step('teams learned, by whom things are owned', () => learnTeams(world, engine), String);
  await step('and saved', save);
  await step('a stream told again as a whole', () => tellAgain(world, engine), String);
  await step('deviations of all', () => askedForAll(world, engine), String);
}

const database = where === '' ? null : await openDatabase(where.startsWith('/') ? { dir: where } : { url: where });
const store = database && (await openStore(database, scratch));
const position = (number: number) => ({ size: number, root: '', code: 'bench', catalog: 'bench' });

if (part === 'alone') {
  const aside = (content: unknown) => {
    const back = scratch.put(Buffer.from(JSON.stringify(content)));
    return () => JSON.parse(back().toString()) as unknown;
  };
  const kept = new Map<string, { readonly block: Omit<Block, 'content'>; read(): unknown }>();
  const keep = (blocks: Iterable<Block>) => {
    for (const { content, ...block } of blocks) {
      const read = aside(content);
      kept.set(`${block.kind} ${block.name} ${block.block}`, { block, read });
      block.kept?.(read);
    }
  };
  const before = await made(world, aside);
  await step('saved', () => keep(before.kept()));
  const restoring = new Restoring(world.checks, world.also, memory(aside));
  await step('opened', () => {
    for (const { block, read } of kept.values()) restoring.block({ ...block, read });
  });
  const engine = restoring.engine();
  await used(engine, async () => keep(engine.changed()));
} else if (store && part === 'make') {
  const engine = await made(first(world), store.aside);
  await step('saved', () => store.save(null, { position: position(1), records: [], blocks: withCopies(world, engine.kept()) }));
} else if (store && part === 'use') {
  const restoring = new Restoring(world.checks, world.also, memory(store.aside));
  await step('opened', () => store.load(restoring));
  const engine = restoring.engine();
  let size = 1;
  await used(engine, async () => {
    await store.save(position(size), { position: position(++size), records: [], blocks: engine.changed() });
  });
}
await database?.close();
process.exit(0); // its threads would keep it
