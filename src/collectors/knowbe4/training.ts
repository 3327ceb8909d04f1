import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { hours, type Instant } from '../../core/instant.ts';
import { type Completion, completions } from '../../datasets/training/completions.ts';
import { type Course, courses } from '../../datasets/training/courses.ts';
import { arrayOf, pagesOf, parse, read, when } from '../answers.ts';
import { defineCollector, events, type Of, table } from '../collector.ts';
import type { Artifact, HttpSource } from '../source.ts';

const words = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((it) => it?.trim() || null);
const Learner = z.object({ id: z.int().nullish(), first_name: words, last_name: words, email: words, employee_number: words });
export const Enrollment = z.object({
  enrollment_id: z.int(),
  content_type: words,
  module_name: z.string().min(1),
  user: Learner,
  campaign_id: z.int().nullish(),
  store_purchase_id: z.int().nullish(),
  enrollment_date: when,
  completion_date: when,
  status: words,
  policy_acknowledged: z.boolean().nullish(),
});
export type Enrollment = z.infer<typeof Enrollment>;
export const Purchase = z.object({ store_purchase_id: z.int(), name: z.string().min(1), retired: z.boolean().nullish(), publish_date: words });
export const Policy = z.object({ policy_id: z.int(), name: z.string().min(1), status: words });
export const Campaign = z.object({ campaign_id: z.int(), name: words, status: words, content: z.array(z.object({ name: words })).nullish() });
const Account = z.object({ name: words, domains: z.array(z.string()).nullish() });

const list = z.array(z.string().min(1)).default([]);
export const KnowBe4Config = z.strictObject({
  region: z.enum(['us', 'eu', 'ca', 'uk', 'de']).describe('Where the account is kept: eu of training.eu.knowbe4.com'),
  domain: z.string().min(3).optional().describe('One of the mail domains of the account: another account that answers makes the run incomplete'),
  courses: z
    .record(
      z.string(),
      z.strictObject({
        kind: z.enum(['security-awareness', 'role-based', 'privacy', 'incident', 'other']),
        topics: list.describe('phishing, social-engineering, password-hygiene, data-handling, …'),
        audience: list.describe('Departments; everyone unless said'),
      }),
    )
    .default({})
    .describe('What a course is, by its title: KnowBe4 does not say, and a title proves nothing'),
  system: z.string().min(1).default('knowbe4').describe('Id of the system in the scope'),
});
type KnowBe4Config = z.infer<typeof KnowBe4Config>;

const PAGE = 500;
/** What was completed a moment ago may not be in the report yet. */
const LATENESS = hours(1);

