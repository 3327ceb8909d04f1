import { z } from 'zod';
import { type CheckParameter, checkParameters } from '../datasets/config/parameters.ts';

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

/** The parameters that a configuration record says were in force, as rows; nothing of one that does not say. */
export function parametersIn(inForce: InForce | null): readonly { readonly dataset: string; readonly rows: readonly CheckParameter[] }[] {
  if (inForce === null) return [];
  const rows = Object.entries(inForce.checks).flatMap(([checkId, { parameters }]): CheckParameter[] => [
    { checkId, parameter: null, value: null },
    ...Object.entries(parameters).map(([parameter, value]) => ({ checkId, parameter, value })),
  ]);
  return [{ dataset: checkParameters.id, rows }];
}
