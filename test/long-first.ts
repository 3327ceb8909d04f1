import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take longest, longest first: one that began last would keep a single processor busy while the others have ended. */
const LONG = [
  'test/acme.test.ts',
  'test/command-line.test.ts',
  'src/collectors/github/changes.scale.test.ts',
  'src/app/jobs.test.ts',
  'src/engine/engine.test.ts',
  'src/jobs/worker.test.ts',
  'test/log/tamper.test.ts',
  'src/server/sign-in/doors.test.ts',
  'test/peers/aws.peers.test.ts',
  'test/peers/s3.peers.test.ts',
  'test/jobs/crowd.peers.test.ts',
  'test/peers/anchors.peers.test.ts',
  'test/peers/shared-log.peers.test.ts',
  'test/peers/shared-keys.peers.test.ts',
  'test/peers/github-changes.peers.test.ts',
  'test/dashboard.browser.test.ts',
  'test/onboarding.browser.test.ts',
];

/** The order of a machine that has never run them; one that has goes by how long they took. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    if (files.some((file) => this.ctx.cache.getTestSpecificationResult(file) !== undefined)) return sorted;
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONG.findIndex((path) => moduleId.endsWith(`/${path}`));
      return place < 0 ? LONG.length : place;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
