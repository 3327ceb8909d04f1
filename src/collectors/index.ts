import { awsIam } from './aws/iam.ts';
import type { Collector } from './collector.ts';
import { githubOrganization } from './github/organization.ts';
import { githubRepositories } from './github/repositories.ts';
import { googleWorkspaceUsers } from './google-workspace/users.ts';
import { hrBamboohr } from './hr/bamboohr.ts';
import { hrCsv } from './hr/csv.ts';
import { oktaUsers } from './okta/users.ts';
import { scimUsers } from './scim/users.ts';

/** Every collector there is. A test compares the list with the folder. */
export const collectors: readonly Collector[] = [
  awsIam,
  githubOrganization,
  githubRepositories,
  googleWorkspaceUsers,
  hrBamboohr,
  hrCsv,
  oktaUsers,
  scimUsers,
] as unknown as readonly Collector[];
