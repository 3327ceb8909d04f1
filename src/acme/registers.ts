import { localDate } from '../core/calendar.ts';
import { hours, type Instant, minutes } from '../core/instant.ts';
import type { WireAnswer } from '../sources/wire.ts';
import { ACCOUNT } from './aws.ts';
import { changesOf, rootOf, shaOf } from './changes.ts';
import { gitReply, type MadeCommit, type MadeRepository } from './git.ts';
import { LOG_CAST } from './okta-stories.ts';
import { REGISTER_DAYS } from './register-stories.ts';
import { additions } from './additions.ts';
import { closings } from './closings.ts';
import { STATED_DAYS } from './stated-stories.ts';
import { ACME_KINDS, type StatedEntry, statedAtFirst } from './statements.ts';
import { person, type World } from './world.ts';

/** Folder of the clone beside the workspace. */
export const CLONE = 'repositories/web';

type Entry = StatedEntry;
type Registers = Readonly<Record<string, readonly Entry[]>>;

/** When all registers are looked through, so many days before the last day. */
const REVIEWS = [440, 350, 260, 170, 80, -10];

interface Edit {
  readonly day: number;
  readonly by: number;
  /** Who merged it; `null` where the author pushed it. */
  readonly merger: number | null;
  readonly message: string;
  change(registers: Registers): Registers;
}

const owner = (world: World, place: number): string => person(world, place).id;
const date = (world: World, day: number): string => localDate(world.ago(day, 12), 'UTC');

/** The registers as they were first written. */
function beginning(world: World): Registers {
  const reviewed = date(world, 500);
  const list = (letter: string, of: readonly (readonly [title: string, owner: number, more?: Entry])[]): readonly Entry[] =>
    of.map(([title, place, more = {}], index) => ({ id: `${letter}-${index + 1}`, title, owner: owner(world, place), reviewed, ...more }));
  return {
    ...Object.fromEntries(ACME_KINDS.map((kind) => [kind, []])), // an empty register says that there is nothing
    ...statedAtFirst(world),
    systems: list('S', [
      ['Identity provider', 1, { tier: 'critical' }],
      ['Source repositories', 2, { tier: 'critical' }],
      ['Production cloud', 1, { tier: 'critical' }],
      ['Support desk', 5, { tier: 'normal' }],
      ['Payroll', 7, { tier: 'normal' }],
      ['Web analytics', 3, { tier: 'normal' }],
    ]),
    vendors: list('V', [
      ['Cloud host', 1, { tier: 'key', data: 'customer' }],
      ['Identity service', 1, { tier: 'key', data: 'workforce' }],
      ['Repository host', 2, { tier: 'key', data: 'source code' }],
      ['Support desk', 5, { tier: 'normal', data: 'customer' }],
      ['Payroll bureau', 7, { tier: 'normal', data: 'workforce' }],
      ['Mail delivery', 3, { tier: 'normal', data: 'customer' }],
      ['Parcel courier', 6, { tier: 'minor', data: 'addresses' }],
    ]),
    risks: list('R', [
      ['Theft of a credential', 1, { likelihood: 'possible', impact: 'high', treatment: 'second factors everywhere' }],
      ['Loss of the main region', 2, { likelihood: 'rare', impact: 'high', treatment: 'copies in another region' }],
      ['A vendor fails', 5, { likelihood: 'possible', impact: 'medium', treatment: 'yearly reviews' }],
      ['Fraud in payments', 7, { likelihood: 'rare', impact: 'high', treatment: 'two people approve' }],
      ['Key people leave', 0, { likelihood: 'likely', impact: 'medium', treatment: 'written procedures' }],
      ['A change breaks production', 2, { likelihood: 'possible', impact: 'medium', treatment: 'reviews and checks' }],
    ]),
    exceptions: list('X', [
      [
        'Old monitoring console knows one login',
        1,
        {
          ...{ subject: 'ops-shared@acme.example', reason: 'its maker ends it soon', until: date(world, REGISTER_DAYS.exception.ends + 1) },
        },
      ],
      ['Design work by an outside collaborator', 3, { subject: 'studio-kit', reason: 'nobody here draws', until: date(world, -200) }],
      ['Weak cipher for one old client', 2, { subject: 'legacy.acme.example', reason: 'the client is replaced', until: date(world, 238) }],
      [
        'Users of the cloud sign in with a password of their own',
        1,
        { subject: 'aws', control: 'AC-07', reason: 'single sign-on is being set up', until: date(world, STATED_DAYS.signOnException.ends) },
      ],
    ]),
    'access-requests': [
      { id: 'A-1', title: 'Administrator of the identity provider', owner: owner(world, 1), subject: person(world, 1).email, reviewer: owner(world, 0) },
      { id: 'A-2', title: 'Production cloud, read', owner: owner(world, 2), subject: person(world, 2).email, reviewer: owner(world, 1) },
    ],
  };
}

