import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { address, ask, type Answer } from '../api/ask.ts';
import { Glyph } from '../parts/Status.tsx';
import { hex, unbase64 } from './bytes.ts';
import { remembered } from './remembered.ts';
import { verify } from './verify.ts';

type Whole = Answer<'records', 'read'>;

/** Asks for the bytes of a record and recomputes, in this browser, the way to the signed root. */
async function verified({ index, digest, inclusion }: Whole) {
  const [envelope, { leaf }, { verifierKey }] = await Promise.all([
    fetch(address(`/records/${index}/envelope`)).then(async (response) => new Uint8Array(await response.arrayBuffer())),
    ask<Answer<'records', 'leaf'>>(`/records/${index}/leaf`),
    ask<Answer<'log', 'checkpoint'>>('/log/checkpoint'),
  ]);
  const its = await verify({ index, digest, envelope, leaf: unbase64(leaf), hashes: inclusion.hashes, note: inclusion.note, verifierKey });
  const whole = its.steps.every(({ holds }) => holds);
  const before = whole && its.root !== null && its.size !== null ? await remembered({ verifierKey, size: its.size, root: its.root }) : null;
  return { ...its, whole: whole && (before?.holds ?? true), before };
}

/** That a record is unaltered and in the log: not said by the server, but computed here. */
export function ProofPanel({ record }: { readonly record: Whole }) {
  const [open, setOpen] = useState(false);
  const answer = useQuery({
    queryKey: ['proof', record.index, record.inclusion.checkpoint.size],
    queryFn: () => verified(record),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const its = answer.data;
  if (answer.error)
    return (
      <p className="notice" role="note">
        This browser could not verify it: {answer.error.message}. The commands below do it without any browser.
      </p>
    );
  if (!its)
    return (
      <p className="verified pending" role="status">
        Checking in this browser …
      </p>
    );
  const broken = its.steps.find(({ holds }) => !holds);
  return (
    <>
      {its.whole ? (
        <p className="verified" role="status">
          <span>
            <Glyph of="pass" />
          </span>
          <span>
            <b>Verified in this browser.</b> {its.steps.at(-2)?.says}; {its.steps.at(-1)?.says}. {its.before?.says}
          </span>
        </p>
      ) : (
        <p className="notice bad" role="alert">
          <b>Altered.</b> {broken?.says ?? its.before?.says}. Run <code>tickmark log verify</code>, and keep a copy of the state folder and of this page.
        </p>
      )}
      <section className="panel proof">
        <div className="sec">
          <h2>Proof</h2>
          <span className="note">from the bytes to the signed root</span>
          <button type="button" className="linkish more" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Fold' : 'Every hash'}
          </button>
        </div>
        <ol className="rungs">
          {its.steps.map(({ step, holds, says }) => (
            <li key={step}>
              <Glyph of={holds ? 'pass' : 'fail'} label={holds ? 'Holds' : 'Does not hold'} /> <b>{step}</b> <span className="wrap">{says}</span>
              {step === 'root' && open && (
                <ol>
                  {its.rungs.map(({ side, hash, from, to }) => (
                    <li key={`${from} ${to}`} className="mono">
                      {side === 'left' ? 'left ' : 'right'} {hex(hash)} covers {from} up to {to}
                    </li>
                  ))}
                </ol>
              )}
            </li>
          ))}
        </ol>
        <div className="pad row">
          <a className="btn" href={address(`/records/${record.index}/proof`)} download={`record-${record.index}.tlog-proof`}>
            Download proof
          </a>
          <a className="btn" href={address(`/records/${record.index}/sigstore`)} download={`record-${record.index}.sigstore.json`}>
            Sigstore bundle
          </a>
          <a className="btn" href={address(`/records/${record.index}/envelope`)} download={`record-${record.index}.dsse.json`}>
            Envelope
          </a>
        </div>
        <p className="pad sub">
          Verify it yourself, without this server: <code>npx tickmark show {record.index} --bundle record.json</code>, then any Sigstore verifier;{' '}
          <code>docs/verify-by-hand.md</code> does it with openssl.
        </p>
      </section>
    </>
  );
}
