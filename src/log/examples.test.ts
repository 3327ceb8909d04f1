import { describe, expect, it } from 'vitest';
import { IntegrityError } from '../core/error.ts';
import { checkpointText, readCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT, type Hash, leafHash, rootOf, verifyInclusion } from './merkle.ts';
import { parseNote, parseVerifierKey, verifierKey, verifyNote } from './note.ts';
import { tlogPolicy } from './policy.ts';
import { tlogProof } from './proof.ts';
import { bundlePath, encodeBundle, tilePath, tilesOf } from './tiles.ts';

const hash = (base64: string): Hash => Buffer.from(base64, 'base64');

describe('c2sp.org/signed-note v1.0.0', () => {
  // "Verifier keys", example.
  const vkey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
  const note =
    'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

  it('its key and its note', () => {
    expect(verifierKey(parseVerifierKey(vkey))).toBe(vkey);
    expect(verifyNote(Buffer.from(note), parseVerifierKey(vkey))).toBe('This is an example message.\n');
  });

  it('its text with an empty line in it, which the last empty line ends', () => {
    const verse = 'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n';
    const line = 'NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=';
    const { text, signatures } = parseNote(Buffer.from(`${verse}\n\u2014 quasimodo.example/salvatore ${line}\n`));
    expect(text).toBe(verse);
    expect(signatures.map(({ name, keyId, signature }) => [name, keyId.toString('hex'), signature.length])).toEqual([
      ['quasimodo.example/salvatore', '367ba04b', 64],
    ]);
  });

  it('no key id but the one that fits', () => {
    expect(() => parseVerifierKey(vkey.replace('530d903a', '530d903b'))).toThrow(
      new IntegrityError('VKEY', `the key id of ${vkey.replace('530d903a', '530d903b')} does not fit its key`),
    );
  });
});

describe('c2sp.org/tlog-checkpoint v1.0.0', () => {
  it('its text', () => {
    expect(checkpointText({ origin: 'example.com/behind-the-sofa', size: 20852163, root: hash('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=') })).toBe(
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    );
  });
});

