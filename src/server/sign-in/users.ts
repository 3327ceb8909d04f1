import { Hono } from 'hono';
import { factorsOf, resetFactors } from '../../auth/factors.ts';
import { invitations, invite, resetLink, withdrawInvitation } from '../../auth/links.ts';
import type { Means } from '../../auth/means.ts';
import { type Bounds, changeUser, knownUser, roleOf, users as allUsers } from '../../auth/people.ts';
import { may } from '../../auth/roles.ts';
import { endSessions, sessionsOf, type SignedIn } from '../../auth/sessions.ts';
import { makeToken, revokeToken, tokens } from '../../auth/tokens.ts';
import { ConfigurationError, TickmarkError } from '../../core/error.ts';
import { instant } from '../../core/instant.ts';
import type { Html } from '../html.ts';
import { guarding, type Said } from './account.ts';
import { oncePage } from './account-page.ts';
import { type Env, fields, type Its } from './http.ts';
import { inside } from './shell.ts';
import { userPage, usersPage } from './users-page.ts';

const WRITE = { fresh: true, permission: 'users.write' } as const;

/** Where admins look after who may do what. */
export function users(means: Means): Hono<Env> {
  const app = new Hono<Env>();
  const guarded = guarding(means);
  const idOf = (context: Its) => context.req.param('id') ?? '';

  app.get('/users', (context) => guarded(context, { permission: 'users.read' }, (who) => listed(context, who)));
  app.get('/users/:id', (context) => guarded(context, { permission: 'users.read' }, (who) => shown(context, who, idOf(context))));

  app.post('/users/invitations', (context) =>
    guarded(context, WRITE, async (who) => {
      const { email = '', role = '', period = '', controls = '' } = await fields(context);
      return saying(
        async () => {
          const { url, link } = await invite(means, who.user.email, { email, name: null, role: roleOf(role), bounds: boundsOf(period, controls) });
          const sub = `Send it to ${link.email ?? ''} yourself: Tickmark sends no mail. It opens once, within seven days.`;
          return page(context, who, 'An invitation', oncePage({ title: 'An invitation', sub, secrets: [url] }, '/users'));
        },
        (said) => listed(context, who, said),
      );
    }),
  );
  app.post('/users/invitations/:id/withdraw', (context) =>
    guarded(context, WRITE, (who) => listing(context, who, 'It opens nothing any more.', () => withdrawInvitation(means, who.user.email, idOf(context)))),
  );

  app.post('/users/tokens', (context) =>
    guarded(context, { fresh: true, permission: 'tokens.write' }, async (who) => {
      const { name = '', days = '' } = await fields(context);
      return saying(
        async () => {
          const { secret } = await makeToken(means, who.user.email, {
            kind: 'scim',
            name,
            user: null,
            scopes: null,
            days: Number(days),
            strong: who.session.strong,
          });
          return page(
            context,
            who,
            'A token for SCIM',
            oncePage({ title: name, sub: `Give it to your identity provider, with the address ${means.url()}/scim/v2.`, secrets: [secret] }, '/users'),
          );
        },
        (said) => listed(context, who, said),
      );
    }),
  );
  app.post('/users/tokens/:id/revoke', (context) =>
    guarded(context, { fresh: true, permission: 'tokens.write' }, (who) =>
      listing(context, who, 'It opens nothing any more.', () => revokeToken(means, who.user.email, idOf(context))),
    ),
  );

  app.post('/users/:id/role', (context) =>
    guarded(context, WRITE, async (who) => {
      const { role = '', period = '', controls = '' } = await fields(context);
      return changing(context, who, 'It is changed, and their sessions have ended.', () =>
        changeUser(means, who.user.email, idOf(context), { role: roleOf(role), bounds: boundsOf(period, controls) }),
      );
    }),
  );
  for (const active of [true, false])
    app.post(`/users/:id/${active ? 'activate' : 'deactivate'}`, (context) =>
      guarded(context, WRITE, (who) =>
        changing(context, who, active ? 'They may sign in again.' : 'They may not sign in any more, and are signed in nowhere.', () =>
          changeUser(means, who.user.email, idOf(context), { active }),
        ),
      ),
    );
  app.post('/users/:id/reset', (context) =>
    guarded(context, WRITE, (who) =>
      changing(context, who, 'Password and factors are gone. Make a link for them.', async () =>
        resetFactors(means, who.user.email, await knownUser(means, idOf(context))),
      ),
    ),
  );
  app.post('/users/:id/link', (context) =>
    guarded(context, WRITE, async (who) => {
      const user = await knownUser(means, idOf(context));
      const sub = `For ${user.email}, once, within a day. With it they choose a password; a second factor that they have is still asked for.`;
      return page(
        context,
        who,
        'A link',
        oncePage({ title: 'A link to sign in', sub, secrets: [await resetLink(means, who.user.email, user)] }, `/users/${user.id}`),
      );
    }),
  );
  app.post('/users/:id/sessions/:session/end', (context) =>
    guarded(context, { permission: 'users.write' }, (who) =>
      changing(context, who, 'It has ended.', () => endSessions(means, who.user.email, idOf(context), { only: context.req.param('session') ?? '' })),
    ),
  );

  return app;

  async function listed(context: Its, who: SignedIn, said: Said = null): Promise<Response> {
    const its = { users: await allUsers(means), invitations: await invitations(means), tokens: await tokens(means) };
    return page(context, who, 'Users', usersPage({ ...its, mayWrite: may(who.principal, 'users.write'), said }), said?.kind === 'wrong' ? 400 : 200);
  }

  async function shown(context: Its, who: SignedIn, id: string, said: Said = null): Promise<Response> {
    const user = await knownUser(means, id);
    const its = { user, factors: await factorsOf(means, id), sessions: await sessionsOf(means, id) };
    return page(context, who, user.name, userPage({ ...its, mayWrite: may(who.principal, 'users.write'), said }), said?.kind === 'wrong' ? 400 : 200);
  }

  function page(context: Its, who: SignedIn, title: string, main: Html, status: 200 | 400 = 200): Response | Promise<Response> {
    context.header('cache-control', 'no-store');
    return context.html(inside({ title, company: means.company, who: who.user.email, section: 'users' }, main, { users: true }), status);
  }

  function listing(context: Its, who: SignedIn, done: string, act: () => Promise<unknown>): Promise<Response> {
    return after(act, done, (said) => listed(context, who, said));
  }

  function changing(context: Its, who: SignedIn, done: string, act: () => Promise<unknown>): Promise<Response> {
    return after(act, done, (said) => shown(context, who, idOf(context), said));
  }

  function after(act: () => Promise<unknown>, done: string, show: (said: Said) => Promise<Response>): Promise<Response> {
    return saying(async () => {
      await act();
      return show({ kind: 'done', text: done });
    }, show);
  }

  async function saying(act: () => Promise<Response>, show: (said: Said) => Promise<Response>): Promise<Response> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof TickmarkError) return show({ kind: 'wrong', text: error.message });
      throw error;
    }
  }
}

/** `FROM..TO` in ISO 8601, and ids of controls. Throws `ConfigurationError`. */
export function boundsOf(period: string, controls: string): Bounds {
  const ids = controls.split(/[\s,]+/).filter((id) => id !== '');
  const [from = '', to = '', more] = period.trim().split('..');
  if (period.trim() === '') return ids.length === 0 ? null : { period: null, controls: ids };
  try {
    const its = { from: instant(from), to: instant(to) };
    if (more === undefined && its.from < its.to) return { period: its, controls: ids.length === 0 ? null : ids };
  } catch (cause) {
    throw new ConfigurationError(`"${period}" is not a period. Write it like 2026-01-01T00:00:00Z..2027-01-01T00:00:00Z.`, cause);
  }
  throw new ConfigurationError(`"${period}" is not a period: it ends before it begins.`);
}
