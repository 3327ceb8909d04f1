// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies have variables of that form
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf } from './context.ts';
import { parsed } from './document.ts';
import { decide, type Policies, type Policy } from './evaluate.ts';

const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const deny = (Action: unknown, more: object = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more });
const policy = (name: string, ...Statement: readonly object[]): Policy => ({ name, document: parsed(JSON.stringify({ Version: '2012-10-17', Statement })) });
const policies = (identity: readonly Policy[], more: Partial<Policies> = {}): Policies => ({ identity, boundary: null, controls: [], ...more });
const read = { action: 's3:GetObject', resource: 'arn:aws:s3:::home/ada/x', context: contextOf({ 'aws:username': 'ada', 'aws:SecureTransport': 'true' }) };
const verdict = (its: Policies, request = read) => decide(its, request).verdict;
const region = { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } };
const all = policy('all', allow('*'));
const unreadable: Policy = { name: 'broken', document: null };

describe('one identity', () => {
  it.each<[string, Policies, string]>([
    ['holds nothing', policies([]), 'denied'],
    ['is allowed by one of two', policies([policy('a', allow('ec2:*')), policy('b', allow('s3:get*'))]), 'allowed'],
    ['is denied by one of two', policies([all, policy('b', deny('s3:GetObject'))]), 'denied'],
    ['is denied what another resource is', policies([all, policy('b', deny('*', { Resource: 'arn:aws:s3:::home/ben/*' }))]), 'allowed'],
    ['is denied all but', policies([all, policy('b', { Effect: 'Deny', NotAction: 's3:*', Resource: '*' })]), 'allowed'],
    ['is denied all but itself', policies([all, policy('b', { Effect: 'Deny', NotAction: 'ec2:*', Resource: '*' })]), 'denied'],
    ['is allowed all but this resource', policies([policy('a', { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::home/*' })]), 'denied'],
    ['is allowed its own folder', policies([policy('a', allow('s3:*', { Resource: 'arn:aws:s3:::home/${aws:username}/*' }))]), 'allowed'],
    ['is allowed the folder of its team', policies([policy('a', allow('s3:*', { Resource: 'arn:aws:s3:::home/${aws:PrincipalTag/team}/*' }))]), 'unknown'],
    ['is allowed under what is not known', policies([policy('a', allow('*', region))]), 'unknown'],
    ['is denied under what is not known', policies([all, policy('b', deny('*', region))]), 'unknown'],
    ['is denied under what is not known, and surely too', policies([all, policy('b', deny('*', region), deny('s3:*'))]), 'denied'],
    ['is allowed surely, and under what is not known', policies([all, policy('b', allow('*', region))]), 'allowed'],
    ['holds a policy that cannot be read', policies([all, unreadable]), 'unknown'],
    ['holds a policy that cannot be read, and a deny', policies([policy('b', deny('*')), unreadable]), 'denied'],
    ['is bounded by less', policies([all], { boundary: [policy('b', allow('ec2:*'))] }), 'denied'],
    ['is bounded by enough', policies([all], { boundary: [policy('b', allow('s3:*'))] }), 'allowed'],
    ['is granted nothing by a boundary', policies([], { boundary: [all] }), 'denied'],
    ['is bounded by what cannot be read', policies([all], { boundary: [unreadable] }), 'unknown'],
    ['has an organization that allows at each level', policies([all], { controls: [[all], [policy('c', allow('s3:*'))]] }), 'allowed'],
    ['has an organization that allows at one level of two', policies([all], { controls: [[all], [policy('c', allow('ec2:*'))]] }), 'denied'],
    ['has an organization that denies', policies([all], { controls: [[all, policy('c', deny('s3:*'))]] }), 'denied'],
  ])('%s', (_, its, expected) => expect(verdict(its)).toBe(expected));
});

it('regards letter case in resources, and not in actions', () => {
  const its = policies([policy('a', allow('S3:GETOBJECT', { Resource: 'arn:aws:s3:::Home/*' }))]);
  expect(verdict(its)).toBe('denied');
  expect(verdict(its, { ...read, resource: 'arn:aws:s3:::Home/x' })).toBe('allowed');
});

it('names what it hangs on, and who allows it', () => {
  expect(decide(policies([policy('a', allow('*', region)), unreadable]), read)).toEqual({
    verdict: 'unknown',
    explicit: false,
    keys: ['aws:RequestedRegion'],
    unreadable: ['broken'],
    by: ['a'],
  });
  expect(decide(policies([all, policy('d', deny('*'))]), read)).toEqual({ verdict: 'denied', explicit: true, keys: [], unreadable: [], by: [] });
});

it('is not slow on patterns made to be slow', () => {
  const nasty = `arn:aws:s3:::${'*a'.repeat(200)}b`;
  const started = performance.now();
  expect(verdict(policies([policy('a', allow('*', { Resource: nasty }))]), { ...read, resource: `arn:aws:s3:::${'a'.repeat(2000)}` })).toBe('denied');
  expect(performance.now() - started).toBeLessThan(2000);
});

/** A small universe, in which everything can be tried. */
const ACTIONS = ['a:x', 'a:y', 'b:x'];
const RESOURCES = ['r1', 'r2'];
const some = <Value>(...of: Value[]) => fc.subarray(of, { minLength: 1 });
const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: some('a:x', 'A:*', '*', 'b:X', '?:y'),
    Resource: some('r1', 'r2', '*', 'r?'),
    not: fc.boolean(),
    notResource: fc.boolean(),
    key: fc.constantFrom(null, 'p', 'q'),
  })
  .map(({ Effect, Action, Resource, not, notResource, key }) => ({
    Effect,
    [not ? 'NotAction' : 'Action']: Action,
    [notResource ? 'NotResource' : 'Resource']: Resource,
    ...(key === null ? {} : { Condition: { Bool: { [key]: 'true' } } }),
  }));
type Written = Readonly<Record<string, unknown>>;

/** The definition, in the plainest words, for a request of which everything is known. */
function allows(its: readonly Written[], action: string, resource: string, known: Readonly<Record<string, boolean>>): boolean {
  const glob = (pattern: string, text: string): boolean => {
    if (pattern === '') return text === '';
    if (pattern[0] === '*') return glob(pattern.slice(1), text) || (text !== '' && glob(pattern, text.slice(1)));
    return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && glob(pattern.slice(1), text.slice(1));
  };
  const speaks = ({ Action, NotAction, Resource, NotResource, Condition }: Written): boolean => {
    const any = (patterns: unknown, text: string) => (patterns as string[]).some((pattern) => glob(pattern.toLowerCase(), text));
    const [key = ''] = Object.keys((Condition as { Bool: object } | undefined)?.Bool ?? {});
    return (
      (Action ? any(Action, action) : !any(NotAction, action)) &&
      (Resource ? any(Resource, resource) : !any(NotResource, resource)) &&
      (key === '' || known[key] === true)
    );
  };
  const effects = its.filter(speaks).map(({ Effect }) => Effect);
  return !effects.includes('Deny') && effects.includes('Allow');
}

it('says of any request what the definition says, and unknown only where what is not known decides', () => {
  fc.assert(
    fc.property(
      fc.array(statement, { maxLength: 4 }),
      fc.option(fc.array(statement, { maxLength: 2 })),
      fc.array(statement, { maxLength: 2 }),
      (own, bound, control) => {
        const its = policies([policy('own', ...own)], {
          boundary: bound === null ? null : [policy('bound', ...bound)],
          controls: [[policy('control', ...control)]],
        });
        for (const action of ACTIONS) {
          for (const resource of RESOURCES) {
            const worlds = [false, true].flatMap((p) => [false, true].map((q) => ({ p, q })));
            const each = worlds.map((known) => [own, ...(bound === null ? [] : [bound]), control].every((set) => allows(set, action, resource, known)));
            const said = decide(its, { action, resource, context: new Map() });
            // Sure where it says so; and where it does not, each key is open by itself: it may be more careful than it must.
            if (said.verdict !== 'unknown') expect(each).toEqual(worlds.map(() => said.verdict === 'allowed'));
            else expect(said.keys.length).toBeGreaterThan(0);
            for (const [place, { p, q }] of worlds.entries()) {
              const known = decide(its, { action, resource, context: contextOf({ p: String(p), q: String(q) }) });
              expect(known.verdict).toBe(each[place] ? 'allowed' : 'denied');
            }
          }
        }
      },
    ),
    { numRuns: 400 },
  );
});
