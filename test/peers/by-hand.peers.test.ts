import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../src/log/checkpoint.ts';
import { keyLine } from '../../src/log/cipher.ts';
import { sha256hex } from '../../src/log/merkle.ts';
import { noteSigner, verifierKey } from '../../src/log/note.ts';
import { growLog, makeLog } from '../made-log.ts';
import { missing } from '../postgres.ts';
import { layOut } from './lay-out.ts';

/** What a bare Debian machine has. Nothing else is on the path of the ten commands. */
const TOOLS = ['base64', 'bash', 'cat', 'cmp', 'cut', 'diff', 'grep', 'openssl', 'python3', 'sed', 'sha256sum', 'sort', 'stat', 'tail', 'wc'];
const page = readFileSync(join(import.meta.dirname, '../../docs/verify-by-hand.md'), 'utf8');
const commands = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, command = '']) => command);
/** What comes after them: it opens a payload. */
const [, reading = ''] = /^```bash\n(.*?)^```$/ms.exec(page) ?? [];

const where = (tool: string) => spawnSync('bash', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
// What is called python3 may be a script that looks for one.
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();
const places = TOOLS.map((tool) => (tool === 'python3' ? python : where(tool)));
const absent = TOOLS.filter((_, place) => places[place] === '');

if (absent.length > 0) it.skipIf(missing(absent.join(', '), 'Install openssl and python3.'))('evidence that is verified by hand', () => undefined);
else {
  describe('the ten commands of docs/verify-by-hand.md', () => {
    const root = mkdtempSync(join(tmpdir(), 'by-hand-'));
    const at = (...path: string[]) => join(root, ...path);
    let key = '';
    // No network, where the kernel lets us do without one.
    const unshare = where('unshare');
    const alone = spawnSync(unshare, ['--net', '--map-root-user', 'true']).status === 0 ? [unshare, '--net', '--map-root-user'] : [];

    // Each in a shell of its own, as if pasted: nothing but files goes from one to the next.
    const script = commands.map((command, place) => `(set -euo pipefail\n${command})\n[ $? = 0 ] || exit ${place + 1}\n`).join('');

    /** Runs them in the folder. Answers 0, or the number of the first that refused. */
    function refusedBy(folder: string, { index = 7, held = at('held'), pinned = key } = {}): number | null {
      const [program = '', ...words] = [...alone, at('bin/bash'), '-c', script];
      return spawnSync(program, words, { cwd: folder, env: { PATH: at('bin'), LC_ALL: 'C', KEY: pinned, HELD: held, I: String(index) } }).status;
    }

    beforeAll(async () => {
      mkdirSync(at('bin'));
      for (const [place, tool] of TOOLS.entries()) symlinkSync(places[place] ?? '', at('bin', tool));
      const archive = await makeLog(at('state'), 200, { origin: 'acme-1a2b3c4d.tickmark.internal' });
      key = archive.verifierKey;
      await archive.close();
      cpSync(at('state'), at('forged-state'), { recursive: true });
      await (await growLog(at('state'), 200)).close();
      cpSync(at('state/log/checkpoint'), at('held'));
      const grown = await growLog(at('state'), 213);
      await layOut(grown, at('state'), at('sound'), [0, 7, 10, 256, 612]);
      await grown.close();
      // The company rewrites its own history, with every key that it has.
      const forged = await growLog(at('forged-state'), 413);
      await layOut(forged, at('forged-state'), at('forged'), [7]);
      await forged.close();
    });
    afterAll(() => rmSync(root, { recursive: true }));

    it('are ten', () => expect(commands).toHaveLength(10));

    it.each([0, 256, 612])('verify record %i', (index) => {
      expect(refusedBy(at('sound'), { index })).toBe(0);
    });

    const edit = (file: string, change: (text: string) => string) => (dir: string) => {
      chmodSync(join(dir, file), 0o644);
      writeFileSync(join(dir, file), change(readFileSync(join(dir, file), 'latin1')), 'latin1');
    };
    const flip = (file: string, place: number) =>
      edit(file, (text) => text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ 1) + text.slice(place + 1));
    const its = 'evidence/7';
    const alterations: Readonly<Record<string, readonly [by: number, alter: (dir: string) => void]>> = {
      'the key of another log': [1, edit('policy', (text) => text.replace(/\+A/, '+B'))],
      'a checkpoint of another log': [2, edit('checkpoint', (text) => text.replace('acme', 'ucme'))],
      'another size': [3, edit('checkpoint', (text) => text.replace('\n613\n', '\n612\n'))],
      'another root': [3, edit('checkpoint', (text) => text.replace(/(?<=\n613\n)./, (letter) => (letter === 'A' ? 'B' : 'A')))],
      'no signature': [3, edit('checkpoint', (text) => text.replace(/\n\n.*\n/, '\n\n'))],
      'a statement that is cut short': [4, edit(`${its}/statement.dsse.json`, (text) => text.replace(/"payload":"(.*?)..."/, '"payload":"$1!"'))],
      'no entry': [5, edit(`${its}/bundle.sigstore.json`, (text) => text.replace('canonicalizedBody', 'body'))],
      'an edited statement': [
        6,
        edit(`${its}/statement.dsse.json`, (text) => text.replace(/(?<="payload":".{400})./, (letter) => (letter === 'A' ? 'B' : 'A'))),
      ],
      'a statement that the same collector signed, of another record': [
        7,
        (dir) => cpSync(join(dir, 'evidence/10/statement.dsse.json'), join(dir, its, 'statement.dsse.json')),
      ],
      'an entry with more to it': [
        7,
        edit(`${its}/bundle.sigstore.json`, (text) =>
          text.replace(/(?<="canonicalizedBody": ")[^"]*/, (body) => Buffer.from(`${Buffer.from(body, 'base64').toString()}\n`).toString('base64')),
        ),
      ],
      'an edited payload': [8, (dir) => appendFileSync(join(dir, its, 'payload.1'), ' ')],
      'the key of another payload': [8, (dir) => cpSync(join(dir, its, 'payload.0.key'), join(dir, its, 'payload.1.key'))],
      'two payloads exchanged': [
        8,
        (dir) => {
          for (const ending of ['', '.key']) {
            const [one, other, aside] = ['payload.1', 'payload.2', 'aside'].map((name) => join(dir, its, `${name}${ending}`)) as [string, string, string];
            for (const [from, to] of [
              [one, aside],
              [other, one],
              [aside, other],
            ] as const)
              renameSync(from, to);
          }
        },
      ],
      'a missing payload': [8, (dir) => rmSync(join(dir, its, 'payload.0'))],
      'a payload too many': [8, (dir) => writeFileSync(join(dir, its, 'payload.3'), '[]')],
      'another record in its place, whole': [
        9,
        (dir) => {
          rmSync(join(dir, its), { recursive: true });
          renameSync(join(dir, 'evidence/10'), join(dir, its));
        },
      ],
      'a hash left out of the proof': [9, edit(`${its}/proof.tlog-proof`, (text) => text.replace(/(?<=index 7\n).*\n/, ''))],
      'an edited proof': [9, edit(`${its}/proof.tlog-proof`, (text) => text.replace(/(?<=index 7\n)./, (letter) => (letter === 'A' ? 'B' : 'A')))],
      'a proof of another checkpoint': [9, edit(`${its}/proof.tlog-proof`, (text) => text.replace('\n613\n', '\n612\n'))],
      'a bit of a tile': [10, flip('log/tile/0/001', 40)],
      'a tile left out': [10, (dir) => rmSync(join(dir, 'log/tile/0/002.p'), { recursive: true })],
    };

    it.each(Object.entries(alterations))('refuse %s', (what, [by, alter]) => {
      const dir = at(what.replace(/\W+/g, '-'));
      cpSync(at('sound'), dir, { recursive: true });
      alter(dir);
      expect(refusedBy(dir)).toBe(by);
    });

    it('refuse a history that was written again with every key of the company, by the checkpoint that somebody held', () => {
      expect(refusedBy(at('forged'))).toBe(10);
      expect(refusedBy(at('forged'), { held: at('forged/checkpoint') })).toBe(0);
    });

    it.skipIf(where('zstd') === '' && missing('zstd', 'apt-get install zstd'))('are followed by one that reads what was sealed', () => {
      const run = (index: number, place: number) =>
        spawnSync(at('bin/bash'), ['-euo', 'pipefail', '-c', reading.replaceAll('payload.0', `payload.${place}`)], {
          cwd: at('sound'),
          encoding: 'utf8',
          env: { PATH: `${at('bin')}:${where('zstd').replace(/\/zstd$/, '')}`, LC_ALL: 'C', I: String(index) },
        });
      expect(JSON.parse(run(7, 0).stdout)).toMatchObject({
        body: { kind: 'run' },
        subjects: [{ name: 'members', sha256: sha256hex(Buffer.from(run(7, 1).stdout)) }, {}],
      });
    });

    /** Some of the ten, in a folder of these files. */
    function some(name: string, files: Readonly<Record<string, string>>, from: number, to: number, pinned = key): number | null {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(join(at(name), file, '..'), { recursive: true });
        writeFileSync(join(at(name), file), text);
      }
      const its = commands.slice(from - 1, to).map((command, place) => `(set -euo pipefail\n${command})\n[ $? = 0 ] || exit ${place + from}\n`);
      return spawnSync(at('bin/bash'), ['-c', its.join('')], { cwd: at(name), env: { PATH: at('bin'), LC_ALL: 'C', KEY: pinned, HELD: at('held'), I: '7' } })
        .status;
    }

    it('verify a checkpoint that two keys of one log signed, whichever of them is known, and whichever signed first', () => {
      const made = () => noteSigner('acme.example', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
      const [one, other, stranger] = [made(), made(), made()];
      for (const [place, signers] of [[one, other] as const, [other, one] as const].entries()) {
        const checkpoint = signCheckpoint({ origin: 'acme.example', size: 0, root: Buffer.alloc(32) }, signers);
        for (const [known, by] of [
          [one, 0],
          [other, 0],
          [stranger, 3],
        ] as const)
          expect(some(`two-${place}`, { policy: `log ${verifierKey(known)}\n`, checkpoint }, 1, 3, verifierKey(known))).toBe(by);
      }
    });

    it('are not misled by a head that names digests as payloads are named, nor by a name that comes twice', () => {
      const [secret, decoy] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
      const its = (payload: string, key: Buffer) => ({ sha256: sha256hex(Buffer.from(payload)), keyDigest: sha256hex(Buffer.from(keyLine(key))) });
      const [real, other] = [its('real', secret), its('decoy', decoy)];
      const spelled = (head: object) =>
        JSON.stringify({ predicate: { head, payloads: [{ keyDigest: real.keyDigest }] }, subject: [{ digest: { sha256: real.sha256 }, name: 'detail' }] });
      const head = { a: { keyDigest: other.keyDigest }, b: { sha256: other.sha256 } };
      const sound = { 'evidence/7/payload.0': 'real', 'evidence/7/payload.0.key': keyLine(secret) };
      const shifted = {
        'evidence/7/payload.0': 'decoy',
        'evidence/7/payload.0.key': keyLine(decoy),
        'evidence/7/payload.1': 'real',
        'evidence/7/payload.1.key': keyLine(secret),
      };
      expect(some('plain', { 'statement.json': spelled(head), ...sound }, 8, 8)).toBe(0);
      expect(some('shifted', { 'statement.json': spelled(head), ...shifted }, 8, 8)).toBe(8);
      const twice = spelled(head).replace('"subject":', `"subject":[{"digest":{"sha256":"${other.sha256}"}}],"subject":`);
      expect(some('twice', { 'statement.json': twice, ...sound }, 8, 8)).toBe(8);
    });

    it('run nothing of the folder', () => {
      const planted = at('planted');
      cpSync(at('sound'), planted, { recursive: true });
      for (const name of ['json.py', 'hashlib.py', 'base64.py']) writeFileSync(join(planted, name), "open('it-ran', 'w')\nraise SystemExit(0)\n");
      expect(refusedBy(planted)).toBe(0);
      expect(existsSync(join(planted, 'it-ran'))).toBe(false);
      expect([...page.matchAll(/python3 (?!-I )[-\w]/g)].map(([found]) => found)).toEqual([]);
    });

    it('refuse a statement that was made after the checkpoint of another log', () => {
      const dir = at('after');
      cpSync(at('sound'), dir, { recursive: true });
      expect(refusedBy(dir)).toBe(0);
      const said = readFileSync(join(dir, 'statement.json'), 'utf8');
      const size = JSON.parse(said).predicate.afterCheckpoint.size as number;
      const its = { held: readFileSync(at('held'), 'utf8'), 'statement.json': said.replace(`"size":${size}}`, `"size":${size + 1}}`) };
      const tenth = (statement: string) => some('after', { ...its, 'statement.json': statement }, 10, 10);
      expect([tenth(said), tenth(its['statement.json'])]).toEqual([0, 10]);
    });

    it('refuse a key that is not the one that was written down', () => {
      expect(refusedBy(at('sound'), { pinned: key.replace('acme', 'ucme') })).toBe(1);
    });
  });
}
