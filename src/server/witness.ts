import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Cosigner } from '../app/witness.ts';

/** A checkpoint with a hundred signatures and the longest proof there is needs a third of it. */
const LIMIT = 64 * 1024;

/** The HTTP face of a witness: C2SP tlog-witness, with one prefix for submission and monitoring. */
export function witnessPages(cosigner: Cosigner): Hono {
  const app = new Hono();

  app.post('/add-checkpoint', bodyLimit({ maxSize: LIMIT, onError: (context: Context) => context.text('the body is too long\n', 413) }), async (context) => {
    const { status, contentType, body } = await cosigner.add(Buffer.from(await context.req.arrayBuffer()));
    return context.body(body, status, { 'content-type': contentType });
  });

  app.get('/:origin/checkpoint', async (context) => {
    const note = await cosigner.latest(context.req.param('origin'));
    return note === null ? context.text('no checkpoint of this log was signed here\n', 404) : context.text(note);
  });

  app.get('/', (context) => context.text(`witness ${cosigner.vkey}\n${cosigner.logs.map((log) => `log ${log}\n`).join('')}`));

  app.onError((error, context) => {
    process.stderr.write(`tickmark: ${context.req.path}: ${error.message}\n`);
    return context.text('the witness cannot sign: its operator sees why\n', 500);
  });
  return app;
}
