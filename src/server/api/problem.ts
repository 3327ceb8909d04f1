import { ORPCError, ValidationError } from '@orpc/contract';
import { ConfigurationError, TickmarkError } from '../../core/error.ts';

/** Every way in which an answer is refused: stable names, for programs go by them. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request cannot be read', todo: 'Correct what `fields` names, and ask again.' },
  'cannot-be-answered': { status: 400, title: 'This cannot be answered', todo: 'Ask as `detail` says.' },
  'cursor-of-another-question': {
    status: 400,
    title: 'The cursor belongs to another question',
    todo: 'Keep every other parameter as it was while you page, or begin again without the cursor.',
  },
  'not-signed-in': { status: 401, title: 'Not signed in', todo: 'Sign in, or send a token: Authorization: Bearer TOKEN.' },
  'not-permitted': { status: 403, title: 'Not permitted', todo: 'Ask an admin for a role or a token that may do this.' },
  'out-of-bounds': {
    status: 403,
    title: 'Outside of what you may see',
    todo: 'Ask within the period and the controls of your audit, or have an admin widen them.',
  },
  'not-same-origin': {
    status: 403,
    title: 'Sent from another site',
    todo: 'Send it from a page of Tickmark itself, or with a token. Where Tickmark is reached by another name, set server.url.',
  },
  'not-confirmed': { status: 403, title: 'Not confirmed', todo: 'Show once more that it is you, at /sign-in/again, and ask again.' },
  'not-found': { status: 404, title: 'Not found', todo: 'Look it up in the list that it should be in.' },
  'method-not-allowed': { status: 405, title: 'Not with this method', todo: 'See /api for what is there.' },
  'changed-meanwhile': { status: 409, title: 'Changed meanwhile', todo: 'Look at it as it is now, and do it again.' },
  'too-large': { status: 413, title: 'Too large', todo: 'Send less at once.' },
  'not-json': { status: 415, title: 'Not JSON', todo: 'Send a body of JSON with Content-Type: application/json.' },
  'wrong-host': { status: 421, title: 'Not under this name', todo: 'Ask under the address that server.url names, or as 127.0.0.1 or localhost.' },
  'too-many': { status: 429, title: 'Too many requests', todo: 'Wait as long as Retry-After says.' },
  broken: { status: 500, title: 'Something broke', todo: 'Look at the output of the server; the instance is named there. No evidence is lost.' },
  'out-of-reach': {
    status: 503,
    title: 'Out of reach',
    todo: 'Ask again in a moment. Nothing that was acknowledged is lost; /readyz tells what does not answer.',
  },
  busy: { status: 503, title: 'Not now', todo: 'Ask again in a moment.' },
} as const;

export type ProblemName = keyof typeof PROBLEMS;

/** What a request got wrong, field by field. */
export interface WrongField {
  readonly name: string;
  readonly says: string;
}

interface Told {
  readonly problem: ProblemName;
  readonly fields?: readonly WrongField[];
}

export type Refusal = ORPCError<string, Told>;

/** A refusal. @param detail what and where, a sentence */
export const problem = (name: ProblemName, detail: string, fields?: readonly WrongField[]): Refusal =>
  new ORPCError(name, { status: PROBLEMS[name].status, message: detail, data: { problem: name, ...(fields ? { fields } : {}) } });

/** A refusal where something is not there. @param what `control XX-99` */
export const notFound = (what: string, where: string): Refusal => problem('not-found', `There is no ${what} ${where}.`);

/** RFC 9457, as `application/problem+json`. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What to do about it. */
  readonly todo: string;
  readonly instance: string;
  readonly fields?: readonly WrongField[];
}

export const typeOf = (name: ProblemName): string => `/api/problems/${name}`;

export function documentOf({ message, data: { problem: name, fields } }: Refusal, instance: string): ProblemDocument {
  const { status, title, todo } = PROBLEMS[name];
  const detail = name === 'broken' ? 'The server could not answer. It says more in its output.' : message;
  return { type: typeOf(name), title, status, detail, todo, instance, ...(fields ? { fields } : {}) };
}

/** Whatever is thrown on the way, as one of the {@link PROBLEMS}. What nobody foresaw is `broken`, and its cause is kept. */
export function refusalOf(error: unknown): Refusal {
  if (isRefusal(error)) return error;
  if (error instanceof ConfigurationError) return problem('cannot-be-answered', error.message);
  if (error instanceof TickmarkError && (error.code === 'STALE' || error.code === 'BUSY')) return problem('busy', error.message);
  if (error instanceof TickmarkError && isOutOfReach(error)) return problem('out-of-reach', error.message);
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const fields = error.cause.issues.map(fieldOf);
    return problem('invalid-request', fields.map(({ name, says }) => `${name}: ${says}.`).join(' '), fields);
  }
  const broken = problem('broken', error instanceof Error ? error.message : String(error));
  broken.cause = error;
  return broken;
}

/** The database, or the bucket of the log, did not answer, or said that it cannot now. */
function isOutOfReach(error: TickmarkError): boolean {
  if (error.code !== 'BUCKET' || !('status' in error)) return error.code === 'UNREACHABLE';
  const status = Number(error.status);
  return status === 0 || status === 429 || status >= 500;
}

export const isRefusal = (error: unknown): error is Refusal => error instanceof ORPCError && isTold(error.data);

const isTold = (data: unknown): data is Told => typeof data === 'object' && data !== null && 'problem' in data && String(data.problem) in PROBLEMS;

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const fieldOf = ({ message, path = [] }: Issue): WrongField => ({
  name: path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.') || 'request',
  says: message,
});
