/** c2sp.org/tlog-policy: which logs are accepted, and whose cosignatures a checkpoint needs. */
export interface Policy {
  readonly logs: readonly { readonly key: string; readonly url?: string }[];
  readonly witnesses: readonly { readonly name: string; readonly key: string; readonly url?: string }[];
  /** In the order of their definition: a group names only what stands before it. */
  readonly groups: readonly { readonly name: string; readonly needs: number | 'all' | 'any'; readonly members: readonly string[] }[];
  /** A witness, a group, or `none`. */
  readonly quorum: string;
}

/** The policy of whoever accepts one log and asks for no witness. */
export const policyOf = (verifierKey: string): string => tlogPolicy({ logs: [{ key: verifierKey }], witnesses: [], groups: [], quorum: 'none' });

/** The text of a `policy` file. Throws `RangeError` on what the format forbids: a verifier must not have to guess. */
export function tlogPolicy({ logs, witnesses, groups, quorum }: Policy): string {
  const defined = new Set<string>();
  const grouped = new Set<string>();
  const define = (name: string) => {
    if (name === 'none' || defined.has(name)) throw new RangeError(`"${name}" is taken already`);
    defined.add(word(name));
  };
  unique(logs);
  unique(witnesses);
  for (const { name } of witnesses) define(name);
  for (const { name, needs, members } of groups) {
    if (members.length === 0) throw new RangeError(`group ${name} has no member`);
    if (typeof needs === 'number' && !(Number.isInteger(needs) && needs >= 1 && needs <= members.length))
      throw new RangeError(`group ${name} cannot need ${needs} of ${members.length}`);
    for (const member of members) {
      if (!defined.has(member)) throw new RangeError(`group ${name} names ${member}, which no line before it defines`);
      if (grouped.has(member)) throw new RangeError(`${member} is in two groups`);
      grouped.add(member);
    }
    define(name);
  }
  if (quorum !== 'none' && !defined.has(quorum)) throw new RangeError(`the quorum is ${quorum}, which nothing defines`);
  return [
    ...logs.map(({ key, url }) => line('log', key, url)),
    ...witnesses.map(({ name, key, url }) => line('witness', name, key, url)),
    ...groups.map(({ name, needs, members }) => line('group', name, String(needs), ...members)),
    line('quorum', quorum),
  ].join('');
}

const line = (...words: readonly (string | undefined)[]): string =>
  `${words
    .filter((it) => it !== undefined)
    .map(word)
    .join(' ')}\n`;

function word(text: string): string {
  if (!/^[^\s\p{Cc}]+$/u.test(text)) throw new RangeError(`not one word: ${JSON.stringify(text)}`);
  return text;
}

/** Two keys are the same if their bytes are, whatever they are called and whatever they sign. */
function unique(listed: readonly { readonly key: string }[]): void {
  const seen = new Set<string>();
  for (const { key } of listed) {
    const [, encoded = ''] = /^[^+\s]+\+[0-9a-f]{8}\+([A-Za-z0-9+/=]+)$/.exec(key) ?? [];
    if (encoded === '') throw new RangeError(`not a verifier key: ${key}`);
    const bytes = Buffer.from(encoded, 'base64').subarray(1).toString('hex');
    if (seen.has(bytes)) throw new RangeError(`${key} is listed twice`);
    seen.add(bytes);
  }
}
