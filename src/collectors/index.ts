import { awsIam } from './aws/iam.ts';
import type { Collector } from './collector.ts';
import { csvDataset } from './csv/dataset.ts';
import { filesRegisters } from './files/registers.ts';
import { fleetHosts } from './fleet/hosts.ts';
import { gitRepository } from './git/repository.ts';
import { githubAlerts } from './github/alerts.ts';
import { githubAuditLog } from './github/audit-log.ts';
import { githubChanges } from './github/changes.ts';
import { githubDeployments } from './github/deployments.ts';
import { githubOrganization } from './github/organization.ts';
import { githubRepositories } from './github/repositories.ts';
import { githubWorkflowRuns } from './github/workflow-runs.ts';
import { googleWorkspaceUsers } from './google-workspace/users.ts';
import { hrBamboohr } from './hr/bamboohr.ts';
import { hrCsv } from './hr/csv.ts';
import { oktaApplications } from './okta/applications.ts';
import { jiraIssues } from './jira/issues.ts';
import { knowbe4Training } from './knowbe4/training.ts';
import { linearIssues } from './linear/issues.ts';
import { oktaSystemLog } from './okta/system-log.ts';
import { oktaUsers } from './okta/users.ts';
import { pagerdutyIncidents } from './pagerduty/incidents.ts';
import { scannerOcsf } from './scanner/ocsf.ts';
import { scannerSarif } from './scanner/sarif.ts';
import { scimUsers } from './scim/users.ts';
import { slackUsers } from './slack/users.ts';
import { terraformConfiguration } from './terraform/configuration.ts';
import { terraformState } from './terraform/state.ts';
import { tlsEndpointsCollector } from './tls/endpoints.ts';
import { githubTokens } from './github/tokens.ts';
import { awsCloudtrail } from './aws/cloudtrail.ts';
import { awsCloudwatchAlarms } from './aws/cloudwatch-alarms.ts';
import { awsContainers } from './aws/containers.ts';
import { slsaProvenance } from './slsa/provenance.ts';

/** Every collector there is. A test compares the list with the folder. */
export const collectors: readonly Collector[] = [
  awsIam,
  csvDataset,
  filesRegisters,
  fleetHosts,
  gitRepository,
  githubAlerts,
  githubAuditLog,
  githubChanges,
  githubDeployments,
  githubOrganization,
  githubRepositories,
  githubWorkflowRuns,
  googleWorkspaceUsers,
  hrBamboohr,
  hrCsv,
  oktaApplications,
  jiraIssues,
  knowbe4Training,
  linearIssues,
  oktaSystemLog,
  oktaUsers,
  pagerdutyIncidents,
  scannerOcsf,
  scannerSarif,
  scimUsers,
  slackUsers,
  terraformConfiguration,
  terraformState,
  tlsEndpointsCollector,
  githubTokens,
  awsCloudtrail,
  awsCloudwatchAlarms,
  awsContainers,
  slsaProvenance,
] as unknown as readonly Collector[];
