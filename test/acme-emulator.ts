import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { acmeWire, hrExport } from '../src/acme/wire.ts';
import { makeWorld } from '../src/acme/world.ts';
import { days } from '../src/core/instant.ts';

/** A vendor as it answers over the network: Acme's, of a day that has just passed, at an address of this machine. */
export interface Emulator {
  readonly url: string;
  /** The HR export of the day, in which somebody left ten days ago whose account is still there. */
  readonly people: string;
  /** Requests that came, by path. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Who brings another token is refused, in the vendor's own words. */
export async function emulatedOkta(token: string, now = Date.now()): Promise<Emulator> {
  const world = makeWorld(now);
  const wire = acmeWire(world, () => now);
  const asked: string[] = [];
  const vendor = 'https://acme.okta.com';
  const server = createServer((request, response) => {
    const refuse = (status: number, body: object) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    asked.push(request.url ?? '/');
    if (request.headers.authorization !== `SSWS ${token}`) {
      refuse(401, { errorCode: 'E0000011', errorSummary: 'Invalid token provided' });
      return;
    }
    void answered(request).catch((error: unknown) => refuse(500, { errorSummary: String(error) }));

    async function answered({ method = 'GET', url = '/' }: IncomingMessage): Promise<void> {
      const own = `http://${request.headers.host ?? ''}`;
      const { status, headers, body } = await wire({ method, url: `${vendor}${url}`, headers: {}, body: null });
      const { link, 'content-type': type = 'application/json' } = headers;
      response.writeHead(status, { 'content-type': type, ...(link === undefined ? {} : { link: link.replaceAll(vendor, own) }) });
      response.end(Buffer.from(body).toString('utf8').replaceAll(vendor, own));
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    people: withLeaver(hrExport(world, now), new Date(now - days(10)).toISOString().slice(0, 10)),
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Ends the engagement of the third who has none that ends. */
export function withLeaver(people: string, left: string): string {
  const staying = people.split('\n').filter((line) => line.includes(',0000-00-00,'))[2] ?? '';
  return people.replace(staying, staying.replace(',0000-00-00,', `,${left},`));
}
