import type { Artifact, Question, TlsSource } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import type { World } from './asker.ts';

/** Handshakes and single plain requests, over the wire as `TLS`, so that what was offered and answered is kept like any answer. */
export function tlsSource({ wire, clock }: Pick<World, 'wire' | 'clock'>): TlsSource & { questions: () => readonly Question[] } {
  const questions: Question[] = [];

  const ask = async (name: string, url: string, offer: Readonly<Record<string, unknown>>): Promise<Artifact> => {
    if (questions.some((question) => question.name === name))
      throw new IncompleteError(`${name} was asked twice in one run: the collector gives two questions one name`);
    const startedAt = clock();
    const body = JSON.stringify(offer);
    const answer = await wire({ method: 'TLS', url, headers: {}, body: new TextEncoder().encode(body) }).catch((cause: Error) => {
      throw new IncompleteError(`"${name}" (${url}) could not be reached: ${cause.message}`, cause);
    });
    if (answer.status !== 200) throw new IncompleteError(`"${name}" (${url}) gave no outcome: ${new TextDecoder().decode(answer.body).slice(0, 400)}`);
    const request = { method: 'TLS', url, body };
    questions.push({ name, request, pages: 1, ended: true, received: null, total: null });
    return { name, request, status: 200, headers: { 'content-type': 'application/json' }, body: answer.body, startedAt, finishedAt: clock() };
  };

  return {
    questions: () => questions,
    attempt: (name, handshake) => ask(name, `tls://${bracketed(handshake.host)}:${handshake.port}`, { attempt: handshake }),
    head: (name, url, { host, port }) => ask(name, `tcp://${bracketed(host)}:${port}`, { head: { url, host, port } }),
  };
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
