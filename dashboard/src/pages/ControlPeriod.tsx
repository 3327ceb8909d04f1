import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { spokenDuration, spokenRate } from '../../../src/core/spoken.ts';
import type { Answer } from '../api/ask.ts';
import { OverHead, scaleOf } from '../parts/ControlStrips.tsx';
import { Head, Tabs } from '../parts/Facts.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { Glyph, Status, shownAs } from '../parts/Status.tsx';
import { Told } from '../parts/Told.tsx';
import { StripAxis, StripLegend, StripRow, StripTable } from '../parts/Strip.tsx';
import { spoken, useShown, useTime } from '../time.ts';
import { Population } from './ControlPopulation.tsx';
import { SampleShown } from './Samples.tsx';

export type Over = Answer<'controls', 'period'>;
type CheckOver = Over['control']['checks'][number];

const TABS = ['deviations', 'checks', 'population', 'history'] as const;
type Tab = (typeof TABS)[number];

/** A control over the period: its strips, the sentence for the auditor, and what that rests on. */
export function Period({ over }: { readonly over: Over }) {
  const { control, populations, changes } = over;
  const time = useTime();
  const navigate = useNavigate();
  const shown = useShown();
  const tab = TABS.find((it) => it === shown) ?? 'deviations';
  const scale = scaleOf(over);
  const pick = (period: string) => void navigate({ to: '.', search: { ...time, period } });
  const deviating = control.checks.reduce((sum, { deviate }) => sum + deviate, 0);
  const unknown = control.checks.reduce((sum, { undetermined }) => sum + undetermined, 0);
  const names: Readonly<Record<Tab, string>> = {
    deviations: `Deviations ${deviating}${unknown > 0 ? `, unknown ${unknown}` : ''}`,
    checks: `Checks ${control.checks.length}`,
    population: 'Population and samples',
    history: `What changed ${changes.length}`,
  };
  return (
    <>
      <section className="panel strips" aria-label={`${control.id} over the period`}>
        <OverHead title={`${control.id} and its checks over the period`} period={over.period} />
        <StripAxis scale={scale} timezone={over.timezone} />
        <StripRow
          scale={scale}
          id={control.id}
          name={<b>{control.id} as a whole</b>}
          status={<Glyph of={shownAs(control)} />}
          intervals={control.intervals}
          whole
          onPick={pick}
        />
        {control.checks.map((check) => (
          <StripRow
            key={check.id}
            scale={scale}
            id={check.id}
            name={<a href={`#${check.id}`}>{check.id}</a>}
            status={<Glyph of={shownAs(check)} />}
            intervals={check.intervals}
            onPick={pick}
          />
        ))}
        <StripLegend />
        <StripTable scale={scale} of={[control, ...control.checks]} />
      </section>
      <Quote over={over} />
      <Tabs label="Of this control" names={names} shown={tab} onShow={(show) => void navigate({ to: '.', search: { ...time, show } })} />
      <div role="tabpanel" id="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'deviations' && <Deviations over={over} />}
        {tab === 'checks' && control.checks.map((check) => <Check key={check.id} check={check} />)}
        {tab === 'population' && (
          <>
            <SampleShown control={control.id} />
            {control.checks.map((check) => (
              <Population key={check.id} control={control.id} check={check} digest={populations.find((it) => it.check === check.id)} />
            ))}
          </>
        )}
        {tab === 'history' && <History over={over} />}
      </div>
    </>
  );
}

/** The sentence for the auditor, and what it rests on. */
function Quote({ over: { control, populations, checkpoint, catalog, code, asOf } }: { readonly over: Over }) {
  const [copied, setCopied] = useState(false);
  const cited = [
    control.quote,
    ...populations.map(({ check, count, digest }) => `Population of ${check}: ${count}, SHA-256 ${digest}.`),
    `Log ${checkpoint.origin} ${checkpoint.size} ${checkpoint.root}, catalog ${catalog}, code ${code}, as of ${asOf}.`,
  ].join('\n');
  return (
    <blockquote className="quote">
      {control.quote}
      <div className="meta">
        {populations.length === 1 && populations[0] ? (
          <>
            Population digest <code title={populations[0].digest}>{populations[0].digest.slice(0, 12)}…</code> ·{' '}
          </>
        ) : (
          ''
        )}
        <button type="button" className="linkish" onClick={() => void navigator.clipboard.writeText(cited).then(() => setCopied(true))}>
          {copied ? 'Copied' : 'Copy with citation'}
        </button>
      </div>
    </blockquote>
  );
}

