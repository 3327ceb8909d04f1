import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Wire } from './wire.ts';

/** The most that one command may print. */
const LIMIT = 512 * 1024 * 1024;

/**
 * Settings of the machine and of the repository by which git would run a program, or tell otherwise than it is, each set
 * to what does neither. A clone that somebody else made is data; it must not be able to say what is run here.
 */
const HARDENED = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.attributesFile=/dev/null',
  'core.alternateRefsCommand=',
  'core.commitGraph=false', // a file beside the objects that could name other parents than they do
  'core.quotePath=false',
  'blame.ignoreRevsFile=',
  'color.ui=false',
  'gpg.program=gpg',
  'gpg.ssh.program=ssh-keygen',
  'gpg.x509.program=gpgsm',
  'gpg.ssh.allowedSignersFile=/dev/null', // the clone would say whose signatures to believe
  'gpg.minTrustLevel=undefined',
  'i18n.logOutputEncoding=UTF-8',
  'log.follow=false',
  'log.showRoot=true',
  'log.showSignature=false',
  'protocol.allow=never',
  'safe.directory=*',
];

/** The whole environment: nothing that is set around us reaches git. */
const environment = () => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  // A partial clone asks its origin for what it lacks, by whatever program its configuration names. Older versions know
  // only the second of these, and a repository's own "protocol.ext.allow" yields to nothing else.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
});

/**
 * Runs git in the folder named by `url` with the arguments in the body. 200 where it succeeded; otherwise 500 and what it
 * said. An answer of `rev-parse` says in `last-modified` when the repository was last fetched into, if it ever was.
 */
export const gitWire: Wire = async ({ url, body }) => {
  const args: unknown = JSON.parse(Buffer.from(body ?? []).toString('utf8'));
  if (!Array.isArray(args)) throw new TypeError('git is given a list of arguments');
  const answer = await git(url, args.map(String));
  if (!answer.succeeded) return { status: 500, headers: {}, body: answer.printed };
  const fetched = args[0] === 'rev-parse' ? await fetchedAt(url) : null;
  return { status: 200, headers: fetched === null ? {} : { 'last-modified': fetched.toUTCString() }, body: answer.printed };
};

function git(folder: string, args: readonly string[]): Promise<{ readonly succeeded: boolean; readonly printed: Uint8Array }> {
  const settings = HARDENED.flatMap((setting) => ['-c', setting]);
  return new Promise((done, fail) => {
    execFile(
      'git',
      [...settings, '--no-pager', '-C', folder, ...args],
      { env: environment(), encoding: 'buffer', maxBuffer: LIMIT, timeout: 600_000 },
      (error, stdout, stderr) => {
        if (!error) done({ succeeded: true, printed: new Uint8Array(stdout) });
        else if ('code' in error && error.code === 'ENOENT') fail(new Error('there is no git on this machine. Install git, or take the source away'));
        else if (typeof error.code === 'number' && !error.killed) done({ succeeded: false, printed: new Uint8Array(stderr) });
        else fail(error);
      },
    );
  });
}

/** When something was last fetched into the repository: git writes a file then, whether or not there was anything new. */
async function fetchedAt(folder: string): Promise<Date | null> {
  const { succeeded, printed } = await git(folder, ['rev-parse', '--path-format=absolute', '--git-path', 'FETCH_HEAD']);
  if (!succeeded) return null;
  return stat(Buffer.from(printed).toString('utf8').trimEnd()).then(
    ({ mtime }) => mtime,
    () => null,
  );
}
