import type { Instant } from '../core/instant.ts';

/** How a question was put, without its credential. */
export interface Request {
  /** `GET`, or the operation for a cloud API: `iam:ListUsers`. */
  readonly method: string;
  /** Where it went, with its whole query; of a file, its path within the workspace. */
  readonly url: string;
  /** What was sent along, where anything was. */
  readonly body: string | null;
}

/** One answer of a source, byte for byte, under the name its collector gave the question. */
export interface Artifact {
  /** Name of the question and, of a paged one, the page: `members`, `members#2`. One of its kind in a run. */
  readonly name: string;
  readonly request: Request;
  /** HTTP status; 200 of a file. */
  readonly status: number;
  /** The headers worth keeping: date, content-type, link, request id, rate limit. Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
}

/** One question with all its pages: what an auditor calls completeness and accuracy of what was extracted. */
export interface Question {
  readonly name: string;
  readonly request: Request;
  readonly pages: number;
  /** The source itself said that there is no more. */
  readonly ended: boolean;
  /** How many entries the answers hold, where the transport can count them. */
  readonly received: number | null;
  /** How many there are by the source's own word, where it gives one. */
  readonly total: number | null;
}

/** What a source says of the asking itself, as far as it says it. */
export interface Witness {
  /** Who asked, by the name the source gives them: read back from it, never from the configuration. */
  readonly askedAs: string | null;
  /** The tenant, account or organization that answered, by its own id. */
  readonly answeredBy: string | null;
  /** Rights of the credential by the source's own word; `null` where it does not say. */
  readonly granted: readonly string[] | null;
  /** By question: entries received, and how many there are by the source's own count. Fewer make the run incomplete. */
  readonly totals: Readonly<Record<string, { readonly received: number; readonly total: number }>>;
}

/** Error answers that are facts here: an HTTP status whose body carries this code or message. */
export interface FactAnswer {
  readonly status: number;
  readonly says: string;
}

export interface Options {
  readonly facts?: readonly FactAnswer[];
}

/**
 * HTTPS GET to the hosts that the collector declared, GraphQL queries where it asks some, and nothing else. Retries and backs off; throws
 * `IncompleteError` on whatever is not a whole answer. `url` is absolute or a path below the base address.
 */
export interface HttpSource {
  get(name: string, url: string, options?: Options): Promise<Artifact>;
  /** Follows `Link: rel="next"` to its end. A next page on another host, or one seen before, throws. */
  pages(name: string, url: string, options?: Options): AsyncIterable<Artifact>;
  /**
   * Follows `rel="next"` until a page holds nothing: a source of events names a next page for ever, an empty one names
   * itself. The next page that the last answer names is where the following run goes on.
   */
  poll(name: string, url: string, options?: Options): AsyncIterable<Artifact>;
  /**
   * Pages that name the next one in their body: `next` reads from an answer the address of the following page, `null`
   * of the last. An address seen before throws.
   */
  walk(name: string, url: string, next: (page: Artifact) => string | null, options?: Options): AsyncIterable<Artifact>;
  /**
   * One GraphQL query, posted to `url`: the one request that is not a GET. A document that is no query is refused, and an
   * answer with `errors` is not a whole one, whatever else it holds: `forgiven` names the types of error that are facts.
   */
  query(name: string, url: string, document: string, variables: Readonly<Record<string, unknown>>, forgiven?: readonly string[]): Promise<Artifact>;
}

export interface AwsAsk extends Options {
  /** The region that is asked; `us-east-1` unless said. */
  readonly region?: string;
}

/** The operations of a cloud API that the collector declared, and nothing else. */
export interface AwsSource {
  ask(name: string, operation: string, input?: Readonly<Record<string, unknown>>, options?: AwsAsk): Promise<Artifact>;
  /** Follows the operation's own marker to its end. */
  pages(name: string, operation: string, input?: Readonly<Record<string, unknown>>, options?: AwsAsk): AsyncIterable<Artifact>;
  /** Waits, as a source asks one to (a report is being made). Tests let no time pass. */
  wait(milliseconds: number): Promise<void>;
}

/**
 * Gives of a file that holds secrets the bytes that may be kept. Pure, and refuses by `RangeError` what it does not know:
 * its message is sealed, so it says nothing of what the file holds.
 */
export type Redaction = (body: Uint8Array) => Uint8Array;

/**
 * Files below the workspace, read whole. What is kept are the bytes as they are, or, where a `redaction` is given, what it
 * leaves of them: then the request says so, and the headers hold the digest of the bytes that were read.
 */
export interface FileSource {
  read(name: string, path: string, redaction?: Redaction): Promise<Artifact>;
}

/**
 * Read-only commands of git in a repository below the workspace, and nothing else. Nothing of the repository's own
 * configuration is run. What is answered is what git printed, byte for byte; a command that fails throws.
 */
export interface GitSource {
  run(name: string, args: readonly string[]): Promise<Artifact>;
}

export type TlsVersion = 'SSLv3' | 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/**
 * One version offered alone, with these ciphers (their numbers in hex, four digits). With `exhaust` it is offered again
 * without the cipher that was chosen, until none is taken: so every one that is accepted is known.
 */
export interface Offer {
  readonly version: TlsVersion;
  readonly ciphers: readonly string[];
  readonly exhaust: boolean;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Sent as SNI, and looked for in the certificate. */
  readonly servername: string;
  /** The protocol in whose midst TLS begins; `null` where it begins at once. */
  readonly starttls: 'smtp' | 'imap' | 'postgres' | null;
}

/** TCP and TLS to the endpoints that the configuration names, and nothing else. A refused handshake is an answer; an unreachable host is not. */
export interface TlsSource {
  /**
   * JSON: what became of each offer, by the other side's own bytes, and what it served in a whole handshake. Nothing
   * is verified by refusing to look. `roots` in PEM are trusted in place of those that Node brings.
   */
  examine(name: string, endpoint: Endpoint, offers: readonly Offer[], roots: string | null): Promise<Artifact>;
  /** JSON: status and headers of one request for `/`, over TLS or without, or that nothing listens; no redirect is followed. */
  request(name: string, endpoint: Endpoint, secure: boolean): Promise<Artifact>;
}

/**
 * A credential that is traded for another one first, as OAuth 2.0 has it (RFC 6749, RFC 7523). The transport signs, posts
 * and reads the answer: the collector says only what to send. The answer is a credential, and is not kept.
 */
export interface Exchange {
  /** Where it is traded: a host that the collector declares. */
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  /** A signed statement (JSON Web Token, RS256) that is sent along as `assertion`; the transport adds when it was made. */
  readonly signed: { readonly key: string; readonly keyId: string | null; readonly claims: Readonly<Record<string, string>> } | null;
  /** Under which name the `access_token` of the answer stands among the credentials from then on. */
  readonly becomes: string;
}

export interface Transports {
  readonly http: HttpSource;
  readonly aws: AwsSource;
  readonly file: FileSource;
  readonly git: GitSource;
  readonly tls: TlsSource;
}
