import { factorsOf, resetFactors } from '../../auth/factors.ts';
import { invite, resetLink } from '../../auth/links.ts';
import type { Means } from '../../auth/means.ts';
import { changeUser, roleOf, type User, userByEmail, users } from '../../auth/people.ts';
import { sessionsOf } from '../../auth/sessions.ts';
import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { originFrom } from '../../server/sign-in/serve.ts';
import { signInMeans } from '../../server/sign-in/means.ts';
import { boundsOf } from '../../server/sign-in/users.ts';
import type { AddCommand, Given } from '../command.ts';
import { columns } from '../output.ts';

/** How the audit trail names whoever runs this machine. */
const BY = 'command line';
const URL_HELP = 'the address under which the server is reached';
const USUAL = 'http://127.0.0.1:7400';

export const addUsers: AddCommand = (program, run) => {
  const command = program.command('users').description('look after who may sign in; every change is a record');

  command
    .command('list')
    .description('everybody who may sign in, or could once')
    .action(
      run(async (given) =>
        within(given, USUAL, async (means) => {
          const all = await Promise.all(
            (await users(means)).map(async (user) => ({ user, factors: await factorsOf(means, user.id), sessions: await sessionsOf(means, user.id) })),
          );
          given.output.give({
            users: all.map(({ user, factors, sessions }) => ({
              id: user.id,
              email: user.email,
              name: user.name,
              role: user.role,
              active: user.active,
              cameBy: user.cameBy,
              createdAt: iso(user.createdAt),
              password: user.hasPassword,
              factors: factors.filter(({ kind }) => kind !== 'recovery').map(({ kind }) => kind),
              sessions: sessions.length,
            })),
          });
          const lines = all.map(({ user, factors, sessions }) => [
            user.email,
            user.role,
            user.active ? 'active' : 'deactivated',
            [...(user.hasPassword ? ['password'] : []), ...new Set(factors.map(({ kind }) => kind))].join('+') || 'no factor',
            `${sessions.length} sessions`,
            user.name,
          ]);
          given.output.say(lines.length === 0 ? 'Nobody may sign in yet. "tickmark serve" prints the link for the first.' : columns(lines));
        }),
      ),
    );

  command
    .command('invite <email>')
    .description('make a link by which somebody new comes in')
    .requiredOption('--role <ROLE>', 'admin, manager, member or auditor')
    .option('--period <FROM..TO>', 'of an auditor: the period they may see', '')
    .option('--controls <IDS>', 'of an auditor: the controls they may see', '')
    .option('--url <URL>', URL_HELP, USUAL)
    .action(
      run<{ readonly role: string; readonly period: string; readonly controls: string; readonly url: string }>(
        async (given, { role, period, controls, url }, email = '') =>
          within(given, url, async (means) => {
            const { url: link, link: its } = await invite(means, BY, { email, name: null, role: roleOf(role), bounds: boundsOf(period, controls) });
            given.output.give({ email: its.email, role: its.role, until: iso(its.endsAt), link });
            given.output.say(`For ${its.email}, once, until ${iso(its.endsAt)}:\n${link}`);
          }),
      ),
    );

  command
    .command('link <email>')
    .description('make a link by which a user signs in and chooses a password anew')
    .option('--url <URL>', URL_HELP, USUAL)
    .action(
      run<{ readonly url: string }>(async (given, { url }, email = '') =>
        within(given, url, async (means) => {
          const link = await resetLink(means, BY, await known(means, email));
          given.output.give({ email, link });
          given.output.say(`For ${email}, once, within a day:\n${link}`);
        }),
      ),
    );

  command
    .command('reset <email>')
    .description('take the password and all factors of a user who lost them, and end their sessions; then make them a link')
    .option('--url <URL>', URL_HELP, USUAL)
    .action(
      run<{ readonly url: string }>(async (given, { url }, email = '') =>
        within(given, url, async (means) => {
          const user = await known(means, email);
          await resetFactors(means, BY, user);
          const link = await resetLink(means, BY, user);
          given.output.give({ email: user.email, link });
          given.output.say(`What ${user.email} signed in with counts no more. For them, once, within a day:\n${link}`);
        }),
      ),
    );

  command
    .command('role <email> <role>')
    .description('change the role of a user')
    .action(
      run(async (given, _options, email = '', role = '') =>
        within(given, USUAL, async (means) => {
          const user = await changeUser(means, BY, (await known(means, email)).id, { role: roleOf(role) });
          given.output.give({ email: user.email, role: user.role });
          given.output.say(`${user.email} is ${user.role}.`);
        }),
      ),
    );

  for (const active of [false, true])
    command
      .command(`${active ? 'activate' : 'deactivate'} <email>`)
      .description(active ? 'let a user sign in again' : 'let a user sign in no more; their sessions and tokens end at once')
      .action(
        run(async (given, _options, email = '') =>
          within(given, USUAL, async (means) => {
            const user = await changeUser(means, BY, (await known(means, email)).id, { active });
            given.output.give({ email: user.email, active: user.active });
            given.output.say(`${user.email} is ${user.active ? 'active' : 'deactivated'}.`);
          }),
        ),
      );
};

async function within({ within: open }: Given, url: string, act: (means: Means) => Promise<void>): Promise<0> {
  const origin = originFrom(url);
  await open((workspace) => act({ ...signInMeans(workspace, null), url: () => origin }));
  return 0;
}

async function known(means: Means, email: string): Promise<User> {
  const user = await userByEmail(means, email);
  if (!user) throw new ConfigurationError(`nobody has the address ${email} here. "tickmark users list" lists who has.`);
  return user;
}
