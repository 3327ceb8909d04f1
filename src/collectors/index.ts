import { awsIam } from './aws/iam.ts';
import type { Collector } from './collector.ts';
import { githubOrganization } from './github/organization.ts';
import { githubRepositories } from './github/repositories.ts';
import { hrCsv } from './hr/csv.ts';
import { oktaUsers } from './okta/users.ts';
import { tlsEndpointsCollector } from './tls/endpoints.ts';

/** Every collector there is. A test compares the list with the folder. */
export const collectors: readonly Collector[] = [
  awsIam,
  githubOrganization,
  githubRepositories,
  hrCsv,
  oktaUsers,
  tlsEndpointsCollector,
] as unknown as readonly Collector[];
