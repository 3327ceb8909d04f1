import { type ChangeEvent, useId, useState } from 'react';
import { type Answer, send } from '../../api/ask.ts';

const MOST = 950_000;

/** Lays a file of the reader's machine into the workspace, so that a source can read it. */
export function FilePicker({ laid, refused }: { readonly laid: (path: string) => void; readonly refused: boolean }) {
  const id = useId();
  const [said, setSaid] = useState<string | null>(null);
  const pick = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (!file) return;
    if (file.size > MOST) {
      setSaid(
        `${file.name} has ${file.size.toLocaleString('en')} bytes, and at most ${MOST.toLocaleString('en')} are taken here. Copy it into the workspace, and name its path.`,
      );
      return;
    }
    try {
      const { path } = await send<Answer<'connect', 'upload'>>('POST', '/sources/files', { name: nameOf(file.name), text: await file.text() });
      laid(path);
      setSaid(`${file.name} lies in the workspace as ${path}.`);
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="picker">
      <label className="listen" htmlFor={id}>
        A file of this machine
      </label>
      <input id={id} type="file" accept=".csv,.json,.jsonl,.sarif" disabled={refused} onChange={(event) => void pick(event)} />
      <span role="status" className="hint">
        {said}
      </span>
    </div>
  );
}

/** Letters, digits and hyphens, as the server takes names. */
function nameOf(name: string): string {
  const [, stem = 'export', ending = 'csv'] = /^(.*)\.([a-z]+)$/i.exec(name) ?? [];
  const plain = stem
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 60);
  return `${plain === '' ? 'export' : plain}.${ending.toLowerCase()}`;
}
