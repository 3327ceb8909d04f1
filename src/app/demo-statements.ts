import { signedAcceptances } from '../acme/policies.ts';
import { type MadeStatement, madeStatements } from '../acme/statements.ts';
import { person, type World } from '../acme/world.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Attestation, Draft } from '../evidence/record.ts';
import { attestationDraft } from './attest.ts';
import { madeUpIdentity, signedBy } from './signed.ts';

interface Sealed {
  readonly at: Instant;
  readonly draft: Draft;
}

/** Where the register lies that says whose the keys are. */
const REGISTERS = 'files/registers';

/** What the people of Acme state, among what its sources answer: each record in its place. */
export function demoStatements(world: World, origin: string): { among(told: readonly Sealed[], first: number): readonly Sealed[] } {
  const waiting = [...madeStatements(world), ...signedAcceptances(world)].sort((a, b) => a.at - b.at);
  let binding: number | null = null;
  return {
    /** @param first the index that the first of `told` will have */
    among(told, first) {
      const all: Sealed[] = [];
      for (const next of told) {
        for (let due = waiting[0]; due && due.at <= next.at; due = waiting[0]) {
          all.push({ at: due.at, draft: draftOf(world, origin, due, binding) });
          waiting.shift();
        }
        const { body } = next.draft;
        if (binding === null && body.kind === 'run' && body.collector.id === REGISTERS && body.outcome === 'success') binding = first + all.length;
        all.push(next);
      }
      return all;
    },
  };
}

function draftOf(world: World, origin: string, { at, place, seed, register, entry }: MadeStatement, shown: number | null): Draft {
  const { email: by } = person(world, place);
  const identity = seed === null ? null : madeUpIdentity(by, seed);
  const keyId = identity?.keyId ?? null;
  const binding = identity && shown;
  const body: Attestation = {
    kind: 'attestation',
    register,
    act: 'state',
    at,
    authenticated: binding !== null,
    previous: null,
    entryId: String(entry.id),
    by,
    keyId,
    binding,
    author: { email: by, keyId: binding === null ? null : keyId, at },
    timezone: 'UTC',
  };
  return attestationDraft(body, signedBy(identity, { origin, register, act: 'state', entry, by, at: iso(at), of: null }), true);
}