/** Everything that was done to the registers, in order. */
function edits(world: World): readonly Edit[] {
  const replace = (registers: Registers, name: string, id: string, more: Entry): Registers => ({
    ...registers,
    [name]: (registers[name] ?? []).map((entry) => (entry.id === id ? { ...entry, ...more } : entry)),
  });
  const reviews = REVIEWS.flatMap((day) =>
    (['systems', 'vendors', 'risks', 'exceptions'] as const).map(
      (name, place): Edit => ({
        day,
        by: [1, 2, 5, 3][place] ?? 1,
        merger: [2, 1, 1, 1][place] ?? 2,
        message: `Review of ${name}`,
        change: (registers) =>
          (registers[name] ?? []).reduce<Registers>(
            (all, { id, title }) =>
              (title === 'Parcel courier' && day < REGISTER_DAYS.courier.last && day > 0) || (name === 'risks' && day === REGISTER_DAYS.skippedRisks)
                ? all
                : replace(all, name, String(id), { reviewed: date(world, day) }),
            registers,
          ),
      }),
    ),
  );
  const request = (day: number, id: string, place: number, title = 'Production cloud, read'): Edit => ({
    day,
    by: place,
    merger: 1,
    message: `Request ${id}`,
    change: (registers) => ({
      ...registers,
      'access-requests': [
        ...(registers['access-requests'] ?? []),
        { id, title, owner: owner(world, place), subject: person(world, place).email, reviewer: owner(world, 1) },
      ],
    }),
  });
  const add = (day: number, by: number, merger: number | null, message: string, name: string, entry: Entry): Edit => ({
    day,
    by,
    merger,
    message,
    change: (registers) => ({ ...registers, [name]: [...(registers[name] ?? []), { ...entry, owner: owner(world, by) }] }),
  });
  const others: readonly Edit[] = [
    add(REGISTER_DAYS.expiredWaiver.from, 2, 1, 'Wait for the contract of the studio', 'waivers', {
      id: 'L-1',
      title: 'Studio without a contract',
      check: 'outside-collaborators-owned',
      item: 'studio-kit in github',
      reason: 'the contract that names who answers for them is being drawn up',
      until: date(world, REGISTER_DAYS.expiredWaiver.to),
    }),
    add(REGISTER_DAYS.aloneWaiver.from, 2, null, 'Operations need it', 'waivers', {
      id: 'L-2',
      title: 'Shared login of operations',
      check: 'accounts-individual',
      item: 'ops-shared@acme.example in okta',
      reason: 'the old monitoring console knows one login',
      until: date(world, -90),
    }),
    add(REGISTER_DAYS.waiver, 2, 1, 'Let the release tool go around the rules for now', 'waivers', {
      id: 'L-3',
      title: 'Release tool of the platform',
      check: 'branch-protection-unbypassable',
      item: 'acme/platform',
      reason: 'the release tool cannot open pull requests yet; what it pushes is looked at the same day',
      until: date(world, -60),
    }),
    add(REGISTER_DAYS.closed, 2, 1, 'What the leaver did is known', 'findings', {
      id: 'F-1',
      title: 'Session of a leaver',
      check: 'leaver-sign-ins-stopped',
      item: `session of ${person(world, LOG_CAST.lateLeaver).email} in okta`,
      status: 'closed',
      reason: 'every act of the session was looked into, and none touched customers; sessions now end with the account',
    }),
    add(REGISTER_DAYS.remediation, 2, 1, 'The last old key', 'findings', {
      id: 'F-2',
      title: 'Key of the backups',
      check: 'access-keys-rotated',
      item: `key AKIAACMEBACKUP000001 of backup-runner in ${ACCOUNT}`,
      status: 'in remediation',
      reason: 'a new key is made, and the backups move to it this week',
    }),
    {
      day: 240,
      by: 2,
      merger: 1,
      message: 'The old client is gone, and its exception with it',
      change: (registers) => ({ ...registers, exceptions: (registers.exceptions ?? []).filter(({ id }) => id !== 'X-3') }),
    },
    {
      day: REGISTER_DAYS.exception.closed,
      by: 1,
      merger: 2,
      message: 'The old console is gone: so are its exception and what was to waive it',
      change: (registers) => ({
        ...registers,
        exceptions: (registers.exceptions ?? []).filter(({ id }) => id !== 'X-1'),
        waivers: (registers.waivers ?? []).filter(({ id }) => id !== 'L-2'),
      }),
    },
    {
      day: REGISTER_DAYS.lateRisks,
      by: 5,
      merger: 1,
      message: 'Review of risks, which was forgotten',
      change: (registers) =>
        (registers.risks ?? []).reduce<Registers>(
          (all, { id }) => replace(all, 'risks', String(id), { reviewed: date(world, REGISTER_DAYS.lateRisks) }),
          registers,
        ),
    },
    {
      day: REGISTER_DAYS.goneThrough,
      by: 2,
      merger: 0, // much of it was done by the other who leads
      message: 'What went wrong before the half year that is observed',
      change: (registers) => ({
        ...registers,
        findings: [
          ...(registers.findings ?? []),
          ...closings(world).map(({ check, item, title, reason }, place) => ({
            ...{ id: `F-${101 + place}`, title, check, item, status: 'closed', reason, owner: owner(world, 2) },
          })),
        ],
      }),
    },
    {
      day: REGISTER_DAYS.courier.again,
      by: 2,
      merger: 1,
      message: 'Review of the courier, which was left out',
      change: (registers) => replace(registers, 'vendors', 'V-7', { reviewed: date(world, REGISTER_DAYS.courier.again) }),
    },
    request(210, 'A-3', 3),
    request(132, 'A-5', 3, 'Help desk administrator for a day'),
    request(130, 'A-4', 10),
    {
      day: REGISTER_DAYS.aloneChange,
      by: 2,
      merger: null,
      message: 'Rarer than we thought',
      change: (registers) => replace(registers, 'risks', 'R-2', { likelihood: 'very rare', impact: 'medium' }),
    },
  ];
  const stated = additions(world).map(
    ({ day, by, merger, message, register, entries, amends = {} }): Edit => ({
      ...{ day, by, merger, message },
      change: (registers) => {
        const kept = (registers[register] ?? []).flatMap((entry) => {
          const more = amends[String(entry.id)];
          return more === null ? [] : [{ ...entry, ...more }];
        });
        return { ...registers, [register]: [...kept, ...entries] };
      },
    }),
  );
  return [...reviews, ...others, ...stated].sort((a, b) => b.day - a.day);
}

