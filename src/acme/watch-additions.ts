import { ACCOUNT } from './aws.ts';
import { EXPORT_DAYS, unlisted } from './export-stories.ts';
import { DEPLOYMENT_DAYS } from './github-deployments.ts';
import type { Addition, StatedEntry } from './statements.ts';
import { WATCH_CAST, WATCH_DAYS } from './watch-stories.ts';
import { person, type World } from './world.ts';

/** What was changed of clauses since they were first stated, and what the register of findings says of what cannot be undone. */
export function watchAdditions(world: World): readonly Addition[] {
  const amend = (day: number, register: string, id: string, message: string, more: StatedEntry): Addition => ({
    ...{ day, by: 2, merger: 1, message, register, entries: [], amends: { [id]: more } },
  });
  return [
    amend(WATCH_DAYS.unboundClause, 'policy-clauses', 'PC-3', 'Shared files are bound to their setting', {
      ...{ resource: 'aws_efs_file_system.shared', attribute: 'encrypted' },
    }),
    {
      ...{ day: 139, by: 1, merger: 0, message: 'What pages and the trail of the cloud told of before the half year', register: 'findings' },
      entries: closings(world),
    },
    {
      ...{ day: EXPORT_DAYS.listed, by: 2, merger: 1, message: 'The list of the class', register: 'findings' },
      entries: [
        {
          ...{ id: 'F-301', title: 'A class without a list', check: 'training-records-proven', item: unlisted(world), status: 'closed' },
          ...{ reason: 'the list is lost; who was there passed the course in the training system too', owner: person(world, 2).id },
        },
      ],
    },
  ];
}

function closings(world: World): readonly StatedEntry[] {
  const opener = person(world, WATCH_CAST.portOpener).email;
  const { day, repo } = DEPLOYMENT_DAYS.rolledBackLate;
  const slept = `QD${day}ACME Checkout answers 500 in ${repo}`;
  const port = 'the port was closed within the hour and nothing had come in; whoever needs one asks for a ticket first';
  const duty = 'the phone of who was on duty was muted: two people are called at once since then';
  const told = [
    ['hand-changes-ticketed', `ec2:AuthorizeSecurityGroupIngress by ${opener} in ${ACCOUNT}`, 'A port opened by hand', port],
    ['hand-changes-ticketed', `ec2:RevokeSecurityGroupIngress by ${opener} in ${ACCOUNT}`, 'A port closed by hand', port],
    ['alerts-acknowledged', slept, 'Slept through', duty],
    ['alerts-escalated', slept, 'Slept through', duty],
    ['alerts-investigated', 'QX1ACME Sign-ins from two continents', 'Closed without a word', 'it was a colleague behind a relay; the form asks for a note now'],
  ] as const;
  return told.map(([check, item, title, reason], place) => ({
    ...{ id: `F-${201 + place}`, title, check, item, status: 'closed', reason, owner: person(world, 2).id },
  }));
}
