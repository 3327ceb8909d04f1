import { ACCESS } from './access.ts';
import { COMPANY } from './company.ts';
import type { Kind } from './kind.ts';
import { OPERATION } from './operation.ts';
import { REGISTERS_ALONE } from './registers.ts';

/** Every kind of thing that people state, through either door. */
export const kinds: readonly Kind[] = [...ACCESS, ...COMPANY, ...OPERATION, ...REGISTERS_ALONE];

export const kindOf = (id: string): Kind | undefined => kinds.find((kind) => kind.id === id);