const fileOf = (name: string, entries: readonly Entry[]): string =>
  `# ${name[0]?.toUpperCase()}${name.slice(1)} of Acme. Change it in a branch, and have somebody else merge it.\n${entries
    .map((entry) =>
      Object.entries(entry)
        .map(
          ([key, value], place) =>
            `${place === 0 ? '- ' : '  '}${key}: ${typeof value === 'string' && /^[\w ]*[a-z][\w ]*$|^[\w-]*[a-z-][\w-]*$/i.test(value) ? value : JSON.stringify(value)}`,
        )
        .join('\n'),
    )
    .join('\n\n')}\n`;

const filesOf = (registers: Registers): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(registers).map(([name, entries]) => [`registers/${name}.yaml`, fileOf(name, entries)]));

interface History {
  readonly commits: readonly MadeCommit[];
  /** Where the branch stands from when on. */
  readonly heads: readonly MadeCommit[];
}

const histories = new WeakMap<World, History>();

/** The history of the workspace. Most of it is merges: one person changed something on a branch, another merged it. */
function workspaceHistory(world: World): History {
  const known = histories.get(world);
  if (known) return known;
  const who = (place: number) => ({ name: person(world, place).name, email: person(world, place).email });
  const commits: MadeCommit[] = [];
  const heads: MadeCommit[] = [];
  let registers = beginning(world);
  const commit = (name: string, by: number, at: Instant, message: string, parents: readonly string[], applied = by): MadeCommit => {
    const files = filesOf(registers);
    const made = { sha: shaOf(`workspace ${name}`), parents, author: who(by), committer: who(applied), at, message, signature: null, files };
    commits.push(made);
    return made;
  };
  heads.push(commit('start', 1, world.ago(500, 9), 'Registers', [], 0)); // brought by mail, as it were, and applied by another
  for (const [place, { day, by, merger, message, change }] of edits(world).entries()) {
    const head = heads.at(-1)?.sha ?? '';
    const at = world.ago(day, 10) + minutes(2 * place);
    registers = change(registers);
    const made = commit(`${place} ${day} ${message}`, by, at, message, [head]);
    heads.push(merger === null ? made : commit(`merge ${place} ${day} ${message}`, merger, at + minutes(1), `Merge: ${message}`, [head, made.sha]));
  }
  const history = { commits, heads };
  histories.set(world, history);
  return history;
}

