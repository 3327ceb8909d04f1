import { hours } from '../core/instant.ts';
import { lateReport } from './additions.ts';
import { CHANGE_DAYS, type Change, changesOf, wrongChange } from './changes.ts';
import { AUDIT_DAYS } from './github-audit-stories.ts';
import { looseningIds } from './github-audit.ts';
import { DEPLOYMENT_DAYS, deploymentsOf, lastBefore } from './github-deployments.ts';
import { ACCESS_CAST } from './okta-access-stories.ts';
import { LOG_CAST } from './okta-stories.ts';
import { REVIEW_CAST } from './review-stories.ts';
import { MOVES, STATED_DAYS } from './stated-stories.ts';
import type { StatedEntry } from './statements.ts';
import { DAYS, during } from './stories.ts';
import { trackedOf } from './tracker.ts';
import type { TrackerWrong } from './tracker-stories.ts';
import { person, type World } from './world.ts';

/** What the register says of one finding, when it was closed. An item is named by its label, or where two have the same by its key. */
interface Closing {
  readonly check: string;
  readonly item: string | StatedEntry;
  readonly title: string;
  readonly reason: string;
}

/** What happened once cannot be undone: of all that did before the half year that is observed, what was done about it. */
export const closings = (world: World): readonly Closing[] => [...ofAccess(world), ...ofReviews(world), ...ofChanges(world), ...ofDeployments(world)];

const closed = (title: string, reason: string, checks: readonly string[], items: readonly Closing['item'][]): readonly Closing[] =>
  checks.flatMap((check) => items.map((item) => ({ check, item, title, reason })));

function ofAccess(world: World): readonly Closing[] {
  const email = (place: number) => person(world, place).email;
  const created = ['visitor@acme.example in okta: created'];
  const late = `${email(LOG_CAST.lateLeaver)} in okta: deactivated`;
  const byHand = ['visitor@acme.example in okta: deactivated', late];
  const own = `${email(LOG_CAST.selfGranter)} in okta: role-added`;
  const byName = `${email(ACCESS_CAST.directly)} in okta: app-added`;
  const why = 'accounts come from the synchronisation alone since then, and who may make one by hand is two people';
  return [
    ...closed('Accounts by hand', why, ['account-creations-matched', 'provisioning-automated'], created),
    ...closed('Accounts closed by hand', why, ['provisioning-automated'], byHand),
    ...closed('A leaver told too late', 'people operations tell of every departure in the system before the last day', ['deactivations-matched'], [late]),
    ...closed(
      'Rights without a request',
      'each was looked into and taken away; the desk refuses what has no ticket',
      ['access-grants-requested'],
      ['visitor@acme.example in okta: created', own, byName],
    ),
    ...closed('A role of one’s own', 'administrators were shown how the other grants it', ['admin-roles-granted-by-others'], [own]),
    ...closed('A password alone', 'the exception for the office network was taken out', ['second-factor-used'], [`session of ${email(3)} in okta`]),
    ...closed(
      'Change by a shared login',
      'who it was is known; the login loses its rights, and then goes',
      ['admin-changes-attributed'],
      ['zone.update by ops-shared@acme.example in okta'],
    ),
    ...closed(
      'A look allowed too late',
      'support cannot open a session without a word of the lead any more',
      ['privileged-sessions-allowed'],
      ['database session PS-5 in aws'],
    ),
    ...closed(
      'Emergency access unseen',
      'it was looked into, and whoever uses it now is called the next day',
      ['break-glass-reviewed'],
      ['break-glass session PS-3 in aws'],
    ),
  ];
}

function ofReviews(world: World): readonly Closing[] {
  const fourth = 'Access to the cloud, the code and the directory, fourth review';
  const [extra, own] = [person(world, REVIEW_CAST.extraAdmin).id.replace('-', ''), 1000 + Number(person(world, REVIEW_CAST.ownDecision).id.slice(2))];
  const campaign = ['access-reviews-completed', 'access-review-decisions-considered', 'access-review-populations-decided'];
  const why = 'the fifth review was held with two reviewers for each system, a week for it, and a list that closes only when it is done';
  return [
    ...closed('The fourth review', why, campaign, [fourth]),
    ...closed('A decision on one’s own access', why, ['access-review-decisions-independent'], [`keep Core of ${own} in github`]),
    ...closed(
      'Taken away too late',
      'it is gone',
      ['review-revocations-executed', 'review-revocations-proven'],
      [`revoke administrators of AIDAACME${extra} in aws`],
    ),
    ...closed(
      'A mover whom nobody looked at',
      'what they held was looked through in the fifth review',
      ['mover-access-reviewed'],
      [`${person(world, MOVES['M-3'].place).id} to Finance`],
    ),
    ...closed('A late report', 'the report is made by a job now', ['access-reports-delivered'], [`Access in ${lateReport(world)}`]),
    ...closed(
      'Customers not apart',
      'the way was closed, and five tests have found none since',
      ['isolation-failures-mended'],
      [`isolation test IT-${STATED_DAYS.isolation.failed} of web`],
    ),
    ...closed('Drift of a bucket', 'it is as declared again', ['drift-resolved'], ['drift of aws_s3_bucket.exports']),
  ];
}

const bypassLabel = (it: Change): string => `bypass by ${it.actor.login} in acme/${it.repo} (${short(it)})`;
const short = ({ sha }: Pick<Change, 'sha'>): string => sha.slice(0, 12);

