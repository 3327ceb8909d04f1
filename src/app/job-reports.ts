import { createHash } from 'node:crypto';
import type { Json } from '../core/canonical.ts';
import { type Duration, type Instant, minutes } from '../core/instant.ts';
import type { Act, Draft } from '../evidence/record.ts';
import { LONGEST } from '../evidence/record.ts';
import type { Job, Outcome } from '../jobs/means.ts';
import type { Message } from '../notify/channel.ts';
import { monthBefore } from './months.ts';
import type { JobHooks, PublishedReport } from './job-views.ts';
import { renderReport } from './render.ts';
import type { Context } from './schedule.ts';
import type { Workspace } from './views.ts';

interface Means {
  readonly context: Context;
  readonly workspace: Pick<Workspace, 'accessReview' | 'acts' | 'alerts'>;
  readonly hooks: JobHooks;
}

/** So long after the month has ended a report is sent: by then it is made. */
export const SENT_AFTER: Duration = minutes(5);

/** Which report a schedule sends, and by which channel. */
export interface Sending {
  readonly report: PublishedReport['report'];
  readonly channel: string;
}

/** Makes the report of the month that has ended, and keeps it in the log under its digest. One that was made before is that one. */
export async function publish(means: Means, slot: Instant): Promise<Outcome> {
  const { context, workspace, hooks } = means;
  const month = monthBefore(slot, context.configuration.file.timezone);
  const report = (await publishedIn(workspace, month)) ?? (await made(means, month));
  await hooks.reported?.(report);
  const { record, sha256 } = report;
  return { note: `access review of ${month}, record ${record}`, result: { month, record, sha256 } };
}

async function made({ context, workspace }: Means, month: string): Promise<PublishedReport> {
  const startedAt = context.clock();
  const document = await workspace.accessReview(month);
  const bytes = Buffer.from(renderReport(document, 'html'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const artifact = `access-review-${month}.html`;
  const target = `reports/${artifact}`;
  const act = draftOf(context, `report access-review ${month}`, { act: 'report-publish', target, says: { report: 'access-review', month, sha256 } });
  const subject = { name: artifact, mediaType: 'text/html', request: { method: 'MAKE', url: target, body: null }, status: 200, headers: {} };
  // Kept as long as the evidence that it quotes, and disposed of with it.
  const { retention: _, ...kept } = act;
  const [record = -1] = await context.archive.append([{ ...kept, subjects: [{ ...subject, startedAt, finishedAt: context.clock(), bytes }] }]);
  return { report: 'access-review', month, record, artifact, sha256 };
}

/** The report of a month as the log holds it; `null` where it was not made yet. */
async function publishedIn(workspace: Pick<Workspace, 'acts'>, month: string): Promise<PublishedReport | null> {
  const acts = await workspace.acts('report-publish');
  const its = acts.find(({ act }) => act.by === 'tickmark' && act.says?.month === month);
  if (!its) return null;
  return { report: 'access-review', month, record: its.record, artifact: `access-review-${month}.html`, sha256: String(its.act.says?.sha256) };
}

/** Sends the report of a month by one channel, and keeps in the log that it was sent. What the channel does not take is tried again. */
export async function send({ context, workspace }: Means, { slot, data, attempt }: Pick<Job, 'slot' | 'data' | 'attempt'>): Promise<Outcome> {
  const { report: id, channel } = data as unknown as Sending;
  const month = monthBefore(slot - SENT_AFTER, context.configuration.file.timezone);
  const report = await publishedIn(workspace, month);
  if (!report) return { note: `the access review of ${month} is not made yet`, again: true };
  const says = { ...saysOf(report), channel, attempts: attempt + 1 };
  const known = (await workspace.acts('report-send')).find(({ act }) => act.says?.month === month && act.says.channel === channel && act.act === 'report-send');
  if (known) return { note: `sent by ${channel} before, record ${known.record}`, result: { sent: known.record } };
  const sent = await workspace.alerts.send(channel, messageOf(report, channel));
  if (!sent.ok) return { note: `${channel} did not take the access review of ${month}: ${sent.because}`, again: true, hopeless: !sent.retry };
  const act = { act: 'report-send', target: `reports/${report.artifact}`, says };
  const [record = -1] = await context.archive.append([draftOf(context, `send ${id} ${month} ${channel}`, act)]);
  return { note: `access review of ${month} sent by ${channel}, record ${record}`, result: { sent: record } };
}

const saysOf = ({ report, month, record, sha256 }: PublishedReport) => ({ report, month, record, sha256 });

/** Its digest and where it is kept, and nothing of what it says: whoever may read it follows the link. */
function messageOf(
  report: PublishedReport,
  channel: string,
): Pick<Message, 'alert' | 'delivery' | 'says' | 'title' | 'lines' | 'report'> & { readonly path: string } {
  const { month, record, artifact, sha256 } = report;
  const name = `report-access-review-${month}`;
  return {
    alert: name,
    delivery: `${name}.${channel}`,
    says: 'reported',
    title: `The access review of ${month} is made`,
    lines: [`Record ${record} of the log, artifact ${artifact}`, `SHA-256 ${sha256}`],
    path: `/log/${record}`,
    report: { id: 'access-review', month, record, artifact, sha256 },
  };
}

/** That a report could not be sent for good is a record too. Again is fine. */
export async function recordUnsent(
  context: Context,
  { slot, data, note }: { readonly slot: Instant; readonly data: Json; readonly note: string },
): Promise<void> {
  const { report, channel } = data as unknown as Sending;
  const month = monthBefore(slot - SENT_AFTER, context.configuration.file.timezone);
  const act = { act: 'report-unsent', target: `reports/access-review-${month}.html`, says: { report, month, channel, because: note } };
  await context.archive.append([draftOf(context, `unsent ${report} ${month} ${channel} ${note}`, act)]);
}

/** An act of Tickmark itself; handed in again by another process it is sealed once. */
export function draftOf({ clock, demo }: Pick<Context, 'clock' | 'demo'>, id: string, { act, target, says }: Pick<Act, 'act' | 'target' | 'says'>): Draft {
  return {
    id: createHash('sha256').update(id).digest('hex').slice(0, 32),
    body: { kind: 'act', act, at: clock(), by: 'tickmark', target, says },
    demo: demo !== null,
    retention: LONGEST,
    subjects: [],
  };
}
