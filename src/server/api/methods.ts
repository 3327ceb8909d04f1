import type { AnyContractRouter } from '@orpc/contract';
import type { Demands } from './contract/endpoint.ts';

/** One endpoint, as the contract has it. */
export interface Endpoint extends Partial<Demands> {
  /** `posture.read`: the operation's id. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: string;
}

interface Procedure {
  readonly '~orpc': {
    readonly meta: Partial<Demands>;
    readonly route: {
      readonly method?: string;
      readonly path?: string;
      readonly summary?: string;
      readonly description?: string;
      readonly tags?: readonly string[];
    };
  };
}

/** Every endpoint of a contract, in its order. */
export function endpointsOf(contract: AnyContractRouter, name: readonly string[] = []): readonly Endpoint[] {
  if (isProcedure(contract)) {
    const { meta, route } = contract['~orpc'];
    const { method = 'POST', path = '', summary = '', description = '', tags = [] } = route;
    return [{ ...meta, name: name.join('.'), method, path, summary, description, tag: tags[0] ?? '' }];
  }
  return Object.entries(contract).flatMap(([key, its]) => endpointsOf(its as AnyContractRouter, [...name, key]));
}

const isProcedure = (its: unknown): its is Procedure => typeof its === 'object' && its !== null && '~orpc' in its;

/** The methods that endpoints at an address take; none where nothing is there. */
export function methodsAt(contract: AnyContractRouter, pathname: string): readonly string[] {
  const at = endpointsOf(contract).filter(({ path }) => patternOf(path).test(pathname));
  // To tell the head of what streams, all of it would have to be made.
  return [...new Set(at.flatMap(({ method, answer }) => (method === 'GET' && answer !== 'stream' ? ['GET', 'HEAD'] : [method])))];
}

const patternOf = (path: string): RegExp => new RegExp(`^/api${path.replace(/\{[^}]+\}/g, '[^/]+')}/?$`);