describe('c2sp.org/tlog-tiles', () => {
  const paths = (size: number) => [...tilesOf(size)].map(({ level, index, width }) => tilePath(level, index, width));

  it('the tiles of 70,000 entries: 273 full ones and one of 112, one full one and one of 17, one of 1', () => {
    const number = (index: number) => String(index).padStart(3, '0');
    expect(paths(70_000)).toEqual([
      ...Array.from({ length: 273 }, (_, index) => `tile/0/${number(index)}`),
      'tile/0/273.p/112',
      'tile/1/000',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
  });

  it.each([
    [0, []],
    [1, ['tile/0/000.p/1']],
    [255, ['tile/0/000.p/255']],
    [256, ['tile/0/000', 'tile/1/000.p/1']],
    [257, ['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1']],
  ])('the tiles of %i entries', (size, expected) => expect(paths(size)).toEqual(expected));

  it('the path of tile 1234067, and an entry bundle byte for byte', () => {
    expect(tilePath(63, 1234067, 256)).toBe('tile/63/x001/x234/067');
    expect(bundlePath(1234067, 9)).toBe('tile/entries/x001/x234/067.p/9');
    expect(encodeBundle([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258, 'c')], 2).toString('latin1')).toBe(
      `\0\u0002ab\0\0\u0001\u0002${'c'.repeat(258)}`,
    );
  });
});

describe('c2sp.org/tlog-proof@v1', () => {
  const hashes = [
    'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=',
    'B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=',
    'EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=',
    'RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=',
    'AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=',
  ];
  const checkpoint =
    'example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n\u2014 example.com/fancylog hI2DJw==\n\u2014 witness1.example mJirIklj\n';

  it('its file, with what belongs to the application and without', () => {
    const proof = { index: 73894, hashes: hashes.map(hash), checkpoint };
    const lines = `index 73894\n${hashes.join('\n')}\n\n${checkpoint}`;
    expect(tlogProof({ ...proof, extra: Buffer.from('age-v1.2.1-darwin-arm64.tar.gz') })).toBe(
      `c2sp.org/tlog-proof@v1\nextra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6\n${lines}`,
    );
    expect(tlogProof(proof)).toBe(`c2sp.org/tlog-proof@v1\n${lines}`);
  });

  it('of the only entry there is: no hash at all', () => {
    expect(tlogProof({ index: 0, hashes: [], checkpoint })).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpoint}`);
  });

  it.each([
    ['no index', { index: 1.5, checkpoint }, 'not an index: 1.5'],
    ['an index below zero', { index: -1, checkpoint }, 'not an index: -1'],
    ['a checkpoint that nobody signed', { index: 0, checkpoint: 'a\n1\nb\n' }, 'not a signed checkpoint'],
  ])('has no file for %s', (_, given, says) => expect(() => tlogProof({ hashes: [], ...given })).toThrow(new RangeError(says)));
});

describe('c2sp.org/tlog-policy', () => {
  const log = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
  const witness = (name: string) => ({ name, key: `${name.toLowerCase()}.example+00000000+${Buffer.from(`\u0004${name}`).toString('base64')}` });
  const witnesses = ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'].map(witness);
  const [X1 = { name: '', key: '' }] = witnesses;
  const groups = [
    { name: 'X-witnesses', needs: 2, members: ['X1', 'X2', 'X3'] },
    { name: 'Y-witnesses', needs: 'any', members: ['Y1', 'Y2', 'Y3'] },
    { name: 'X-and-Y', needs: 'all', members: ['X-witnesses', 'Y-witnesses'] },
  ] as const;

  it('its example', () => {
    expect(tlogPolicy({ logs: [{ key: log }], witnesses, groups, quorum: 'X-and-Y' })).toBe(
      [
        `log ${log}`,
        ...witnesses.map(({ name, key }) => `witness ${name} ${key}`),
        'group X-witnesses 2 X1 X2 X3',
        'group Y-witnesses any Y1 Y2 Y3',
        'group X-and-Y all X-witnesses Y-witnesses',
        'quorum X-and-Y',
        '',
      ].join('\n'),
    );
  });

  it('of a log alone, and with addresses', () => {
    expect(tlogPolicy({ logs: [{ key: log }], witnesses: [], groups: [], quorum: 'none' })).toBe(`log ${log}\nquorum none\n`);
    expect(tlogPolicy({ logs: [{ key: log, url: 'https://log.example/' }], witnesses: [{ ...X1, url: 'https://w.example/' }], groups: [], quorum: 'X1' })).toBe(
      `log ${log} https://log.example/\nwitness X1 ${X1.key} https://w.example/\nquorum X1\n`,
    );
  });

  const sound = { logs: [{ key: log }], witnesses, groups: [], quorum: 'none' };
  it.each([
    ['a log twice, under another name', { logs: [{ key: log }, { key: log.replace('foo', 'bar') }] }, `${log.replace('foo', 'bar')} is listed twice`],
    ['a witness twice', { witnesses: [X1, { ...X1, name: 'Z' }] }, `${X1.key} is listed twice`],
    ['a name twice', { witnesses: [X1, { ...witness('X2'), name: 'X1' }] }, '"X1" is taken already'],
    ['a witness called none', { witnesses: [{ ...X1, name: 'none' }] }, '"none" is taken already'],
    ['a name of two words', { witnesses: [{ ...X1, name: 'X 1' }] }, 'not one word: "X 1"'],
    ['what is no key', { logs: [{ key: 'key' }] }, 'not a verifier key: key'],
    ['a group of what is not defined', { groups: [{ name: 'g', needs: 1, members: ['nobody'] }] }, 'group g names nobody, which no line before it defines'],
    ['a group of itself', { groups: [{ name: 'g', needs: 1, members: ['g'] }] }, 'group g names g, which no line before it defines'],
    ['a group of nobody', { groups: [{ name: 'g', needs: 'all' as const, members: [] }] }, 'group g has no member'],
    ['a group that needs more than it has', { groups: [{ name: 'g', needs: 2, members: ['X1'] }] }, 'group g cannot need 2 of 1'],
    ['a group that needs none', { groups: [{ name: 'g', needs: 0, members: ['X1'] }] }, 'group g cannot need 0 of 1'],
    [
      'a witness that counts twice',
      {
        groups: [
          { name: 'g', needs: 1, members: ['X1'] },
          { name: 'h', needs: 1, members: ['X1'] },
        ],
      },
      'X1 is in two groups',
    ],
    ['a quorum of what is not defined', { quorum: 'X9' }, 'the quorum is X9, which nothing defines'],
  ])('has no line for %s', (_, given, says) => expect(() => tlogPolicy({ ...sound, ...given })).toThrow(new RangeError(says)));
});

