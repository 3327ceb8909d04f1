import { Hono } from 'hono';
import { hostsOf, isOurs } from './hosts.ts';
import type { Env } from './sign-in/http.ts';
import { goesTo } from './sign-in/going.ts';

/** `demo` is the made-up company, `company` one's own. */
export type CompanyId = 'demo' | 'company';

/** A company that is served: sign-in, API and dashboard of its own workspace. */
export interface ServedCompany {
  readonly id: CompanyId;
  readonly name: string;
  readonly app: Hono;
}

/** Of whose companies one server answers. */
export interface CompaniesMeans {
  /** At least one. */
  all(): readonly ServedCompany[];
  /** The origin that browsers see. */
  url(): string;
}

/**
 * Serves several companies under one address. A cookie says which one a browser is at; whoever brings none is at one's
 * own where there is one. It opens nothing by itself: each company asks for its own sign-in.
 */
export function companies(means: CompaniesMeans): Hono {
  const app = new Hono<Env>();

  app.get('/enter/:id', (context) => {
    if (!isOurs(hostsOf(means.url()), context.req.header('host'))) return context.text('Ask for this server by the name that it was given.', 421);
    const company = means.all().find(({ id }) => id === context.req.param('id'));
    if (!company) return context.text('No such company is served here.', 404);
    const secure = new URL(means.url()).protocol === 'https:' ? '; Secure' : '';
    context.header('set-cookie', `${cookieOf(means.url())}=${company.id}; Path=/; HttpOnly; SameSite=Lax${secure}`);
    context.header('cache-control', 'no-store');
    return context.redirect(entrance(context.req.query('to')), 303);
  });

  app.all('*', ({ req, env }) => chosen(means, req.raw.headers).app.fetch(req.raw, env));
  return app as unknown as Hono;
}

/** Leads to a place of a company, whichever one the browser was at. */
export const enterAt = (id: CompanyId, to: string): string => `/enter/${id}${to === '/' ? '' : `?to=${encodeURIComponent(to)}`}`;

function chosen(means: CompaniesMeans, headers: Headers): ServedCompany {
  const name = cookieOf(means.url());
  const [cookie] = (headers.get('cookie') ?? '').split(/;\s*/).filter((pair) => pair.startsWith(`${name}=`));
  const all = means.all();
  const its = all.find(({ id }) => id === cookie?.slice(name.length + 1)) ?? all.find(({ id }) => id === 'company') ?? all[0];
  if (!its) throw new RangeError('no company is served');
  return its;
}

/** Without https two servers on one machine would share it, so there the port is part of the name. */
function cookieOf(url: string): string {
  const { protocol, port } = new URL(url);
  return protocol === 'https:' ? '__Host-tickmark-company' : `tickmark-company-${port || 80}`;
}

/** A place of ours; beyond those that a sign-in leads to, a link that lets somebody in. */
const entrance = (to: string | undefined): string => (to !== undefined && /^\/sign-in\/link\/[\w-]+$/.test(to) ? to : goesTo(to));
