import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './postgres.ts';
import type { S3Server } from './s3-lab.ts';

/** Whether Ceph's S3 gateway, and what it stands on, are on this machine. */
export const hasRadosgw = (): boolean => ['radosgw', 'radosgw-admin', 'ceph', 'ceph-mon', 'ceph-osd'].every((it) => existsSync(`/usr/bin/${it}`));

/** A whole Ceph in memory on free ports of this machine: one monitor, one store, one gateway. The user is `testing`, whose secret is `testing`. */
export async function startRadosgw(): Promise<S3Server> {
  const dir = mkdtempSync(join(tmpdir(), 'ceph-'));
  const [mon, gateway] = [await freePort(), await freePort()];
  const [conf, keyring, fsid] = [join(dir, 'ceph.conf'), join(dir, 'keyring'), randomUUID()];
  for (const name of ['mon', 'osd', 'run', 'rgw']) mkdirSync(join(dir, name));
  writeFileSync(
    conf,
    `[global]
fsid = ${fsid}
mon host = v1:127.0.0.1:${mon}
public network = 127.0.0.0/8
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = ${keyring}
run dir = ${dir}/run
admin socket = ${dir}/run/$name.asok
log file = ${dir}/$name.log
crash dir = ${dir}/run
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 2000
mon data = ${dir}/mon
mon data avail crit = 1
osd data = ${dir}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
`,
  );
  const run = (program: string, ...rest: readonly string[]): string =>
    execFileSync(`/usr/bin/${program}`, rest, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', cwd: dir, timeout: 120_000 });
  const children: ChildProcess[] = [];
  const start = (program: string, ...rest: readonly string[]): void =>
    void children.push(spawn(`/usr/bin/${program}`, [...rest, '-c', conf, '-f'], { stdio: 'ignore', cwd: dir }));
  const stop = (): void => {
    for (const child of children.reverse()) child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };

  try {
    run('ceph-authtool', '--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
    run('ceph-authtool', keyring, '--gen-key', '-n', 'client.admin', '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *');
    run('monmaptool', '--create', '--addv', 'a', `[v1:127.0.0.1:${mon}]`, '--fsid', fsid, join(dir, 'monmap'));
    run('ceph-mon', '--mkfs', '-i', 'a', '-c', conf, '--monmap', join(dir, 'monmap'), '--keyring', keyring);
    start('ceph-mon', '-i', 'a');
    const ceph = (...rest: readonly string[]): string => run('ceph', '-c', conf, '--connect-timeout', '60', ...rest);
    const osd = ceph('osd', 'create').trim();
    ceph('auth', 'get-or-create', `osd.${osd}`, 'mon', 'allow profile osd', 'osd', 'allow *', '-o', join(dir, 'osd.keyring'));
    run('ceph-osd', '-i', osd, '-c', conf, '--mkfs', '--no-mon-config', '--osd-uuid', randomUUID());
    start('ceph-osd', '-i', osd, '--keyring', join(dir, 'osd.keyring'));
    ceph('auth', 'get-or-create', 'client.rgw', 'mon', 'allow rw', 'osd', 'allow rwx', '-o', join(dir, 'rgw.keyring'));
    start(
      'radosgw',
      '-n',
      'client.rgw',
      '--keyring',
      join(dir, 'rgw.keyring'),
      '--rgw-frontends',
      `beast endpoint=127.0.0.1:${gateway}`,
      '--rgw-data',
      join(dir, 'rgw'),
    );
    await answers(`http://127.0.0.1:${gateway}/`);
    run('radosgw-admin', '-c', conf, 'user', 'create', '--uid', 'testing', '--display-name', 'testing', '--access-key', 'testing', '--secret', 'testing');
  } catch (error) {
    stop();
    throw error;
  }
  return { endpoint: `http://127.0.0.1:${gateway}`, stop };
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${url} does not answer`);
}
