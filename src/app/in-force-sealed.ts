import { z } from 'zod';

/** Name of the artifact of a configuration record that says which program and which parameters were in force from then on. */
export const IN_FORCE = 'in-force.json';

const InForce = z.object({
  program: z.string(),
  catalog: z.string(),
  checks: z.record(z.string(), z.object({ version: z.number(), digest: z.string(), parameters: z.record(z.string(), z.string()) })),
});
export type InForce = z.infer<typeof InForce>;

export const inForceBytes = (inForce: InForce): Buffer => Buffer.from(`${JSON.stringify(inForce, null, 1)}\n`);
export const readInForce = (bytes: Uint8Array): InForce => InForce.parse(JSON.parse(new TextDecoder().decode(bytes)));
