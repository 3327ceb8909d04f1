import { useState } from 'react';

/** Something that is shown this once. */
export function Once({
  title,
  says,
  secrets,
  done,
}: {
  readonly title: string;
  readonly says: string;
  readonly secrets: readonly string[];
  readonly done: () => void;
}) {
  const [copied, setCopied] = useState(false);
  const text = secrets.join('\n');
  return (
    <section className="panel once" aria-label={title} role="status">
      <h2>{title}</h2>
      <p className="sub">{says}</p>
      {secrets.length === 1 ? (
        <code className="secret">{text}</code>
      ) : (
        <ul className="codes">
          {secrets.map((secret) => (
            <li key={secret}>
              <code>{secret}</code>
            </li>
          ))}
        </ul>
      )}
      <p className="sub">It is shown this once. What is kept here opens nothing.</p>
      <div className="row">
        <button type="button" className="btn" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {copied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" className="btn primary" onClick={done}>
          I have it
        </button>
      </div>
    </section>
  );
}

/** A QR code from its rows, 1 where it is dark; dark on light in both themes, for cameras. */
export function Qr({ rows, label }: { readonly rows: readonly string[]; readonly label: string }) {
  const size = rows.length;
  const dark = rows.flatMap((row, y) => [...row].flatMap((cell, x) => (cell === '1' ? [`M${x + 2} ${y + 2}h1v1h-1z`] : []))).join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size + 4} ${size + 4}`} width="196" height="196" role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size + 4} height={size + 4} className="qr-ground" />
      <path d={dark} className="qr-dark" />
    </svg>
  );
}