/** The workspace of Acme at an instant. A branch that waits for its merge is no part of the line. */
export function workspaceRepository(world: World, at: Instant): MadeRepository {
  const { commits, heads } = workspaceHistory(world);
  const made = commits.filter((commit) => commit.at <= at);
  return { branch: 'main', head: heads.findLast((commit) => commit.at <= at)?.sha ?? '', commits: new Map(made.map((it) => [it.sha, it])), fetchedAt: null };
}

const OWNERS = '# Who is asked to review\n* @acme/core\n/billing/ @acme/billing @acme/core\n';
const WEB_SIGNATURE = '-----BEGIN PGP SIGNATURE-----\n\nbWFkZSB1cA==\n-----END PGP SIGNATURE-----';
const clones = new WeakMap<World, readonly MadeCommit[]>();

function webCommits(world: World): readonly MadeCommit[] {
  const known = clones.get(world);
  if (known) return known;
  const files = { '.github/CODEOWNERS': OWNERS };
  const hosted = { name: 'GitHub', email: 'merge@acme.example' };
  const root = { author: { name: person(world, 0).name, email: person(world, 0).email }, at: world.ago(1000), message: 'Start', sha: rootOf('web') };
  const commits: MadeCommit[] = [{ ...root, parents: [], committer: root.author, signature: null, files }];
  for (const { repo, before, sha, message, landedAt, actor, pullRequest, how } of changesOf(world)) {
    if (repo !== 'web') continue;
    const { name, email } = pullRequest?.author ?? actor;
    const signed = how !== 'push';
    const author = { name, email };
    commits.push({
      sha,
      parents: [before],
      author,
      committer: signed ? hosted : author,
      at: landedAt,
      message,
      signature: signed ? WEB_SIGNATURE : null,
      files,
    });
  }
  clones.set(world, commits);
  return commits;
}

/** The clone of the repository of the web application, fetched at the hour before. */
export function webRepository(world: World, at: Instant): MadeRepository {
  const fetchedAt = Math.floor(at / hours(1)) * hours(1);
  const commits = webCommits(world).filter((commit) => commit.at <= fetchedAt);
  return { branch: 'main', head: commits.at(-1)?.sha ?? '', commits: new Map(commits.map((commit) => [commit.sha, commit])), fetchedAt };
}

/** How a command of git is answered at an instant, in the workspace and in the clone beside it. */
export function acmeGit(world: World, at: Instant, folder: string, body: Uint8Array | null): WireAnswer {
  return gitReply(folder.endsWith(CLONE) ? webRepository(world, at) : workspaceRepository(world, at), body);
}
