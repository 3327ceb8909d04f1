import { useState } from 'react';
import type { Collector } from './Catalogue.tsx';

/** The least that a credential needs, to be copied to whoever grants it. */
export function Least({
  collector: { rights, policy, cannotTell, hosts, feeds },
}: {
  readonly collector: Pick<Collector, 'rights' | 'policy' | 'cannotTell' | 'hosts' | 'feeds'>;
}) {
  return (
    <section className="panel least">
      <div className="sec">
        <h2>The least it needs</h2>
        <Copy text={policy ? JSON.stringify(policy, null, 2) : rights.map(({ right, why }) => `${right}: ${why}`).join('\n')} />
      </div>
      <ul className="facts-list pad">
        {rights.map(({ right, why }) => (
          <li key={right}>
            <b>{right}</b>: {why}
          </li>
        ))}
      </ul>
      {policy && <pre className="pad">{JSON.stringify(policy, null, 2)}</pre>}
      {hosts.length > 0 && <p className="pad hint">Asked at {hosts.join(', ')}.</p>}
      <div className="sec">
        <h2>What it tells of</h2>
      </div>
      <p className="pad">{feeds.join(', ')}</p>
      {cannotTell.length > 0 && (
        <>
          <div className="sec">
            <h2>What it cannot tell</h2>
          </div>
          <ul className="facts-list pad">
            {cannotTell.map((it) => (
              <li key={it}>{it}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Copy({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button type="button" className="linkish more" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
      {copied ? 'Copied' : 'Copy'}
    </button>
  );
}
