import type { Ternary } from '../core/ternary.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Endpoint, endpoints } from '../datasets/asset/endpoints.ts';
import { conforms, defineCheck, deviates, unknown, type Check } from './check.ts';
import { outOfScope } from './scope.ts';

const WORKSTATIONS: readonly Endpoint['platform'][] = ['macos', 'windows', 'linux', 'unknown'];
/** A device whose state nobody tells is taken for one in use. */
export const inUse = ({ status }: Endpoint): boolean => status === 'active' || status === 'unknown';
export const isWorkstation = (device: Endpoint): boolean => inUse(device) && WORKSTATIONS.includes(device.platform);
export const WORKSTATION_WORDS = 'macOS, Windows and Linux, and what does not say what it runs';

/** What one device must be able to say of itself. */
interface Demand extends Pick<Check, 'id' | 'title' | 'asserts'> {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly of: (device: Endpoint) => boolean;
  readonly says: (device: Endpoint) => Ternary;
  /** `its disk is not encrypted` */
  readonly not: (device: Endpoint) => string;
  /** `whether its disk is encrypted` */
  readonly whether: string;
}

/** A check of what devices report of themselves: what a device does not say is never read as good. */
export const demandOfDevices = ({ of, says, not, whether, ...told }: Demand) =>
  defineCheck({
    ...told,
    version: 1,
    population: endpoints.where(of),
    mustExist: true,
    with: { scope: systems.on('systemId') },

    examine(device, { scope }) {
      const out = outOfScope(scope);
      if (out) return out;
      const said = says(device);
      if (said === 'yes') return conforms();
      return said === 'no' ? deviates(not(device)) : unknown(`${whether} is not told by the device`);
    },
  });
