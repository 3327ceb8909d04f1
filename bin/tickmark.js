#!/usr/bin/env node
// The door for people: plain JavaScript that any Node can parse. It finds the pinned Node and starts the program with it.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MIN = 24;
const root = join(dirname(realpathSync(fileURLToPath(import.meta.url))), '..');
// A clone runs its TypeScript; the published package has no sources and runs what was compiled from them.
const main = [join(root, 'src', 'cli', 'main.ts'), join(root, 'dist', 'cli', 'main.js')].find((file) => existsSync(file));

if (main === undefined) fail(`the program is not there: neither src/ nor dist/ is in ${root}`);
else if (Number(process.versions.node.split('.')[0]) >= MIN) {
  process.env.UV_THREADPOOL_SIZE ??= '8'; // a record waits for eight files to be confirmed: with Node's four threads it waits twice
  module.enableCompileCache?.(join(root, 'node_modules/.cache/compiled')); // half of a short command is reading its own code; nobody else writes there
  await import(pathToFileURL(main).href);
} else restart();

function restart() {
  const node = pinnedNode();
  if (!node) return fail(`needs Node ${MIN} or newer; this is ${process.version}, and the pinned Node is not installed. Run "npm ci" in ${root}.`);
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' }); // this door again, by a Node that can go through it
  // A terminal sends Ctrl-C to both processes: forwarding it too would make the child see it twice.
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const signals = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'];
  for (const name of signals) {
    process.on(name, () => {
      if (!(terminal && (name === 'SIGINT' || name === 'SIGQUIT'))) child.kill(name);
    });
  }
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 2);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal); // die the same way, so that a shell sees 128 + n
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100);
  });
}

/** Our own node_modules first, then the folders above it: as somebody's dependency we are hoisted. */
function pinnedNode() {
  const { platform, arch } = process;
  const binary = platform === 'win32' ? 'node.exe' : 'node';
  const packages = [`node-${platform === 'win32' ? 'win' : platform}-${arch}`, `node-bin-${platform}-${arch}`];
  for (let folder = root; ; folder = dirname(folder)) {
    for (const name of packages) {
      const file = join(folder, 'node_modules', name, 'bin', binary);
      if (existsSync(file)) return file;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function fail(why) {
  console.error(`tickmark: ${why}`);
  process.exit(2);
}
