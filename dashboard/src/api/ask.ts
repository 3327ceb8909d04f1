import type { InferContractRouterOutputs } from '@orpc/contract';
import type { contract } from '../../../src/server/api/contract/index.ts';

type Outputs = InferContractRouterOutputs<typeof contract>;
export type Resource = keyof Outputs;
/** What an endpoint answers: `Answer<'posture', 'read'>`. */
export type Answer<Of extends Resource, Endpoint extends keyof Outputs[Of]> = Outputs[Of][Endpoint];

export interface WrongField {
  readonly name: string;
  readonly says: string;
}

/** A refusal in the words of the server (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  /** The last part of its type: `not-found`. */
  readonly kind: string;
  readonly title: string;
  readonly instance: string | null;
  /** What a request got wrong, by the path of its field: `config.org`. */
  readonly fields: readonly WrongField[];

  constructor({
    status,
    type,
    title,
    detail,
    instance,
    fields = [],
  }: {
    status: number;
    type: string;
    title: string;
    detail: string;
    instance: string | null;
    fields?: readonly WrongField[];
  }) {
    super(detail);
    this.fields = fields;
    this.status = status;
    this.kind = type.split('/').at(-1) ?? type;
    this.title = title;
    this.instance = instance;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

/** The address of a question: what is not given is left out, lists repeat their name. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    for (const each of Array.isArray(value) ? value : [value]) search.append(name, String(each));
  }
  const text = search.toString();
  return `/api${path}${text === '' ? '' : `?${text}`}`;
}

/** Asks; the browser keeps the answer and asks again by its ETag. Throws `Problem`. */
export async function ask<Out>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Out> {
  return answered<Out>(await reached(address(path, query), signal ? { signal } : {}));
}

/** Tells the server to do something. Throws `Problem`. */
export async function send<Out>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body: unknown = {}): Promise<Out> {
  return answered<Out>(await reached(address(path), { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }));
}

async function reached(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new Problem({
      status: 0,
      type: 'not-reached',
      title: 'The server does not answer',
      detail: 'What is shown is as it was when it last answered. No evidence is lost. It is asked again as soon as it can be reached.',
      instance: null,
    });
  }
}

async function answered<Out>(response: Response): Promise<Out> {
  if (response.status === 401) location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`); // the session has ended
  if (response.ok) return (response.status === 204 ? null : await response.json()) as Out;
  const said = (await response.json().catch(() => null)) as Partial<{
    type: string;
    title: string;
    detail: string;
    instance: string;
    fields: readonly WrongField[];
  }> | null;
  throw new Problem({
    status: response.status,
    type: said?.type ?? 'broken',
    title: said?.title ?? 'Something broke',
    detail: said?.detail ?? `The server answered ${response.status} and did not say why. Its terminal says more.`,
    instance: said?.instance ?? null,
    fields: said?.fields ?? [],
  });
}
