import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id } from './fields.ts';

const own = { permission: 'self', bounds: 'free', answer: 'fresh', method: 'POST', tag: 'You' } as const;
const CONFIRMED = 'By a session alone, and one whose holder has shown a moment ago that it is them: `not-confirmed` is said otherwise.';

/** How somebody signs in, looked after by themselves. Passkeys are spoken about with the browser at /account/passkeys. */
export const account = {
  offerAuthenticator: endpoint({
    ...own,
    path: '/me/authenticator/offer',
    status: 201,
    summary: 'A secret for an authenticator, which counts once a code of it was shown',
    description: CONFIRMED,
  })
    .input(z.strictObject({}))
    .output(
      z.object({
        offer: z.string().describe('Names it when the code is shown; for a quarter of an hour'),
        secret: z.string().describe('Base32'),
        uri: z.string().describe('otpauth://, as authenticators read it'),
        qr: z.array(z.string()).readonly().describe('The same as a QR code: a row each, 1 where it is dark'),
      }),
    ),

  addAuthenticator: endpoint({
    ...own,
    path: '/me/authenticator',
    status: 201,
    summary: 'Adds the authenticator that was offered, by a code of it',
    description: `The session goes on under another cookie, as one of somebody who has shown a second factor. ${CONFIRMED}`,
  })
    .input(
      z.strictObject({
        offer: z.string().min(1).max(200),
        code: z.string().min(1).max(20),
        name: z.string().min(1).max(60).optional().describe('"Authenticator" unless said'),
      }),
    )
    .output(z.object({ added: z.boolean() })),

  recoveryCodes: endpoint({
    ...own,
    path: '/me/recovery-codes',
    status: 201,
    summary: 'Ten codes that each stand in once for a second factor. Those of before count no more, and these are shown this once',
    description: CONFIRMED,
  })
    .input(z.strictObject({}))
    .output(z.object({ codes: z.array(z.string()).readonly() })),

  removeFactor: endpoint({ ...own, path: '/me/factors/{id}/remove', summary: 'Removes a passkey or an authenticator of yours', description: CONFIRMED })
    .input(z.strictObject({ id }))
    .output(z.object({ removed: z.boolean() })),

  setPassword: endpoint({ ...own, path: '/me/password', summary: 'Sets your password. Your other sessions end', description: CONFIRMED })
    .input(z.strictObject({ password: z.string().min(1).max(256) }))
    .output(z.object({ set: z.boolean() })),
};
