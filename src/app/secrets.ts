import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { collectors } from '../collectors/index.ts';
import { KEPT, readConfiguration } from '../configuration/read.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of the environment that are secret by their name. */
const NAMED = /(SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|PRIVATE_KEY|ACCESS_KEY)/;

/** Every secret that this process can reach: what no line of it may say. */
export function secretsOf(dir: string, env: Environment = process.env): readonly string[] {
  const { sources } = readConfiguration(dir, collectors);
  const references = sources.flatMap(({ credentials }) => (credentials === 'default' ? [] : Object.values(credentials)));
  const named = Object.entries(env).flatMap(([name, value]) => (NAMED.test(name) && value !== undefined ? [value] : []));
  return [...new Set([...references.flatMap((reference) => secretOf(reference, dir, env)), ...passwordIn(env.DATABASE_URL), ...named])].filter(
    (it) => it !== '',
  );
}

function secretOf(reference: string, dir: string, env: Environment): readonly string[] {
  const [kind, ...rest] = reference.split(':');
  const target = rest.join(':');
  if (reference === KEPT) return []; // what is kept is told of by whoever opens it
  if (kind === 'env') return env[target] === undefined ? [] : [env[target]];
  try {
    return [readFileSync(resolve(dir, target), 'utf8').trim()];
  } catch {
    return []; // whoever needs it is told that it cannot be read
  }
}

function passwordIn(url: string | undefined): readonly string[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { password } = new URL(url);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