function ofChanges(world: World): readonly Closing[] {
  const all = changesOf(world);
  const wrong = (name: keyof typeof CHANGE_DAYS): Change => wrongChange(world, name);
  const pull = ({ repo, pullRequest }: Change): string => `#${pullRequest?.number} in acme/${repo}`;
  const commit = (change: Change): string => `${short(change)} in acme/${change.repo}`;
  const unseen = [wrong('directPush'), wrong('bypass')].map(commit);
  const widened = world.ago(DAYS.bypass.since);
  const unruled = all.filter(
    ({ repo, landedAt }) => (repo === 'billing' && during(world, landedAt, DAYS.unprotected)) || (widened <= landedAt && landedAt < widened + hours(36)),
  );
  const ids = looseningIds(world);
  const edit = (key: string): StatedEntry => ({ source: 'github/audit-log/acme', key });
  const ticketed = (names: readonly TrackerWrong[]) => names.flatMap((name) => trackedOf(world).changes.filter((it) => it.wrong === name));
  const named = (names: readonly TrackerWrong[]) => ticketed(names).map(({ key, title }) => `${key} ${title}`);
  const under = ticketed(['lateApproval', 'withdrawn']).flatMap(({ key }) => all.filter(({ pullRequest }) => pullRequest?.body.includes(key)).map(pull));
  const looked = 'what was changed was read again by somebody else, and nothing had to be taken back';
  return [
    ...closed('Pushed past every review', looked, ['commits-landed-through-review'], [...unseen, commit(wrong('reviewedBypass'))]),
    ...closed('Pushed, and seen too late', looked, ['direct-pushes-reviewed'], unseen),
    ...closed('Around the rules', looked, ['rule-bypasses-reviewed'], [bypassLabel(wrong('bypass'))]),
    ...closed('Merged past the rules', looked, ['rule-overrides-reviewed'], [`protected_branch.policy_override main in acme/${AUDIT_DAYS.overrides[1].repo}`]),
    ...closed(
      'Merged without an approval',
      looked,
      ['changes-independently-approved', 'unapproved-changes-reviewed'],
      [wrong('lateCommit'), wrong('unreviewed')].map(pull),
    ),
    ...closed('Merged with a failed check', looked, ['required-checks-passed'], [pull(wrong('failedCheck'))]),
    ...closed('Merged while the rules were loose', looked, ['changes-landed-under-rules'], unruled.map(commit)),
    ...closed('No ticket', 'the pull request template asks for one', ['changes-ticketed'], [pull(wrong('unticketed'))]),
    ...closed(
      'Rules loosened',
      'the rules are changed by code and its review since then',
      ['rule-loosenings-approved'],
      [edit(ids.rulesOff), edit(ids.bypass), 'repository_secret_scanning_push_protection.disable in acme/data-pipeline'],
    ),
    ...closed('Rules left loose', 'the release tool needs it, and a waiver says for how long', ['rule-loosenings-undone'], [edit(ids.bypass)]),
    ...closed(
      'Tickets with gaps',
      'leads look through open tickets on Mondays',
      ['change-tickets-completed'],
      named(['selfApproved', 'lateApproval', 'withdrawn', 'neverClosed']),
    ),
    ...closed('No way back', 'the ticket template asks how a change is undone', ['rollback-plans-recorded'], named(['noRollback'])),
    ...closed('Merged under a ticket that was not approved', looked, ['change-tickets-approved'], under),
    ...closed('An emergency', looked, ['emergency-changes-few', 'emergency-changes-reviewed'], named(['emergencyUnreviewed'])),
  ];
}

function ofDeployments(world: World): readonly Closing[] {
  const all = deploymentsOf(world);
  const { untested, rolledBackLate } = DEPLOYMENT_DAYS;
  const label = ({ repo, sha }: { readonly repo: string; readonly sha: string }): string => `acme/${repo} to production (${sha.slice(0, 12)})`;
  const byHand = all.filter(({ run }) => run === null).map(label);
  const skipped = all.filter(({ run, approver }) => run !== null && approver === null).map(label);
  const careless = [lastBefore(world, untested.repo, world.ago(untested.day, 24))].flatMap((it) => it ?? []).map(label);
  const taken = all.filter(({ repo, at }) => repo === rolledBackLate.repo && at === world.ago(rolledBackLate.day, 18)).map(label);
  const around = (['bypass', 'reviewedBypass'] as const).flatMap((name) => {
    const { day, repo } = CHANGE_DAYS[name];
    return changesOf(world).filter((change) => change.repo === repo && change.landedAt === world.ago(day, 17));
  });
  return [
    ...closed(
      'Deployed by hand',
      'nobody but the pipeline can deploy any more',
      ['deployments-made-by-pipeline', 'deployments-verified', 'deployments-approved'],
      byHand,
    ),
    ...closed('Deployed without a word', 'the environment asks for two', ['deployments-approved'], skipped),
    ...closed('Deployed untested', 'the pipeline asks for the tests of the commit itself', ['deployed-commits-tested'], careless),
    ...closed('Taken back too late', 'whoever deploys stays until the smoke test has passed', ['failed-deployments-reversed'], taken),
    ...closed('Deployed without a scan', 'what was pushed was scanned afterwards, and nothing was found', ['security-checks-passed'], around.map(label)),
  ];
}
