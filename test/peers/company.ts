import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { initialize } from '../../src/app/initialize.ts';
import { openWorkspace } from '../../src/app/open.ts';
import { days, type Instant, iso } from '../../src/core/instant.ts';
import type { Finding } from '../../src/engine/posture.ts';

// What companies that are made up for a test have in common: a folder under git, and servers on this machine that answer their sources.

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly text: string;
}
export interface Answered {
  readonly status: number;
  readonly body: unknown;
  /** Address of the next page, or of where to go on. */
  readonly next?: string;
}

export interface Served {
  readonly endpoint: string;
  /** Everything that was asked and answered, in order. */
  readonly exchanges: readonly (Asked & Answered)[];
  stop(): void;
}

/** A server of JSON on a free port of this machine. What throws is answered with 500 and its message. */
export async function serve(answer: (asked: Asked) => Answered | Promise<Answered>): Promise<Served> {
  const exchanges: (Asked & Answered)[] = [];
  const replied = async (request: IncomingMessage): Promise<Answered> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = { method: request.method ?? '', url: new URL(request.url ?? '/', `http://${request.headers.host}`), text: Buffer.concat(chunks).toString() };
    const answered = await answer(asked);
    exchanges.push({ ...asked, ...answered });
    return answered;
  };
  const server = createServer((request, response) => {
    replied(request)
      .catch((error: unknown): Answered => ({ status: 500, body: { message: String(error) } }))
      .then(({ status, body, next }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...(next === undefined ? {} : { link: `<${next}>; rel="next"` }) });
        response.end(JSON.stringify(body));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, exchanges, stop: () => void server.close() };
}

/** The registers of a company: what one person writes on a branch is merged by another, or pushed by nobody but its author. */
export class Registers {
  readonly #dir: string;
  readonly #entries = new Map<string, unknown[]>();

  constructor(dir: string) {
    this.#dir = dir;
    this.#git('nobody@acme.example', 0, 'init', '--quiet', '--initial-branch=main');
    this.#git('nobody@acme.example', 0, 'commit', '--quiet', '--allow-empty', '--message', 'Begin');
  }

  /** `by` and `merger` are addresses; `null` is a push to the branch itself. */
  enter(register: string, entries: readonly object[], { by, merger, at }: { readonly by: string; readonly merger: string | null; readonly at: Instant }): void {
    const path = `registers/${register}.yaml`;
    const all = [...(this.#entries.get(register) ?? []), ...entries];
    this.#entries.set(register, all);
    mkdirSync(dirname(join(this.#dir, path)), { recursive: true });
    if (merger !== null) this.#git(by, at, 'checkout', '--quiet', '-b', 'work');
    writeFileSync(join(this.#dir, path), all.length === 0 ? '[]\n' : stringify(all));
    this.#git(by, at, 'add', path);
    this.#git(by, at, 'commit', '--quiet', '--message', `Entries of ${register}`);
    if (merger === null) return;
    this.#git(by, at, 'checkout', '--quiet', 'main');
    this.#git(merger, at, 'merge', '--quiet', '--no-ff', '--message', 'Merge work', 'work');
    this.#git(by, at, 'branch', '--quiet', '--delete', 'work');
  }

  #git(email: string, at: Instant, ...args: readonly string[]): void {
    const who = (role: string) => ({
      [`GIT_${role}_NAME`]: email.split('@')[0],
      [`GIT_${role}_EMAIL`]: email,
      [`GIT_${role}_DATE`]: `@${Math.floor(at / 1000)} +0000`,
    });
    const env = { PATH: process.env.PATH ?? '', HOME: this.#dir, GIT_CONFIG_NOSYSTEM: '1', ...who('AUTHOR'), ...who('COMMITTER') };
    execFileSync('git', ['-C', this.#dir, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

interface Written {
  readonly sources: readonly object[];
  readonly people: object;
  readonly systems: readonly object[];
}

/** A new workspace in a folder, with these sources, declarations and systems. `from` is a day, like `2026-01-01`. */
export function layWorkspace(dir: string, from: string, { sources, people, systems }: Written): void {
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: `${from}..2035-01-01` });
  const yaml = join(dir, 'tickmark.yaml');
  const said = (value: unknown) => JSON.stringify(value);
  const text = readFileSync(yaml, 'utf8')
    .replace('sources: []', `sources: ${said(sources)}`)
    .replace('people: {}', `people: ${said(people)}`)
    .replace('scope: {}', `scope: ${said({ systems })}`);
  writeFileSync(yaml, text);
}

export interface Noted {
  /** Why each source failed; `null` of those that did not. */
  readonly reasons: readonly (string | null)[];
  /** Labels of items by check, in order. */
  readonly deviates: Readonly<Record<string, readonly string[]>>;
  readonly unknown: Readonly<Record<string, readonly string[]>>;
  /** How many items of each check conform. */
  readonly conforming: Readonly<Record<string, number>>;
}

/** Collects everything at an instant and a day later, and says what is then noted. `before` is called before each. */
export async function examined(dir: string, now: Instant, before: (at: Instant) => void): Promise<Noted> {
  let clock = now;
  const opened = await openWorkspace({ dir, env: { TOKEN: 'secret-of-the-tests' }, clock: () => clock });
  const reasons: (string | null)[] = [];
  // What is nowhere is known to be nowhere once every source has been looked at since the thing appeared.
  for (const at of [now, now + days(1)]) {
    clock = at;
    before(at);
    reasons.push(...(await opened.collect()).map(({ reason }) => reason));
  }
  const { findings, checks } = await opened.posture();
  const all = [...findings];
  await opened.close();
  const conforming = checks.flatMap(({ id, examined: count, deviations, unknowns }): [string, number][] => {
    const left = count - deviations - unknowns;
    return left > 0 ? [[id, left]] : [];
  });
  return { reasons, deviates: noted(all, 'deviates'), unknown: noted(all, 'unknown'), conforming: Object.fromEntries(conforming) };
}

/** A check that two controls name is told under each: its item counts once. */
function noted(findings: readonly Finding[], verdict: Finding['verdict']): Readonly<Record<string, readonly string[]>> {
  const items = new Map(findings.filter((it) => it.verdict === verdict).map((it) => [JSON.stringify([it.check, it.item]), it]));
  const byCheck = Map.groupBy(items.values(), ({ check }) => check);
  return Object.fromEntries([...byCheck].map(([check, its]) => [check, its.map(({ item }) => item.label).sort()]));
}

/** A CSV file that says when it was made. */
export function exported(dir: string, file: string, at: Instant, head: string, lines: readonly string[]): void {
  writeFileSync(join(dir, file), `# generated ${iso(at)}\n${head}\n${lines.join('\n')}\n`);
}
