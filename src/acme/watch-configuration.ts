import { ACCOUNT } from './aws.ts';
import { DEPLOYED } from './github-deployments.ts';
import { PROVENANCE, workflowOf } from './provenance.ts';

/** A source of Acme, as `tickmark.yaml` names it, and every how many nights it is asked. */
export interface AcmeSource {
  readonly source: string;
  readonly entry: string;
  readonly nights: number;
  /** Since when it is connected; from the first day, unless said. */
  readonly since?: 'connectedAt' | 'watchedAt';
}

/** Where Acme runs, and where AWS records changes of what is global. */
const REGIONS = ['us-east-1', 'eu-central-1'] as const;

const CONTAINERS = { accounts: [{ id: ACCOUNT, regions: ['eu-central-1'] }], foreign: ['public.ecr.aws/'] };
const TRAIL = { accounts: [{ id: ACCOUNT, regions: REGIONS }], pipelines: ['Deploy'], machines: ['BackupRunner'], projects: ['ACME'] };
const BUILT = { path: PROVENANCE, builders: DEPLOYED.map(workflowOf), verifiedBy: 'job "attestations" of acme/infrastructure' };
const PAGES = {
  subdomain: 'acme',
  priorities: { P1: 'critical', P2: 'high', P3: 'medium', P4: 'low' },
  conclusions: { confirmed: 'true_positive', 'false alarm': 'false_positive', 'no harm': 'benign' },
};

const entry = (collector: string, name: string, config: object, credentials: string): string =>
  `collector: ${collector}, name: ${name}, every: 1d, config: ${JSON.stringify(config)}, credentials: ${credentials}`;

/** Sources of what runs and what was built, of changes by hand, of tokens and of pages in the night. */
export const WATCHING: readonly AcmeSource[] = [
  { source: 'aws/cloudtrail/production', entry: entry('aws/cloudtrail', 'production', TRAIL, 'default'), nights: 1, since: 'connectedAt' },
  {
    source: 'pagerduty/incidents/acme',
    entry: entry('pagerduty/incidents', 'acme', PAGES, '{ token: env:ACME_PAGERDUTY_TOKEN }'),
    nights: 1,
    since: 'connectedAt',
  },
  {
    source: 'github/tokens/acme',
    entry: entry('github/tokens', 'acme', { org: 'acme', singleSignOn: true }, '{ token: env:ACME_GITHUB_APP_TOKEN }'),
    nights: 1,
    since: 'watchedAt',
  },
  { source: 'aws/containers/production', entry: entry('aws/containers', 'production', CONTAINERS, 'default'), nights: 1, since: 'watchedAt' },
  { source: 'slsa/provenance/images', entry: `collector: slsa/provenance, name: images, config: ${JSON.stringify(BUILT)}`, nights: 1, since: 'watchedAt' },
];