function Deviations({ over }: { readonly over: Over }) {
  const until = Date.parse(over.until);
  const rows = over.control.checks
    .flatMap((check) => [
      ...check.deviations.map((it) => ({
        ...it,
        check: check.id,
        of: it.waiver === null ? ('fail' as const) : ('waived' as const),
        label: it.item.label,
        of2: it.item.source,
      })),
      ...check.unknowns.map((it) => ({
        ...it,
        check: check.id,
        of: 'unknown' as const,
        waiver: null,
        label: it.items[0] ? `${it.items[0].label}${it.count > 1 ? ` and ${it.count - 1} more` : ''}` : 'The population',
        of2: it.items[0]?.source ?? '',
      })),
    ])
    .map((row) => ({ ...row, still: row.to === null || Date.parse(row.to) >= until }))
    .toSorted((a, b) => Number(b.still) - Number(a.still) || (b.lasted ?? 0) - (a.lasted ?? 0));
  if (rows.length === 0) return <p className="none">Nothing deviates in this period, and nothing is unknown.</p>;
  return (
    <section className="panel">
      <div className="scroll">
        <table>
          <Head of={[{ listen: 'Outcome' }, 'Item', 'Because', 'Since', { num: 'Lasted' }, 'Evidence']} />
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.check} ${row.label} ${row.of2} ${row.from} ${row.because}`} data-row>
                <td>
                  <Glyph of={row.of} />
                </td>
                <td>
                  <bdi>{row.label}</bdi>
                  <span className="sub2">{row.of2}</span>
                </td>
                <td>
                  <Told of={row.because} />
                  <span className="sub2 mono">{row.check}</span>
                  {row.waiver !== null && (
                    <span className="sub2">
                      waived by {row.waiver.by} until {spoken(row.waiver.until)}, still a deviation: {row.waiver.because}
                    </span>
                  )}
                </td>
                <td className="nowrap">
                  {spoken(row.from)}
                  <span className="sub2">{row.lasted === null ? '' : row.still ? 'still so' : `up to ${spoken(row.to)}`}</span>
                </td>
                <td className="num nowrap">{row.lasted === null ? 'an event' : spokenDuration(row.lasted)}</td>
                <td>
                  <Records of={row.records} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Check({ check }: { readonly check: CheckOver }) {
  const parameters = Object.entries(check.parameters);
  const { population: its } = check;
  return (
    <section className="panel" id={check.id}>
      <div className="sec">
        <h2>{check.title}</h2>
        <span className="note mono">
          {check.id}, version {check.version}
        </span>
        <span className="more">
          <Status of={shownAs(check)} />
        </span>
      </div>
      <div className="pad">
        <p>{check.asserts}</p>
        <p className="sub">
          Population in <code>{check.dataset}</code>:{' '}
          {its.kind === 'states'
            ? `${its.start} at the start, ${its.joined} joined, ${its.left} left, ${its.end} at the end.`
            : `${its.events} events${its.open > 0 ? `, of ${its.open} nothing is said yet` : ''}.`}{' '}
          {check.examined} examined: {check.conform} conform, {check.deviate} deviate, {check.undetermined} could not be determined.
          {check.tolerance && ` ${spokenRate(check.tolerance)}.`}
        </p>
        {parameters.length > 0 && <p className="sub">{parameters.map(([name, value]) => `${name}: ${value}`).join('; ')}.</p>}
        {check.unknownTime.total > 0 && <p className="sub">For {spokenDuration(check.unknownTime.total)} something could not be determined.</p>}
        {check.looks.map(({ dataset, looks, longest }) => (
          <p key={dataset} className="sub">
            <code>{dataset}</code> was looked at completely {looks} times
            {longest &&
              `; the longest time between two looks was ${spokenDuration(Date.parse(longest.to ?? '') - Date.parse(longest.from ?? ''))}, in ${longest.source}`}
            .
          </p>
        ))}
        {check.gaps.map(({ from, to, because }) => (
          <p key={`${from} ${because}`} className="notice" role="note">
            From {spoken(from)} up to {spoken(to)} evidence of the population is missing. {because}
          </p>
        ))}
      </div>
    </section>
  );
}

function History({ over: { changes, configurations, unrecorded } }: { readonly over: Over }) {
  return (
    <Panel title="What results rest on, and what changed" note="parameters, checks and catalogue of now are applied to the whole period">
      {changes.length === 0 && <p className="pad">No record tells that a parameter or a check became another in this period.</p>}
      <ul className="next">
        {changes.map(({ at, record, what, check, name, before, after }) => (
          <li key={`${at} ${what} ${check} ${name}`}>
            <b>{spoken(at)}</b>
            <span>
              {what === 'parameter' ? `${name} of ${check}` : (check ?? what)}{' '}
              {before === null ? `came: ${after}` : after === null ? `went: ${before}` : `from ${before} to ${after}`} <Records of={[record]} />
            </span>
          </li>
        ))}
      </ul>
      <p className="pad">
        Configurations in force: <Records of={configurations.map(({ record }) => record)} most={8} />
        {unrecorded.length > 0 && ` Of ${unrecorded.length} it was not recorded which parameters they had.`}
      </p>
    </Panel>
  );
}
