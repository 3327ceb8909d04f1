import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type Context, Hono } from 'hono';
import { ConfigurationError } from '../core/error.ts';

/** Where the dashboard lies once it is built: beside the sources in a clone, beside the program in the package. */
const PLACES = ['../../dashboard/dist', '../dashboard'];

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/** Scripts and styles of our own files alone; nothing from elsewhere, nothing inline. */
export const DASHBOARD_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
  /** Its name follows from its content: it never changes. */
  readonly forever: boolean;
}

/** Serves the dashboard: its files by name, and its one page under every other address, for it finds its way by itself. Throws `ConfigurationError` where it was not built. */
export function dashboard(folder = builtIn()): Hono {
  const assets = read(folder);
  const squeezed = new Map<string, Promise<Buffer>>();
  const app = new Hono();
  app.get('*', async (context) => {
    const asset = assets.get(context.req.path) ?? (isPage(context.req.path) ? assets.get('/index.html') : undefined);
    if (!asset) return context.text(`Nothing is at ${context.req.path}.`, 404);
    context.header('content-security-policy', DASHBOARD_CSP);
    context.header('etag', asset.etag);
    context.header('cache-control', asset.forever ? 'public, max-age=31536000, immutable' : 'no-cache');
    context.header('vary', 'accept-encoding');
    if (context.req.header('if-none-match') === asset.etag) return context.body(null, 304);
    return sent(context, asset, squeezed);
  });
  return app;
}

function builtIn(): string {
  const found = PLACES.map((place) => join(import.meta.dirname, place)).find((place) => existsSync(join(place, 'index.html')));
  if (found === undefined)
    throw new ConfigurationError('the dashboard was not built. Run "npm run build:dashboard", or start with "npm start", which builds it.');
  return found;
}

function read(folder: string): ReadonlyMap<string, Asset> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[a-z0-9]+$/.test(name));
  return new Map(
    names.map((name) => {
      const bytes = readFileSync(join(folder, name));
      const path = `/${name.replaceAll('\\', '/')}`;
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
      return [path, { type: TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', bytes, etag, forever: path.startsWith('/assets/') }];
    }),
  );
}

/** What could be a file of ours and is none is missing; anything else is an address that the page understands. */
const isPage = (path: string): boolean => !path.startsWith('/assets/') && !path.startsWith('/api') && !/\.(js|css|map|ico|png)$/.test(path);

async function sent(context: Context, { type, bytes, etag }: Asset, squeezed: Map<string, Promise<Buffer>>): Promise<Response> {
  context.header('content-type', type);
  const taken = context.req.header('accept-encoding') ?? '';
  const encoding = /\bbr\b/.test(taken) ? 'br' : /\bgzip\b/.test(taken) ? 'gzip' : null;
  if (encoding === null || bytes.length < 1000) return context.body(new Uint8Array(bytes));
  const key = `${etag} ${encoding}`;
  const known = squeezed.get(key) ?? squeeze(bytes, encoding);
  squeezed.set(key, known);
  context.header('content-encoding', encoding);
  return context.body(new Uint8Array(await known));
}

const squeeze = (bytes: Buffer, encoding: 'br' | 'gzip'): Promise<Buffer> =>
  encoding === 'br' ? promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) : promisify(gzip)(bytes, { level: 9 });
