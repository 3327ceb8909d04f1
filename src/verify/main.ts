// The verifier of bundles as one program: it needs Node and nothing else. tools/build.ts makes one file of it.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { ConfigurationError, TickmarkError } from '../core/error.ts';
import { printable, printableJson } from '../core/printable.ts';
import { verifyBundle } from './bundle.ts';
import { openBundle } from './bundle-files.ts';
import { verdictText } from './words.ts';

const USAGE = `Usage: node tickmark-verify.mjs BUNDLE [--key VKEY] [--checkpoint FILE] [--tsa-ca FILE] [--witness KEY]... [--json]

  --key VKEY         the key of the log, as you know it from elsewhere
  --checkpoint FILE  a checkpoint you have kept: the log of the bundle must continue it
  --tsa-ca FILE      the certificates that timestamps must lead to, as you know them from elsewhere
  --witness KEY      the key of a witness, as you know it: what it signed is verified; may be given again
  --json             the answer as JSON

Exit codes: 0 nothing is missing and nothing altered; 2 usage; 3 something is.
`;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = read(args);
  const [file] = positionals;
  if (values.help || file === undefined || positionals.length > 1) {
    process.stderr.write(USAGE);
    return values.help ? 0 : 2;
  }
  const files = openBundle(file);
  const pin = values.checkpoint === undefined ? null : bytesOf(values.checkpoint);
  const verdict = await verifyBundle({ files, key: values.key ?? null, pin, authorities: values['tsa-ca'] ?? null, witnesses: values.witness ?? [] });
  files.close();
  process.stdout.write(`${values.json ? printableJson(verdict) : verdictText(verdict)}\n`);
  return verdict.sound ? 0 : 3;
}

function read(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: text, checkpoint: text, 'tsa-ca': text, witness: { ...text, multiple: true }, json: flag, help: flag },
    });
  } catch (cause) {
    throw new ConfigurationError((cause as Error).message, cause);
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConfigurationError(`--checkpoint ${file}: ${(cause as Error).message}`, cause);
  }
}

// One file for all: threads that open payloads start here too.
if (isMainThread) await run();

async function run(): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof TickmarkError)) throw error;
    process.stderr.write(`tickmark-verify: ${printable(error.message)}\n`);
    process.exitCode = error.exit;
  }
}
