import type { Artifact, Options, Question, Request } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { Wire, WireAnswer, WireRequest } from './wire.ts';

/** What every transport needs of the world. */
export interface World {
  readonly wire: Wire;
  readonly clock: () => Instant;
  readonly sleep: (duration: Duration) => Promise<void>;
}

const ATTEMPTS = 6;
/** The most that one question may wait in all. */
const PATIENCE: Duration = 15 * 60_000;
const KEPT = [
  'date',
  'content-type',
  'content-length',
  'etag',
  'last-modified',
  'link',
  'x-request-id',
  'x-amzn-requestid',
  'x-github-request-id',
  'x-okta-request-id',
  'x-github-api-version-selected',
  'x-oauth-scopes',
  'x-ratelimit-remaining',
  'x-rate-limit-remaining',
];

/** Asks, asks again where that can help, and keeps what was answered. Whatever is not a whole answer throws `IncompleteError`. */
export class Asker {
  readonly #world: World;
  readonly #secrets: string[];
  readonly #questions = new Map<string, { request: Request; pages: number; ended: boolean; received: number | null }>();
  readonly #names = new Set<string>();

  /** `secrets` never leave: they are cut out of every message. */
  constructor(world: World, secrets: readonly string[]) {
    this.#world = world;
    this.#secrets = secrets.filter((secret) => secret.length > 0);
  }

