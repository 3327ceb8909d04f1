import { expect, it } from 'vitest';
import type { Workspace } from '../app/views.ts';
import { ConfigurationError } from '../core/error.ts';
import { takingUp } from './door.ts';

it('takes up a changed file, and says once what stands in the way', async () => {
  const answers = [
    () => ({ taken: true, restart: [] }),
    () => ({ taken: false, restart: ['timezone'] }),
    () => ({ taken: false, restart: ['timezone'] }),
    () => {
      throw new ConfigurationError('tickmark.yaml:3:1: not YAML');
    },
    () => {
      throw new ConfigurationError('tickmark.yaml:3:1: not YAML');
    },
    () => ({ taken: false, restart: [] }),
    () => ({ taken: false, restart: ['timezone'] }),
  ];
  const count = answers.length;
  const connecting = { reconfigure: async () => answers.shift()?.() } as unknown as Workspace['connecting'];
  const said: string[] = [];
  const take = takingUp({ connecting }, (says) => said.push(says));
  for (let look = 0; look < count; look++) await take();
  const restart = 'tickmark.yaml has changed, and is taken up when this process begins anew: timezone.';
  const unread = 'tickmark.yaml has changed and cannot be taken up; what was in force stays: tickmark.yaml:3:1: not YAML';
  expect(said).toEqual([restart, unread, restart]);
});
