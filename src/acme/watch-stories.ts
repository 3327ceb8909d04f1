import { person, type World } from './world.ts';

/** What goes wrong with what runs, with what is changed by hand and with pages in the night, so many days before the last one. */
export const WATCH_DAYS = {
  /** An engineer opened a port in the evening and closed it again, without a ticket for either. */
  byHand: 199,
  /** A session that has no end was allowed in, and revoked when GitHub's tokens were looked through for the first time. */
  endlessToken: { allowed: 140, revoked: 3 },
  /** An image of somebody's own ran until the pipeline's took its place. */
  ownImage: { from: 6, to: 4 },
  /** A server in production ran without protection. */
  bareServer: { from: 52, to: 47 },
  /** A clause of a policy was bound to nothing. */
  unboundClause: 129,
  /** It was over before anybody wrote down what it had been. */
  unexplained: 190,
} as const;

export const WATCH_CAST = { tokenHolder: 16, portOpener: 2 } as const;

export function watchStories(world: World) {
  const story = (name: string, tells: string, check: string, item: string, open = false) => ({ name, tells, check, item, open });
  return [
    story(
      'port opened by hand',
      'an engineer opened a port of production by hand, and no ticket says why',
      'hand-changes-ticketed',
      `ec2:AuthorizeSecurityGroupIngress by ${person(world, WATCH_CAST.portOpener).email}`,
      true,
    ),
    story('endless token', 'a token that never ends could reach every repository', 'personal-tokens-limited', 'token release notes'),
    story('image of one’s own', 'for two days an image ran that no pipeline had built', 'running-artifacts-built', 'registry.acme.example/web:debug'),
    story('bare server', 'a jump host in production ran without protection against malicious software', 'servers-protected', 'jump-1'),
    story('unbound clause', 'a clause of a policy named nothing that measures or enforces it', 'policy-clauses-enforced', 'clause PC-3'),
    story('slept through', 'the shop was down, and nobody took the page until the morning', 'alerts-acknowledged', 'Checkout answers 500 in web', true),
    story('and not passed on', 'nor was it passed on to anybody else until then', 'alerts-escalated', 'Checkout answers 500 in web', true),
    story(
      'unexplained',
      'sign-ins from two continents were closed without a word of what they had been',
      'alerts-investigated',
      'Sign-ins from two continents',
      true,
    ),
  ];
}
