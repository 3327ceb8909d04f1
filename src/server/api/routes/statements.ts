import type { Stated, Statement } from '../../../app/attest.ts';
import { askToSign, canHavePasskeys, signedWith } from '../../../auth/passkeys.ts';
import type { AuthenticationResponseJSON } from '../../../auth/webauthn.ts';
import type { Instant } from '../../../core/instant.ts';
import { holds } from '../../../core/interval.ts';
import { createHash } from 'node:crypto';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { statements as contract } from '../contract/statements.ts';
import { pageOf, placeOf } from '../cursor.ts';
import { notFound, problem } from '../problem.ts';
import { spelled } from '../spelled.ts';
import { refuseOthers, stated, told, whoStates } from '../stating.ts';

const endpoints = implementing(contract);
type Unsaid = Omit<Statement, 'by'>;

export const statementRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ input: { limit, cursor, ...asked }, context: { reads, services } }) => {
    const { kind, period } = asked;
    if (kind !== undefined && !services.workspace.statedKinds().some(({ id }) => id === kind))
      throw notFound(`kind of statement ${kind}`, 'that people can make');
    const lines = (await reads.statements(kind)).filter(({ at }) => period === undefined || holds(period, at));
    const keys = ({ record, entry }: (typeof lines)[number]) => [record, entry];
    const { entries, next } = pageOf(lines, keys, { question: asked, limit, place: placeOf(asked, cursor), asOf: null, descending: true });
    return { statements: spelled(entries), next };
  }),

  kinds: endpoints.kinds.handler(({ context: { services } }) => ({
    kinds: services.workspace.statedKinds().map((kind) => ({ ...kind, example: { ...kind.example } })),
  })),

  state: endpoints.state.handler(({ input: { kind, entry }, context }) => made(context, { kind, act: 'state', entry: entry as Statement['entry'] })),

  withdraw: endpoints.withdraw.handler(({ input: { kind, entry, reason }, context }) =>
    made(context, { kind, act: 'withdraw', entry: { id: entry, withdrawn: reason } }),
  ),

  approve: endpoints.approve.handler(({ input: { kind, entry }, context }) => made(context, { kind, act: 'approve', entry: { id: entry } })),

  prepare: endpoints.prepare.handler(async ({ input, context }) => {
    const statement: Unsaid = { ...input, entry: input.entry as Statement['entry'] };
    await refuseOthers(context, [statement]);
    const { bytes, at } = await context.services.workspace.prepareStatement({ ...statement, by: signer(context) });
    const sha256 = createHash('sha256').update(bytes).digest('base64url');
    const site = siteOf(context);
    const waiting: Waiting = { statement, at, session: principalOf(context).vouched?.id ?? '' };
    const options = canHavePasskeys(site) ? await askToSign(context.services.signIn, principalOf(context).id, { site, challenge: sha256, waiting }) : null;
    return { sha256, options: options && { ...options } };
  }),

  sign: endpoints.sign.handler(async ({ input: { response }, context }) => {
    const by = signer(context);
    const shown = response as unknown as AuthenticationResponseJSON;
    const signed = await signedWith<Waiting>(context.services.signIn, principalOf(context).id, { response: shown, site: siteOf(context) });
    if (!signed || signed.waiting.session !== by.vouched.id)
      throw problem('not-permitted', 'Nothing waits for this signature: it was used already, took too long, or is of another passkey, session or site.');
    const { authenticatorData, clientDataJSON, signature } = response.response;
    const { statement, at } = signed.waiting;
    await refuseOthers(context, [statement]);
    const assertion = { credential: response.id, authenticatorData, clientDataJSON, signature };
    const its = { ...by, signed: { at, credential: response.id, record: signed.record, assertion } };
    return only(told(context, await context.services.workspace.attest([{ ...statement, by: its }]), null));
  }),
});

/** A statement that waits for its signature. */
interface Waiting {
  readonly statement: Unsaid;
  readonly at: Instant;
  readonly session: string;
}

/** A passkey signs in a session: a token has no holder who could show one. */
function signer(context: Asking) {
  const by = whoStates(context);
  if (!('vouched' in by) || by.vouched.by !== 'session') throw problem('not-permitted', 'A passkey signs in a session: sign in.');
  return by;
}

/** Where the browser stands: by its own word, which the authenticator signs too, where that is a name of ours. */
function siteOf({ request, services }: Asking) {
  const ours = new URL(services.signIn.url());
  const { host } = new URL(request.url);
  const local = ['127.0.0.1', 'localhost'].includes(ours.hostname);
  return { origin: host === ours.host ? ours.origin : `${local ? ours.protocol : 'http:'}//${host}` };
}

async function made(context: Asking, statement: Unsaid) {
  return only(await stated(context, [statement]));
}

function only([first]: readonly Stated[]) {
  if (!first) throw new RangeError('a statement that was sealed has no record');
  return spelled(first);
}
