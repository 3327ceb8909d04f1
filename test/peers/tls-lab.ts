import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../postgres.ts';

export const onMachine = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** How a certificate of the lab is made; whatever is not said is as it should be. */
export interface Making {
  readonly key?: readonly string[];
  readonly digest?: string;
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  readonly name?: string;
  readonly by?: 'root' | 'intermediate' | 'itself';
}

export interface Lab {
  readonly roots: string;
  readonly dir: string;
  certificate(name: string, making: Making): { readonly certificate: string; readonly key: string };
  openssl(name: string, making: Making, args: readonly string[], chain?: boolean): Promise<number>;
  start(program: string, args: readonly string[], port: number): Promise<void>;
  stop(): Promise<void>;
}

const CONFIGURATION = (dir: string) => `
[ca]
default_ca = it
[it]
dir = ${dir}
database = ${dir}/index.txt
new_certs_dir = ${dir}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
email_in_dn = no
[any]
commonName = supplied
[issuer]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:FALSE
`;

/** Certificates by the OpenSSL of this machine, and servers that nobody here wrote. */
export function tlsLab(): Lab {
  const dir = mkdtempSync(join(tmpdir(), 'tls-lab-'));
  const children: ChildProcess[] = [];
  const at = (file: string) => join(dir, file);
  const run = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe', cwd: dir });
  const when = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '');
  mkdirSync(dir, { recursive: true });
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('ca.cnf'), CONFIGURATION(dir));

  const sign = (
    name: string,
    subject: string,
    { key = ['-newkey', 'rsa:2048'], digest = 'sha256', from = -1, to = 60, by = 'intermediate' }: Making,
    extra: readonly string[],
  ) => {
    const names = extra.includes('leaf') ? ['-addext', `subjectAltName=DNS:${subject}`] : [];
    run('req', '-new', ...key, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`, ...names);
    const signer = by === 'itself' ? ['-selfsign', '-keyfile', `${name}.key`] : ['-cert', `${by}.pem`, '-keyfile', `${by}.key`];
    run(
      'ca',
      '-batch',
      '-config',
      'ca.cnf',
      ...signer,
      '-md',
      digest,
      '-startdate',
      when(from),
      '-enddate',
      when(to),
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      '-notext',
      '-extensions',
      ...extra,
    );
    return { certificate: at(`${name}.pem`), key: at(`${name}.key`) };
  };
  sign('root', 'Root of the lab', { by: 'itself', to: 400 }, ['issuer']);
  sign('intermediate', 'Intermediate of the lab', { by: 'root', to: 300 }, ['issuer']);

  const lab: Lab = {
    roots: readFileSync(at('root.pem'), 'utf8'),
    dir,
    certificate: (name, making) => sign(name, making.name ?? `${name}.acme.example`, making, ['leaf']),
    async openssl(name, making, args, chain = true) {
      const port = await freePort();
      const { certificate, key } = lab.certificate(name, making);
      const served = chain && making.by !== 'itself' ? ['-cert_chain', at('intermediate.pem')] : [];
      await lab.start('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', certificate, '-key', key, ...served, '-www', ...args], port);
      return port;
    },
    async start(program, args, port) {
      const child = spawn(program, args, { stdio: 'ignore', cwd: dir });
      children.push(child);
      for (let attempt = 0; attempt < 100; attempt++) {
        if (await listens(port)) return;
        if (child.exitCode !== null) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`${program} ${args.join(' ')} did not begin to listen`);
    },
    async stop() {
      const running = children.filter(({ exitCode }) => exitCode === null);
      const gone = running.map((child) => new Promise((done) => child.once('exit', done)));
      for (const child of running) child.kill('SIGTERM');
      await Promise.all(gone);
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return lab;
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
