import { awsIam } from './aws/iam.ts';
import type { Collector } from './collector.ts';
import { githubOrganization } from './github/organization.ts';
import { githubRepositories } from './github/repositories.ts';
import { hrCsv } from './hr/csv.ts';
import { oktaUsers } from './okta/users.ts';
import { scannerOcsf } from './scanner/ocsf.ts';
import { scannerSarif } from './scanner/sarif.ts';
import { terraformConfiguration } from './terraform/configuration.ts';
import { terraformState } from './terraform/state.ts';

/** Every collector there is. A test compares the list with the folder. */
export const collectors: readonly Collector[] = [
  awsIam,
  githubOrganization,
  githubRepositories,
  hrCsv,
  oktaUsers,
  scannerOcsf,
  scannerSarif,
  terraformConfiguration,
  terraformState,
] as unknown as readonly Collector[];