  questions(): readonly Question[] {
    return [...this.#questions].map(([name, question]) => ({ name, ...question, total: null }));
  }

  /** One page of a question. `shown` is the request as it may be kept. */
  async ask(question: string, page: number, sent: WireRequest, shown: Request, { facts = [] }: Options = {}): Promise<Artifact> {
    const name = page === 1 ? question : `${question}#${page}`;
    if (this.#names.has(name)) throw new IncompleteError(`${name} was asked twice in one run: the collector gives two questions one name`);
    this.#names.add(name);
    const known = this.#questions.get(question);
    this.#questions.set(question, { request: known?.request ?? shown, pages: page - 1, ended: false, received: known?.received ?? null });

    const startedAt = this.#world.clock();
    const answer = await this.#persist(question, sent, shown);
    const fact = facts.some(({ status, says }) => status === answer.status && carries(answer.body, says));
    if (answer.status !== 200 && !fact) throw this.#incomplete(question, shown, `answered ${answer.status}${message(answer)}. ${advice(answer.status)}`);
    const count = this.#whole(question, shown, answer);
    const received = this.#questions.get(question)?.received ?? null;
    this.#questions.set(question, {
      request: known?.request ?? shown,
      pages: page,
      ended: false,
      received: count === null ? received : (received ?? 0) + count,
    });
    return { name, request: shown, status: answer.status, headers: this.#kept(answer.headers), body: answer.body, startedAt, finishedAt: this.#world.clock() };
  }

  /** Values that came to be secret during the run. */
  conceal(secrets: readonly string[]): void {
    this.#secrets.push(...secrets.filter((secret) => secret.length > 0));
  }

  /** Asks for a credential: that it was asked is kept, the answer is not. */
  async exchange(question: string, sent: WireRequest, shown: Request): Promise<WireAnswer> {
    const answer = await this.#persist(question, sent, shown);
    if (answer.status !== 200) throw this.#incomplete(question, shown, `answered ${answer.status}${message(answer)}. ${advice(answer.status)}`);
    this.#questions.set(question, { request: shown, pages: 1, ended: true, received: null });
    return answer;
  }

  /** The source itself has said that there is no more. */
  ended(question: string): void {
    const known = this.#questions.get(question);
    if (known) this.#questions.set(question, { ...known, ended: true });
  }

  incomplete(question: string, shown: Request, says: string): IncompleteError {
    return this.#incomplete(question, shown, says);
  }

  async #persist(question: string, sent: WireRequest, shown: Request): Promise<WireAnswer> {
    let waited = 0;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#world.wire(sent).catch((error: unknown) => ({ error }));
      const again = 'error' in answer || retryable(answer);
      if (!again) return answer;
      const pause = 'error' in answer ? backoff(attempt) : (asked(answer, this.#world.clock()) ?? backoff(attempt));
      if (attempt < ATTEMPTS && waited + pause <= PATIENCE) {
        waited += pause;
        await this.#world.sleep(pause);
        continue;
      }
      if (!('error' in answer)) return answer;
      const cause =
        answer.error instanceof Error ? (answer.error.cause instanceof Error ? answer.error.cause.message : answer.error.message) : String(answer.error);
      throw this.#incomplete(question, shown, `gave no answer in ${attempt} attempts: ${cause}`);
    }
  }

  /**
   * A page of HTML, an empty body or a cut one is not what was asked for, whatever its status. Gives how many entries it holds,
   * where it is a list: both in one reading, for a large source answers a hundred thousand times.
   */
  #whole(question: string, shown: Request, { headers, body }: WireAnswer): number | null {
    const type = headers['content-type'] ?? '';
    const announced = headers['content-length'];
    const text = textOf(body).trim();
    if (announced !== undefined && headers['content-encoding'] === undefined && Number(announced) !== body.length)
      throw this.#incomplete(question, shown, `announced ${announced} bytes and gave ${body.length}`);
    if (text === '') throw this.#incomplete(question, shown, 'gave an empty answer');
    if (/json/.test(type) || /^[[{]/.test(text)) {
      const parsed = parsedJson(text);
      if (parsed === undefined) throw this.#incomplete(question, shown, 'gave JSON that is cut short or malformed');
      return Array.isArray(parsed) ? parsed.length : null;
    }
    if (/xml/.test(type) || text.startsWith('<')) {
      if (/^<(!doctype )?html/i.test(text))
        throw this.#incomplete(question, shown, 'gave a web page in place of an answer: a proxy or a sign-in page stands in between');
      const root = /<([A-Za-z][\w:.-]*)/.exec(text.replace(/^<\?xml[^>]*\?>/, ''))?.[1] ?? '';
      if (root === '' || !text.endsWith(`</${root}>`)) throw this.#incomplete(question, shown, 'gave XML that is cut short');
      return null;
    }
    throw this.#incomplete(question, shown, `gave neither JSON nor XML, but ${type || 'something else'}`);
  }

  #incomplete(question: string, { method, url }: Request, says: string): IncompleteError {
    const text = `"${question}" (${method} ${url}) ${says}`.trim();
    return new IncompleteError(this.#secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '[secret]'), text));
  }

  #kept(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  }
}

const backoff = (attempt: number): Duration => 1000 * 2 ** (attempt - 1);

function retryable(answer: WireAnswer): boolean {
  const { status, headers, body } = answer;
  if (isLimited(answer)) return true;
  if (status === 429 || status >= 500) return true;
  if (status === 400 && (carries(body, 'Throttling') || carries(body, 'RATELIMITED'))) return true;
  return status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0');
}

/** GraphQL says 200 and, within, that the limit is reached. */
function isLimited({ status, body }: WireAnswer): boolean {
  if (status !== 200 || !carries(body, 'RATE_LIMITED')) return false;
  const { errors } = (parsedJson(textOf(body)) ?? {}) as { readonly errors?: readonly { readonly type?: string }[] };
  return Array.isArray(errors) && errors.some(({ type }) => type === 'RATE_LIMITED');
}

/** How long the source asks one to wait: seconds, a date, or the instant at which its limit is lifted. */
function asked(answer: WireAnswer, now: Instant): Duration | null {
  const { headers, status } = answer;
  const after = headers['retry-after'];
  if (after !== undefined && /^\d+$/.test(after)) return Number(after) * 1000;
  if (after !== undefined && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - now);
  const reset = headers['x-ratelimit-reset'] ?? headers['x-rate-limit-reset'];
  if ((status === 429 || status === 403 || isLimited(answer)) && reset !== undefined && /^\d+$/.test(reset)) return Math.max(1000, Number(reset) * 1000 - now);
  return null;
}

function advice(status: number): string {
  if (status === 401) return 'The credential is missing, wrong or expired.';
  if (status === 403) return 'The credential lacks a right: compare it with what "tickmark permissions" prints for this collector.';
  if (status === 404) return 'It does not exist, or the credential may not see it: missing rights look like this too.';
  if (status === 429) return 'The rate limit was not lifted in time.';
  return '';
}

/** The vendor's own words, shortened. */
function message({ body }: WireAnswer): string {
  const text = textOf(body);
  const said = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? /"(?:message|errorSummary|error)"\s*:\s*"([^"]{0,160})/.exec(text)?.[1];
  return said === undefined ? '' : ` (${said})`;
}

/** Whether an error answer carries this code or message, as a whole value. */
function carries(body: Uint8Array, says: string): boolean {
  const bytes = bytesOf(body);
  return bytes.includes(`"${says}"`) || bytes.includes(`>${says}<`);
}

/** The same bytes, and no copy of them. */
const bytesOf = (body: Uint8Array): Buffer => Buffer.from(body.buffer, body.byteOffset, body.byteLength);
const textOf = (body: Uint8Array): string => bytesOf(body).toString('utf8');

/** `undefined` where it is no JSON, which no JSON says. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller makes the run incomplete
  }
}
