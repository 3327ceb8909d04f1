import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { address, Problem } from '../api/ask.ts';
import { type Bytes, hex, sha256 } from '../proof/bytes.ts';
import { Glyph } from './Status.tsx';

/** So much is laid out; the rest is there to be downloaded. */
const MOST = 4_000_000;

async function bytesOf(index: number, name: string): Promise<{ readonly bytes: Bytes; readonly digest: string }> {
  const response = await fetch(address(`/records/${index}/artifacts/${encodeURIComponent(name)}`));
  if (!response.ok) {
    const said = (await response.json().catch(() => null)) as { readonly detail?: string; readonly title?: string } | null;
    throw new Problem({
      status: response.status,
      type: 'artifact',
      title: said?.title ?? 'It cannot be read',
      detail: said?.detail ?? `the server answered ${response.status}`,
      instance: null,
    });
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, digest: hex(await sha256(bytes)) };
}

type View = 'readable' | 'text' | 'bytes';

/** The bytes that a source said: laid out where they are JSON, as text with what is not seen made seen, or as numbers. */
export function Artifact({ index, name, sha256: expected }: { readonly index: number; readonly name: string; readonly sha256: string }) {
  const answer = useQuery({ queryKey: ['artifact', index, name], queryFn: () => bytesOf(index, name), staleTime: Number.POSITIVE_INFINITY, retry: false });
  const [view, setView] = useState<View>('readable');
  const lines = useMemo(() => (answer.data ? linesOf(answer.data.bytes, view) : []), [answer.data, view]);
  if (answer.error) return <p className="none">{answer.error.message}</p>;
  if (!answer.data) return <p className="none">Reading …</p>;
  const isWhole = answer.data.digest === expected;
  return (
    <>
      <div className="row pad">
        {(['readable', 'text', 'bytes'] as const).map((it) => (
          <button key={it} type="button" className="chip" aria-pressed={view === it} onClick={() => setView(it)}>
            {{ readable: 'Readable', text: 'As it was said', bytes: 'Bytes' }[it]}
          </button>
        ))}
        <span className="note">
          <Glyph of={isWhole ? 'pass' : 'fail'} label={isWhole ? 'The same bytes' : 'Other bytes'} />{' '}
          {isWhole ? 'its SHA-256 is what the record says' : `ALTERED: its SHA-256 is ${answer.data.digest}`}
        </span>
      </div>
      <Lines lines={lines} />
      {answer.data.bytes.length > MOST && <p className="pad sub">The first {MOST.toLocaleString('en')} bytes. The download holds all of them.</p>}
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => 19, overscan: 30 });
  return (
    <div ref={box} className="code" tabIndex={0} role="group" aria-label="The artifact">
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div key={index} className="cline" style={{ transform: `translateY(${start}px)` }}>
            <i>{index + 1}</i>
            <bdi dir="ltr">{lines[index]}</bdi>
          </div>
        ))}
      </div>
    </div>
  );
}

function linesOf(bytes: Bytes, view: View): readonly string[] {
  const shown = bytes.subarray(0, MOST);
  if (view === 'bytes') return dump(shown);
  const said = new TextDecoder().decode(shown);
  if (view === 'readable' && bytes.length <= MOST) {
    try {
      return JSON.stringify(JSON.parse(said), null, 2).split('\n').map(seen);
    } catch {
      // not JSON: as it was said
    }
  }
  return said.split(/\r?\n/).map(seen);
}

/** What hides or turns text around is shown by its number: what a source says must not look like something else. */
export const seen = (text: string): string =>
  text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (hidden) => `\\u${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function dump(bytes: Bytes): readonly string[] {
  const lines: string[] = [];
  for (let place = 0; place < bytes.length; place += 16) {
    const part = bytes.subarray(place, place + 16);
    const numbers = Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${place.toString(16).padStart(8, '0')}  ${numbers.padEnd(47)}  ${letters}`);
  }
  return lines;
}
