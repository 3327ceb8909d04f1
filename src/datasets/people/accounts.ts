import { z } from 'zod';
import { type Derived, deriveDataset, type Join, type Row } from '../dataset.ts';
import { maybeText, said, systemId, text } from '../fields.ts';
import { type Worker, workers } from '../hr/workers.ts';
import { User, users } from '../identity/users.ts';
import { type Alias, aliases } from './aliases.ts';
import { type Declaration, declarations } from './declarations.ts';

export const Account = z.object({
  systemId,
  userId: text('Id of the account in its system'),
  login: text('Login name'),
  kind: z.enum(['human', 'service', 'external', 'shared', 'unknown']).describe('What it is: by declaration, else by the source’s word'),
  status: User.shape.status,
  privileged: said('It holds administrative rights by the system’s own word'),
  password: said('It can sign in with a password of this system'),
  personId: maybeText('Worker id of the person whose own it is'),
  ownerId: maybeText('Worker id of who answers for it, where it is not a person’s own'),
  purpose: maybeText('What it is declared to be for'),
  rule: z
    .enum(['declared', 'hr-id', 'email', 'alias', 'ambiguous', 'none'])
    .describe('By which rule it was tied: a declaration, the number HR gave, an address, a declared alias; ambiguous where two people fit'),
});
export type Account = z.infer<typeof Account>;

type With = {
  readonly declared: Join<Declaration, 'handles'>;
  readonly byId: Join<Worker, 'hrId'>;
  readonly byEmail: Join<Worker, 'emails'>;
  readonly byAlias: Join<Alias, 'emails'>;
};

/** The people graph: whose each account is. Never by display name; where two people fit, nobody is picked. */
export const accounts = deriveDataset<Account, User, With>(
  {
    id: 'people.accounts',
    title: 'One account, tied to the person whose it is or who answers for it, by the rule that matched',
    row: Account,
    label: ({ login, systemId: system }) => `${login} in ${system}`,
  },
  {
    population: users,
    with: {
      declared: declarations.on('account', 'handles'),
      byId: workers.on('workerId', 'hrId'),
      byEmail: workers.on('emails'),
      byAlias: aliases.on('emails'),
    },

    derive(user, { declared, byId, byEmail, byAlias }) {
      const its = declared.filter(({ systemId: system }) => system === user.systemId);
      const [declaration] = its;
      if (declaration) {
        const { meaning, workerId, purpose } = declaration;
        const own = meaning === 'person';
        return tied(user, { kind: own ? 'human' : meaning, personId: own ? workerId : null, ownerId: own ? null : workerId, purpose, rule: 'declared' }, its);
      }
      if (byId.length > 0) return byWorker(user, byId, 'hr-id');
      if (byEmail.length > 0) return byWorker(user, byEmail, 'email');
      if (byAlias.length > 0) return byWorker(user, byAlias, 'alias');
      return tied(user, { kind: user.kind, personId: null, ownerId: null, purpose: null, rule: 'none' }, []);
    },
  },
);

type Tie = Pick<Account, 'kind' | 'personId' | 'ownerId' | 'purpose' | 'rule'>;

function byWorker(user: User, found: readonly (Row & { readonly workerId: string })[], rule: Account['rule']): Derived<Account> {
  const people = [...new Set(found.map(({ workerId }) => workerId))];
  const [personId = null, another] = people;
  if (another !== undefined) return tied(user, { kind: user.kind, personId: null, ownerId: null, purpose: null, rule: 'ambiguous' }, found);
  return tied(user, { kind: user.kind === 'unknown' ? 'human' : user.kind, personId, ownerId: null, purpose: null, rule }, found);
}

const tied = ({ systemId: system, userId, login, status, privileged, password }: User, tie: Tie, cites: readonly Row[]): Derived<Account> => ({
  row: {
    systemId: system,
    userId,
    login,
    kind: tie.kind,
    status,
    privileged,
    password,
    personId: tie.personId,
    ownerId: tie.ownerId,
    purpose: tie.purpose,
    rule: tie.rule,
  },
  cites,
});