export const knowbe4Training = defineCollector<KnowBe4Config, 'http'>({
  id: 'knowbe4/training',
  title: 'Courses and who completed them from KnowBe4, people who left among them',
  version: 1,
  transport: 'http',
  hosts: ({ region }) => [`${region}.api.knowbe4.com`],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/json', authorization: `Bearer ${token ?? ''}`, 'user-agent': 'tickmark' }),
  permissions: [{ right: 'Reporting API, which may only read', why: 'courses, campaigns and enrolments' }],
  credentials: { token: 'the token of the reporting API' },
  every: '1d',
  config: KnowBe4Config,
  feeds: [courses, completions],
  cannotTell: [
    'what a course teaches and for whom it is meant, but by the configuration',
    'that somebody entered a completion by hand: KnowBe4 does not tell it from what it recorded itself',
    'enrolments of people, and in campaigns, that were deleted',
    'an enrolment that moved from one page to another while they were read',
    'who asked: a token does not say whose it is',
  ],
  partitions: ({ region }) => [region],

  async *collect(source, { config: { domain } }) {
    const account = await source.get('account', '/v1/account');
    const { domains } = parse(account, Account);
    if (domain !== undefined && !domains?.some((it) => it.toLowerCase() === domain.toLowerCase()))
      throw new IncompleteError(`an account without the domain ${domain} answered (it has ${domains?.join(', ') || 'none'})`);
    yield account;
    yield* listed(source, 'store purchases', '/v1/training/store_purchases');
    yield* listed(source, 'policies', '/v1/training/policies');
    yield* listed(source, 'campaigns', '/v1/training/campaigns', 'exclude_percentages=true'); // with them, ten are the most
    yield* listed(source, 'enrollments', '/v1/training/enrollments', 'include_campaign_id=true&include_store_purchase_id=true&include_employee_number=true');
  },

  witness(artifacts) {
    return { askedAs: null, answeredBy: read(artifacts, 'account', Account).name, granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    const all = [...new Map(entries(artifacts, 'enrollments', Enrollment).map((it) => [it.enrollment_id, it])).values()];
    const until = Math.max(of.at - LATENESS, Math.min(of.since, of.at));
    return [
      table(courses, coursesIn(artifacts, all, of.config)),
      events(
        completions,
        all.map((it) => rowOf(it, of)),
        { from: Math.min(of.since, of.at), to: until },
      ),
    ];
  },
});

const Anything = z.array(z.unknown());

/** Pages are counted, and go on until one holds nothing: how many there are stands in no answer. */
function listed(source: HttpSource, name: string, path: string, query = ''): AsyncIterable<Artifact> {
  const url = (page: number) => `${path}?${query === '' ? '' : `${query}&`}per_page=${PAGE}&page=${page}`;
  let page = 1;
  return source.walk(name, url(1), (answer) => (parse(answer, Anything).length === 0 ? null : url(++page)));
}

const entries = <Entry>(artifacts: readonly Artifact[], question: string, schema: z.ZodType<Entry>): readonly Entry[] =>
  pagesOf(artifacts, question).flatMap((page) => parse(page, arrayOf(schema)));

/** What was bought, what the company put there itself, and whatever else somebody was enrolled in. */
function coursesIn(artifacts: readonly Artifact[], enrollments: readonly Enrollment[], config: KnowBe4Config): readonly Course[] {
  const running = new Set(
    entries(artifacts, 'campaigns', Campaign).flatMap(({ status, content }) =>
      status === 'In Progress' ? (content ?? []).flatMap(({ name }) => name ?? []) : [],
    ),
  );
  const used = (title: string): Course['active'] => (running.has(title) ? 'yes' : 'unknown');
  const bought = entries(artifacts, 'store purchases', Purchase).map(({ store_purchase_id: id, name, retired, publish_date: version }) =>
    courseOf(`store ${id}`, name, retired === true ? 'no' : used(name), version, config),
  );
  const policies = entries(artifacts, 'policies', Policy).map(({ name }) => courseOf(titled(name), name, used(name), null, config));
  const rest = enrollments.map((it) => courseOf(courseIdOf(it), it.module_name, used(it.module_name), null, config));
  return [...new Map([...rest, ...policies, ...bought].map((course) => [course.courseId, course])).values()].sort((a, b) => (a.courseId < b.courseId ? -1 : 1));
}

function courseOf(courseId: string, title: string, active: Course['active'], version: string | null, config: KnowBe4Config): Course {
  const [, declared] = Object.entries(config.courses).find(([its]) => its.toLowerCase() === title.toLowerCase()) ?? [];
  const { kind = 'unknown', topics = [], audience = [] } = declared ?? {};
  return { systemId: config.system, courseId, title, kind, topics, audience, active, version };
}

const titled = (title: string): string => `title ${title}`;
const courseIdOf = ({ store_purchase_id: id, module_name: title }: Enrollment): string => (id === null || id === undefined ? titled(title) : `store ${id}`);

function rowOf(enrollment: Enrollment, { config }: Of<KnowBe4Config>): Completion {
  const { enrollment_id: id, user, module_name: title, enrollment_date: assignedAt, completion_date: completedAt } = enrollment;
  const name = [user.first_name, user.last_name].flatMap((part) => part ?? []).join(' ');
  return {
    systemId: config.system,
    completionId: String(id),
    courseId: courseIdOf(enrollment),
    course: title,
    learnerId: user.id === null || user.id === undefined ? null : String(user.id),
    learner: name || user.email || `learner of enrolment ${id}`,
    learnerEmails: user.email === null ? [] : [user.email.toLowerCase()],
    hrId: user.employee_number,
    assignedAt,
    completedAt,
    passed: passedBy(enrollment),
    recordedBy: 'unknown',
    evidence: null,
    knownSince: knownSince(enrollment),
  };
}

const OPEN = /^(not started|in progress|past due|failed|incomplete|overdue)$/i;

/** Passed without a date is passed at no time that anybody could count. */
function passedBy({ status, completion_date: completedAt }: Enrollment): Completion['passed'] {
  if (status !== null && /^(passed|completed)$/i.test(status)) return completedAt === null ? 'unknown' : 'yes';
  return status !== null && OPEN.test(status) ? 'no' : 'unknown';
}

function knownSince({ enrollment_id: id, completion_date: completedAt, enrollment_date: assignedAt }: Enrollment): Instant {
  const since = completedAt ?? assignedAt;
  if (since === null) throw new RangeError(`enrolment ${id} has neither a date of completion nor one of enrolment`);
  return since;
}