describe("a checkpoint of Sigstore's staging log, cosigned by three witnesses", () => {
  // sigstore-conformance, rekor2-dsse-happy-path: a record of 2026-05-13 and the key of its trusted root.
  const key = Buffer.from('MCowBQYDK2VwAyEAlD3dVc8yaP25mPtT/sJ59D3LLxGBgW/qYrM6x6KmOqk=', 'base64').subarray(12);
  const log = parseVerifierKey(`log2025-alpha3.rekor.sigstage.dev+d3d3a70c+${Buffer.concat([Buffer.from([1]), key]).toString('base64')}`);
  const note = `log2025-alpha3.rekor.sigstage.dev
4026479
5iaX4xK6PMnp4ZFTP4iywMcwLgaTjzgRTkrTOUFIrfY=

\u2014 log2025-alpha3.rekor.sigstage.dev 09OnDHwVrKeXjBYQ4NJ5EoENdtpBwZcV3X8n+cAZFIk+8LBPKEpZcKqoN2CfjGw0zlQwt+U2pLt5UyYEFv+STPHPmQg=
\u2014 witness.stagemole.eu Z/euoAAAAABqBM+21mV7JbHwWmLP20ZSpNWneHMkITOPopt+Vj1MoJSILqOIPpx93pbRfA0U+Eq5IiJjEUhG1JwGhPCJEUT5yDcFDg==
\u2014 staging.witness.transparency.goog/ring-any-bells LhqNyQAAAABqBM+2Ob9EtpF9h6IUMXc/LTRkkXiNAgbbohBxHekby1oASdDtPLkgZLmBHH73DF25f2L8xGgp/qVwoZK5thKXc6XnCw==
\u2014 witness.navigli.sunlight.geomys.org o+AP4gAAAABqBM+2NoYlK4g3lkC5QltDB6f2F9U8yF6+8kXKjLKHAYvSDJ3u5dZufSU3bz+AtJMdOoMixoFJBkQ397WY/mE0i9tlCg==
`;
  const hashes = [
    'y9eH/Cl/glEuLMKtwV0bgZ+a1P/AjoPyvu/iUeanaIM=',
    'nrNQ2vb5JM2No6zELZt05onTYzqQOwDUcs24jAa6lzk=',
    'HfZO2uZZbokwORUD/0dMRpBEouo33Ab2nQ2N6r4v688=',
    'grMdYn8tE73JvJU8Ixk4hl8/fKu06hUdgpPNsuAfb7o=',
    'i1gQ61xe3f9MP09y2e9Z4n5ZnDiFuqQmTK/u7Gji4Ws=',
    'TkPA4Mv4plM3c6oejf5r+PqVxfMPk0x+QAjumzaswsU=',
    'wGq46RfkA9tCYZ2CCOOMGQttyhHIqMksBAl+soDBgRw=',
    'WPWftR+8Qjv3qiIBp48n3PiweejcpuHjokhaSIJaUOo=',
    'kgGccNZjCDNKiQBUSPorZcTXoy9T0OIygUNX2V9tF7s=',
    '7vMeapYqpjDZc8itt3uF6dGxL5qkbFsQ18jBiblH/5g=',
    'ma8nVjhpJ0JmgSzaxhxP7bvHXtiZC6nJXIBmDV8kNAI=',
    'CZJWJtYZFYWwC+DsEiCMnWled/ED66viI0Wz/L+9vxk=',
    'Y8Q9QaTpqRAlSoWnNwyYGDerVLL1f6b8osmbDYEF6og=',
  ].map(hash);

  it('is read, and a record leads to it', () => {
    const { origin, size, root } = readCheckpoint(Buffer.from(note), log);
    expect([origin, size]).toEqual(['log2025-alpha3.rekor.sigstage.dev', 4026479]);
    const leaf = Buffer.from('fe40655a0f968947de630c778c0f68bd52c68a40c5a25fc1a3a4edd6ab3c2f99', 'hex');
    expect(verifyInclusion(leaf, 4026478, size, hashes, root)).toBe(true);
    expect(verifyInclusion(leaf, 4026477, size, hashes, root)).toBe(false);
  });
});

describe('the Merkle tree that Certificate Transparency tests itself with', () => {
  // google/certificate-transparency, testdata: eight leaves and the roots of their trees.
  const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'));
  it.each([
    [0, EMPTY_ROOT.toString('hex')],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('%i of them', (size, root) => expect(rootOf(entries.slice(0, size).map(leafHash)).toString('hex')).toBe(root));
});

describe('what is no hash', () => {
  // transparency-dev/merkle, testdata/inclusion/single-entry/empty-root-and-leaf.json
  it('proves nothing, though it is equal', () => {
    const nothing = Buffer.alloc(0);
    expect(verifyInclusion(nothing, 0, 1, [], nothing)).toBe(false);
  });
});
