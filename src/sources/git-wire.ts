import { execFile } from 'node:child_process';
import type { Wire } from './wire.ts';

/** The most that one command may print. */
const LIMIT = 512 * 1024 * 1024;

/**
 * Settings of the machine and of the repository by which git would run a program, each set to what runs nothing. A
 * clone that somebody else made is data; it must not be able to say what is run here.
 */
const HARDENED = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.attributesFile=/dev/null',
  'diff.external=',
  'log.showSignature=false',
  'gpg.program=gpg',
  'gpg.ssh.program=ssh-keygen',
  'gpg.x509.program=gpgsm',
  'protocol.allow=never',
  'safe.directory=*',
  'core.quotePath=false',
  'i18n.logOutputEncoding=UTF-8',
];

/** Runs git in the folder named by `url` with the arguments in the body. 200 where it succeeded; otherwise 500 and what it said. */
export const gitWire: Wire = async ({ url, body }) => {
  const args: unknown = JSON.parse(Buffer.from(body ?? []).toString('utf8'));
  if (!Array.isArray(args)) throw new TypeError('git is given a list of arguments');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CEILING_DIRECTORIES: '',
  };
  const settings = HARDENED.flatMap((setting) => ['-c', setting]);
  return new Promise((done, fail) => {
    execFile(
      'git',
      [...settings, '--no-pager', '-C', url, ...args.map(String)],
      { env, encoding: 'buffer', maxBuffer: LIMIT, timeout: 600_000 },
      (error, stdout, stderr) => {
        if (!error) done({ status: 200, headers: {}, body: new Uint8Array(stdout) });
        else if ('code' in error && error.code === 'ENOENT')
          fail(new Error('there is no git on this machine, or no such folder. Install git, or take the source away'));
        else if (typeof error.code === 'number' && !error.killed) done({ status: 500, headers: {}, body: new Uint8Array(stderr) });
        else fail(error);
      },
    );
  });
};
