import { html } from 'hono/html';
import type { ArtifactView, LogStatus, RecordLine, RecordView, Scrubbed, SourceLine } from '../../app/views.ts';
import { type Instant, iso } from '../../core/instant.ts';
import { spokenDuration, spokenInstant } from '../../core/spoken.ts';
import { glyph, status } from '../glyphs.ts';
import { type Frame, type Html, link, shell } from '../shell.ts';

const size = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

/** What was kept, newest first. */
export function recordsPage(
  frame: Frame,
  lines: readonly RecordLine[],
  { older, scrubbed: { running, last }, status: { attended } }: { readonly older: number | null; readonly scrubbed: Scrubbed; readonly status: LogStatus },
): Html {
  return shell(
    frame,
    { title: 'Log', crumbs: [{ text: 'Log' }], section: 'Log' },
    html`
<h1>The log holds ${frame.posture.checkpoint.size} records under one signed root.</h1>
<p class="sub">Origin <code>${frame.posture.checkpoint.origin}</code>, root <code>${frame.posture.checkpoint.root}</code>. Each run of each source is one record, whether it succeeded or not.</p>
${readAgain(running, last)}
${confirmed(attended)}
<section class="panel"><div class="scroll"><table><thead><tr><th scope="col" class="num">Record</th><th scope="col">What</th><th scope="col">Outcome</th><th scope="col">Sealed</th></tr></thead><tbody>${lines.map((line) => html`<tr><td class="num"><a class="link mono" href="${link(`/records/${line.index}`, frame)}">#${line.index}</a></td><td>${line.title}</td><td>${outcome(line)}</td><td class="nowrap">${spokenInstant(line.sealedAt)}</td></tr>`)}</tbody></table></div>
${older === null ? '' : html`<p class="foot"><a class="link" href="/records?before=${older}">Older</a></p>`}</section>`,
  );
}

/** Who outside has confirmed where the log stands: without any, its history rests on the word of whoever holds its key. */
function confirmed({ standings, witnessed, timestamped, quorum, complaints }: LogStatus['attended']): Html {
  if (standings.length === 0)
    return html`<p class="sub">Nobody outside has confirmed it: tickmark.yaml names no witness and no time-stamping authority. Whoever holds its key could still write it anew, unless somebody keeps a checkpoint (<code>tickmark log pin</code>).</p>`;
  const has = (kind: (typeof standings)[number]['kind']) => standings.some((it) => it.kind === kind);
  return html`<section class="panel"><div class="sec"><h2>Confirmed outside</h2><span class="note">${has('witness') ? `the newest checkpoint is ${witnessed ? '' : 'un'}witnessed (${quorum} needed)` : 'no witness'}, ${has('authority') ? `${timestamped ? '' : 'un'}timestamped` : 'no timestamps'}</span></div>
${complaints.map(({ code, says }) => html`<p class="notice" role="note"><b>${code}</b> ${says}.</p>`)}
<div class="scroll"><table><thead><tr><th scope="col">Who</th><th scope="col">Newest it confirmed</th><th scope="col">When</th><th scope="col">Trouble</th></tr></thead><tbody>${standings.map(
    ({ kind, name, newest, current, trouble }) =>
      html`<tr><td>${glyph(current ? 'pass' : 'unknown')} ${name} <span class="sub2">${kind === 'witness' ? 'witness' : 'time-stamping authority'}</span></td><td>${newest === null ? 'nothing yet' : `size ${newest.size}`}</td><td class="nowrap">${newest === null ? '' : spokenInstant(newest.at)}</td><td>${trouble === null ? '' : trouble.says}</td></tr>`,
  )}</tbody></table></div></section>`;
}

/** When everything was last read again from the disk, and what that found. */
function readAgain(running: Scrubbed['running'], last: Scrubbed['last']): Html {
  const now = running === null ? '' : ` It is being read again: ${running.position} of ${running.size} records so far.`;
  if (last === null) return html`<p class="sub">It has not been read again from the disk yet.${now} <code>tickmark log fsck</code> does so at once.</p>`;
  const [first] = last.problems;
  const when = spokenInstant(last.finishedAt ?? last.startedAt);
  if (!first)
    return html`<p class="sub">Read again from the disk ${when}, up to record ${last.size}: ${last.payloads} payloads, ${last.disposed} of them disposed of, no damage.${now}</p>`;
  return html`<p class="notice bad" role="alert"><b>Damage.</b> Reading it again ${when} found ${last.problems.length} problems, the first at ${first.file ?? 'no file'}${first.index === null ? '' : `, record ${first.index}`}: ${first.says}. Run <code>tickmark log fsck</code>, and keep a copy of the state folder.</p>`;
}

function outcome({ outcome: of, reason }: Pick<RecordLine, 'outcome' | 'reason'>): Html {
  if (of !== 'success' && of !== 'failure' && of !== 'skip') return html`sealed${reason === null ? '' : `: ${reason}`}`;
  if (of === 'success') return html`${glyph('pass')} complete`;
  return html`${glyph('unknown')} <b class="c-unknown">${of === 'skip' ? 'skipped' : 'incomplete'}</b> ${reason ?? ''}`;
}

/** What was said, of whom, how completely, and that it is unaltered. */
export function recordPage(frame: Frame, { record, proof, included, rows, unreadable }: RecordView): Html {
  const { body } = record;
  const title =
    body.kind === 'run'
      ? `${body.collector.id} ${body.name}, as it answered at ${spokenInstant(body.startedAt)}`
      : body.kind === 'configuration'
        ? `Configuration, as it stood at ${spokenInstant(record.sealedAt)}`
        : body.kind === 'draw'
          ? `A sample of ${body.size}, drawn ${spokenInstant(record.sealedAt)} from the ${body.count} items of ${body.control}, ${body.check}`
          : body.kind === 'attestation'
            ? `A statement about ${body.register}, made ${spokenInstant(body.at)}${body.authenticated ? '' : ', not authenticated'}`
            : `Record of a ${body.kind} ${body.step}, ${spokenInstant(record.sealedAt)}`;
  return shell(
    frame,
    { title: `Record ${record.index}`, crumbs: [{ text: 'Log', href: '/records' }, { text: `Record ${record.index}` }], section: 'Log' },
    html`
<h1>${title}</h1>
<p class="sub">Record ${record.index}, sealed ${spokenInstant(record.sealedAt)}${record.demo ? ', demo' : ''}.${body.kind === 'run' ? ` Run ${record.seq} of ${body.collector.id} ${body.name} on ${body.partition}.` : ''}</p>
${
  included
    ? html`<p class="verified"><span>${glyph('pass')}</span><span><b>Included.</b> ${proof.hashes.length} hashes lead from this record to the root that ${proof.checkpoint.origin} signed at size ${proof.checkpoint.size}. Recomputed just now, on this server.</span></p>`
    : html`<p class="notice bad" role="alert"><b>Altered.</b> The hashes do not lead to the signed root. Run <code>tickmark log verify</code> and keep a copy of the state folder.</p>`
}
${record.disposed === null ? '' : html`<p class="notice" role="note"><b>DISPOSED.</b> Its evidence was disposed of in <a class="link" href="${link(`/records/${record.disposed.by}`, frame)}">record ${record.disposed.by}</a> on ${spokenInstant(record.disposed.at)}. What it said in the open is left, and that it was in the log. Nothing that rests on it is shown as passing.</p>`}
${body.kind === 'disposal' || body.kind === 'hold' ? html`<p class="notice" role="note">${body.kind === 'disposal' ? `By ${body.approver ?? 'nobody any more'}, of ${body.era}` : `By ${body.by ?? 'nobody any more'}`}: ${body.reason ?? 'why was disposed of'}</p>` : ''}
${body.kind === 'draw' ? html`<p class="notice" role="note">Period ${spokenInstant(body.period.from)} up to ${spokenInstant(body.period.to)}, as of ${spokenInstant(body.asOf)}; population <code>${body.digest}</code>; seed ${body.seed === null ? 'disposed of' : html`<code>${body.seed}</code>`}.</p>` : ''}
${body.kind === 'attestation' ? html`<p class="notice" role="note">${body.by ?? 'Somebody'} ${body.act === 'approve' ? 'approves' : body.act === 'withdraw' ? 'withdraws' : 'states'} ${body.entryId ?? 'an entry that was disposed of'} of ${body.register}${body.keyId === null ? ', without a signature' : html`, signed by the key <code>${body.keyId}</code>`}${body.authenticated ? html`, which record ${body.binding ?? ''} shows bound to that address` : '. Nothing shows that it was them: it counts as a statement of fact, and approves nothing'}.</p>` : ''}
${body.kind === 'run' && body.reason !== null ? html`<p class="notice" role="note">Incomplete: ${body.reason} Nothing that rests on this run is shown as passing.</p>` : ''}
${unreadable === null ? '' : html`<p class="notice" role="note">The answers were sealed, but could not be read: ${unreadable}</p>`}
${body.kind === 'run' && body.endpoint !== null ? html`<p class="notice" role="note">Asked of ${body.endpoint} in place of the vendor’s own address.</p>` : ''}
<div class="two"><div>
<section class="panel"><div class="sec"><h2>Artifacts</h2><span class="note">${record.subjects.length}, byte for byte</span></div><div class="scroll"><table><thead><tr><th scope="col">Name</th><th scope="col">Asked</th><th scope="col" class="num">Answer</th><th scope="col" class="num">Size</th><th scope="col">SHA-256</th></tr></thead><tbody>${record.subjects.map((subject) => html`<tr><td><a class="link mono" href="/records/${record.index}/artifacts/${encodeURIComponent(subject.name)}">${subject.name}</a></td><td class="mono wrap">${subject.request.method} ${subject.request.url}</td><td class="num">${subject.status}</td><td class="num">${size(subject.size)}</td><td class="mono" title="${subject.sha256}">${subject.sha256.slice(0, 12)}…</td></tr>`)}</tbody></table></div></section>
${body.kind === 'run' ? envelope(body) : ''}
${body.kind === 'run' ? questions(body.questions) : ''}
</div><div>
<section class="panel"><div class="sec"><h2>Statement</h2><span class="note">${body.kind === 'run' ? 'signed by the collector' : 'signed by the workspace'}</span></div><dl class="kv pad"><dt>Digest</dt><dd class="mono">${record.digest}</dd><dt>Not before</dt><dd>checkpoint of size ${record.afterCheckpoint.size} existed when it was signed</dd>${
      body.kind === 'run'
        ? html`<dt>Asked</dt><dd>${spokenInstant(body.startedAt)} to ${spokenInstant(body.finishedAt)}</dd><dt>Collector</dt><dd>${body.collector.id}, version ${body.collector.version}</dd><dt>Outcome</dt><dd>${status(body.outcome === 'success' ? 'pass' : 'unknown')}</dd>`
        : ''
    }${rows === null ? '' : html`<dt>Rows it gave</dt><dd>${Object.entries(rows).map(([dataset, count]) => html`<span class="mono">${dataset}</span> ${count}<br>`)}</dd>`}</dl></section>
<section class="panel"><div class="sec"><h2>Inclusion proof</h2><span class="note">from leaf to root</span></div><ol class="ladder pad"><li><span>leaf</span><code>${proof.leafHash}</code></li>${proof.hashes.map((hash, place) => html`<li><span>${place + 1}</span><code>${hash}</code></li>`)}<li><span>root</span><code>${proof.checkpoint.root}</code></li></ol><pre class="pad">${proof.note}</pre></section>
</div></div>`,
  );
}

/** By whose word and under whose name the answers were given. */
function envelope({
  askedAs,
  answeredBy,
  granted,
  clockSkew,
}: {
  readonly askedAs: string | null;
  readonly answeredBy: string | null;
  readonly granted: readonly string[] | null;
  readonly clockSkew: number | null;
}) {
  const skew = clockSkew === null ? 'the source shows no clock' : clockSkew === 0 ? 'none' : `${Math.round(clockSkew / 1000)} s`;
  return html`<section class="panel"><div class="sec"><h2>Who asked, and who answered</h2><span class="note">by the source’s own word</span></div><div class="scroll"><table><tbody><tr><th scope="row">Asked as</th><td class="mono wrap">${askedAs ?? 'the source does not say'}</td></tr><tr><th scope="row">Answered by</th><td class="mono">${answeredBy ?? 'the source does not say'}</td></tr><tr><th scope="row">Rights of the credential</th><td>${granted?.join(', ') ?? 'the source does not say'}</td></tr><tr><th scope="row">Clock of the source against ours</th><td>${skew}</td></tr></tbody></table></div></section>`;
}

function questions(
  its: readonly {
    readonly name: string;
    readonly request: { readonly method: string; readonly url: string };
    readonly pages: number;
    readonly ended: boolean;
    readonly received: number | null;
    readonly total: number | null;
  }[],
): Html {
  return html`<section class="panel"><div class="sec"><h2>Completeness and accuracy</h2><span class="note">each question, and whether its answer was whole</span></div><div class="scroll"><table><thead><tr><th scope="col">Question</th><th scope="col">Request</th><th scope="col" class="num">Pages</th><th scope="col">Read to its end</th><th scope="col">Received</th></tr></thead><tbody>${its.map((it) => html`<tr><td class="mono">${it.name}</td><td class="mono wrap">${it.request.method} ${it.request.url}</td><td class="num">${it.pages}</td><td>${it.ended ? html`${glyph('pass')} yes` : html`${glyph('unknown')} no`}</td><td>${it.received === null ? 'not counted' : it.total === null ? `${it.received}, the source gives no total` : `${it.received} of ${it.total}`}</td></tr>`)}</tbody></table></div></section>`;
}

/** The bytes, as said. */
export function artifactPage(frame: Frame, index: number, { subject, bytes }: ArtifactView): Html {
  return shell(
    frame,
    {
      title: subject.name,
      crumbs: [{ text: 'Log', href: '/records' }, { text: `Record ${index}`, href: `/records/${index}` }, { text: subject.name }],
      section: 'Log',
    },
    html`
<h1>${subject.name}, as it was said</h1>
<p class="sub">${subject.request.method} <code>${subject.request.url}</code> answered ${subject.status} with ${size(subject.size)}. SHA-256 <code>${subject.sha256}</code>, checked against the sealed record. <a class="link" href="?bytes">Download the bytes</a></p>
<section class="panel"><pre class="code" tabindex="0">${readable(bytes)}</pre></section>`,
  );
}

/** JSON folded open; anything else as it is. Control and bidirectional characters are shown as escapes. */
function readable(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 400_000));
  return indented(text).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function indented(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // not JSON after all, or cut at the limit: shown as it is
  }
}

/** Does each system tell us everything. */
export function sourcesPage(frame: Frame, lines: readonly SourceLine[], now: Instant): Html {
  const partial = lines.filter(({ last }) => last === null || !last.complete).length;
  return shell(
    frame,
    { title: 'Sources', crumbs: [{ text: 'Sources' }], section: 'Sources' },
    html`
<h1>${partial === 0 ? 'Every source gave a complete answer when it was last asked.' : `${partial} of ${lines.length} sources gave no complete answer when last asked.`}</h1>
<section class="panel"><div class="scroll"><table><thead><tr><th scope="col">Source</th><th scope="col">Asked of</th><th scope="col">Last run</th><th scope="col">Outcome</th><th scope="col">Every</th><th scope="col">Next</th></tr></thead><tbody>${lines
      .toSorted((a, b) => Number(a.last?.complete ?? false) - Number(b.last?.complete ?? false))
      .map(
        ({ collector, name, partition, every, last, nextAt }) =>
          html`<tr><td><b>${collector}</b> ${name}</td><td class="mono">${partition}</td><td class="nowrap">${last === null ? 'never' : html`<a class="link" href="/records/${last.record}">${spokenInstant(last.at)}</a>`}</td><td>${last === null ? html`${glyph('unknown')} not asked yet` : outcome({ outcome: last.complete ? 'success' : 'failure', reason: last.reason })}</td><td>${every}</td><td class="nowrap">${nextAt === null ? 'by hand' : nextAt <= now ? 'due' : `in ${spokenDuration(nextAt - now)}`}</td></tr>`,
      )}</tbody></table></div></section>`,
  );
}

/** Why there is nothing to show, and what to do. */
export const problemPage = (frame: Frame | null, title: string, says: string): Html =>
  frame === null
    ? html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} · Tickmark</title><link rel="stylesheet" href="/tickmark.css"></head><body><main><h1>${title}</h1><p class="sub">${says}</p></main></body></html>`
    : shell(frame, { title, crumbs: [{ text: 'Posture', href: '/' }, { text: title }], section: '' }, html`<h1>${title}</h1><p class="sub">${says}</p>`);

export const fileName = (index: number, name: string, at: Instant): string => `record-${index}-${name.replace(/[^\w.-]+/g, '_')}-${iso(at).slice(0, 10)}`;
