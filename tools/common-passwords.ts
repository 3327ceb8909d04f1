// Makes src/auth/common-passwords.ts anew from @zxcvbn-ts/language-common: node tools/common-passwords.ts FOLDER-OF-THE-PACKAGE.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
const all = JSON.parse(readFileSync(join(folder, 'src/passwords.json'), 'utf8')) as readonly string[];
const [, notice = ''] = /(Permission is hereby granted[\s\S]*)/.exec(readFileSync(join(folder, 'LICENSE.txt'), 'utf8')) ?? [];

// Whole ones that are long enough to be taken, and the most frequent words, to which people append a year and a sign.
const long = all.filter((word) => word.length >= 12 && /^[\x20-\x7e]+$/.test(word));
const words = all.slice(0, 4000).filter((word) => /^[a-z]{5,11}$/.test(word));
const prefixes = [...new Set([...long, ...words].map((word) => createHash('sha256').update(word).digest().readUInt32BE(0)))].sort((a, b) => a - b);
const bytes = Buffer.alloc(prefixes.length * 4);
for (const [place, prefix] of prefixes.entries()) bytes.writeUInt32BE(prefix, place * 4);
const lines = bytes.toString('base64').match(/.{1,140}/g) ?? [];

const wrapped =
  notice
    .replace(/\s+/g, ' ')
    .trim()
    .match(/.{1,135}(\s|$)/g) ?? [];
writeFileSync(
  join(import.meta.dirname, '../src/auth/common-passwords.ts'),
  [
    `// Made by tools/common-passwords.ts from @zxcvbn-ts/language-common ${version} (MIT, Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.,`,
    '// Copyright (c) 2021 @zxcvbn-ts). Edit nothing here.',
    '//',
    ...wrapped.map((line) => `// ${line.trim()}`),
    "import { createHash } from 'node:crypto';",
    '',
    `// The first four bytes of the SHA-256 of ${prefixes.length} passwords and words that are tried first, sorted: many of them are not fit to be read.`,
    'const PREFIXES = Buffer.from(',
    `  [\n${lines.map((line) => `    '${line}',`).join('\n')}\n  ].join(''),\n  'base64',\n);`,
    '',
    'const known = new Set(Array.from({ length: PREFIXES.length / 4 }, (_, place) => PREFIXES.readUInt32BE(place * 4)));',
    '',
    '/** Lower case. One of four thousand million others is taken for one of them, too. */',
    "export const isCommon = (word: string): boolean => known.has(createHash('sha256').update(word).digest().readUInt32BE(0));",
    '',
  ].join('\n'),
);
