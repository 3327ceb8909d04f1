import type { Endpoint, Question, TlsSource } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import type { World } from './asker.ts';

export interface TlsOptions extends Pick<World, 'wire' | 'clock'> {
  /** `host:port` of all that may be connected to. */
  readonly allowed: readonly string[];
}

/** Handshakes and single plain requests, over the wire as `TLS`, so that what was offered and answered is kept like any answer. */
export function tlsSource({ wire, clock, allowed }: TlsOptions): TlsSource & { questions: () => readonly Question[] } {
  const questions: Question[] = [];

  const ask = async (name: string, scheme: string, endpoint: Endpoint, asked: Readonly<Record<string, unknown>>) => {
    const address = `${endpoint.host}:${endpoint.port}`;
    const url = `${scheme}://${endpoint.host.includes(':') ? `[${endpoint.host}]:${endpoint.port}` : address}`;
    if (questions.some((question) => question.name === name))
      throw new IncompleteError(`${name} was asked twice in one run: the collector gives two questions one name`);
    if (!allowed.includes(address)) throw new IncompleteError(`"${name}" (${url}) is not among the endpoints of the configuration`);
    const startedAt = clock();
    const body = JSON.stringify({ ...asked, endpoint });
    const answer = await wire({ method: 'TLS', url, headers: {}, body: new TextEncoder().encode(body) }).catch((cause: Error) => {
      throw new IncompleteError(`"${name}" (${url}) could not be asked: ${cause.message}`, cause);
    });
    if (answer.status !== 200) throw new IncompleteError(`"${name}" (${url}) gave no outcome: ${new TextDecoder().decode(answer.body).slice(0, 400)}`);
    const request = { method: 'TLS', url, body };
    questions.push({ name, request, pages: 1, ended: true, received: null, total: null });
    return { name, request, status: 200, headers: { 'content-type': 'application/json' }, body: answer.body, startedAt, finishedAt: clock() };
  };

  return {
    questions: () => questions,
    examine: (name, endpoint, offers, roots) => ask(name, 'tls', endpoint, { ask: 'examine', offers, roots }),
    request: (name, endpoint, secure) => ask(name, secure ? 'https' : 'http', endpoint, { ask: 'request', secure }),
  };
}
