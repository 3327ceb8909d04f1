import { tickmark } from '../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line in this process, as if it were started in a folder. That a process of its own comes to the same,
 * and ends, is tried by a few tests; to start one for each question takes longer than all the answers.
 */
export async function ranHere(words: readonly string[], cwd: string): Promise<Ran> {
  const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const into = (chunks: Buffer[]) => ({ write: (chunk: string | Uint8Array) => void chunks.push(Buffer.from(chunk as string)) });
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const code = await tickmark(words, { stdout: into(said.stdout), stderr: into(said.stderr) });
    return { code, stdout: Buffer.concat(said.stdout).toString('utf8'), stderr: Buffer.concat(said.stderr).toString('utf8') };
  } finally {
    process.chdir(before);
  }
}
