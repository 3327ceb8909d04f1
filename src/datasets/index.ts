import { alertEvents } from './alert/events.ts';
import { birthrightRules } from './access/birthright-rules.ts';
import { privilegedSessions } from './access/privileged-sessions.ts';
import { accessRequests } from './access/requests.ts';
import { roleDefinitions } from './access/role-definitions.ts';
import { sodRules } from './access/sod-rules.ts';
import { cloudAccounts } from './asset/cloud-accounts.ts';
import { endpointActivity } from './asset/endpoint-activity.ts';
import { endpoints } from './asset/endpoints.ts';
import { applications } from './access/applications.ts';
import { credentialChanges } from './access/credential-changes.ts';
import { grants } from './access/grants.ts';
import { groupRules } from './access/group-rules.ts';
import { groups } from './access/groups.ts';
import { roles } from './access/roles.ts';
import { systems } from './asset/systems.ts';
import { checkRuns } from './change/check-runs.ts';
import { commits } from './change/commits.ts';
import { deployments } from './change/deployments.ts';
import { environments } from './change/environments.ts';
import { pullRequests } from './change/pull-requests.ts';
import { releases } from './change/releases.ts';
import { reviews } from './change/reviews.ts';
import { rollbackTests } from './change/rollback-tests.ts';
import { ruleBypasses } from './change/rule-bypasses.ts';
import { tickets } from './change/tickets.ts';
import { workflowRuns } from './change/workflow-runs.ts';
import { drift } from './config/drift.ts';
import { resources } from './config/resources.ts';
import { certificates } from './crypto/certificates.ts';
import { tlsEndpoints } from './crypto/tls-endpoints.ts';
import type { Dataset } from './dataset.ts';
import { externalShares } from './dlp/external-shares.ts';
import { dlpPolicies } from './dlp/policies.ts';
import { dataUsage } from './env/data-usage.ts';
import { reports } from './governance/reports.ts';
import { jobChanges } from './hr/job-changes.ts';
import { terminations } from './hr/terminations.ts';
import { workers } from './hr/workers.ts';
import { accessKeys } from './iam/access-keys.ts';
import { keyActivity } from './iam/key-activity.ts';
import { passwordPolicies } from './iam/password-policies.ts';
import { permissions } from './iam/permissions.ts';
import { policies } from './iam/policies.ts';
import { principals } from './iam/principals.ts';
import { roleActivity } from './iam/role-activity.ts';
import { roleTakers } from './iam/role-takers.ts';
import { rootAccounts } from './iam/root-accounts.ts';
import { rootUses } from './iam/root-uses.ts';
import { activity } from './identity/activity.ts';
import { adminEvents } from './identity/admin-events.ts';
import { authPolicies } from './identity/auth-policies.ts';
import { lifecycleEvents } from './identity/lifecycle-events.ts';
import { logReads } from './identity/log-reads.ts';
import { logSpans } from './identity/log-spans.ts';
import { memberships } from './identity/memberships.ts';
import { mfaEnforcement } from './identity/mfa-enforcement.ts';
import { mfaFactors } from './identity/mfa-factors.ts';
import { otherEvents } from './identity/other-events.ts';
import { signIns } from './identity/sign-ins.ts';
import { users } from './identity/users.ts';
import { accounts } from './people/accounts.ts';
import { aliases } from './people/aliases.ts';
import { declarations } from './people/declarations.ts';
import { engagements } from './people/engagements.ts';
import { leavers } from './people/leavers.ts';
import { peopleKeys } from './people/keys.ts';
import { workers as people } from './people/workers.ts';
import { exceptions } from './policy/exceptions.ts';
import { authSettings } from './product/auth-settings.ts';
import { isolationTests } from './product/isolation-tests.ts';
import { registerEntries } from './register/entries.ts';
import { repoAccess } from './repo/access.ts';
import { branchProtection } from './repo/branch-protection.ts';
import { codeOwners } from './repo/code-owners.ts';
import { repoCommits } from './repo/commits.ts';
import { repoLifecycleEvents } from './repo/lifecycle-events.ts';
import { repoMembers } from './repo/members.ts';
import { repoOrganizations } from './repo/organizations.ts';
import { repoPermissions } from './repo/permissions.ts';
import { protectionChanges } from './repo/protection-changes.ts';
import { repositories } from './repo/repositories.ts';
import { campaigns } from './review/campaigns.ts';
import { decisions } from './review/decisions.ts';
import { secretsCoverage } from './secrets/coverage.ts';
import { secretFindings } from './secrets/findings.ts';
import { completions } from './training/completions.ts';
import { courses } from './training/courses.ts';
import { vulnerabilities } from './vulnerability/findings.ts';
import { scans } from './vulnerability/scans.ts';
import { departures } from './hr/departures.ts';
import { tokens } from './iam/tokens.ts';
import { servers } from './asset/servers.ts';
import { clauses } from './policy/clauses.ts';
import { documents } from './policy/documents.ts';
import { acceptances } from './policy/acceptances.ts';
import { checkParameters } from './config/parameters.ts';
import { hardeningRules } from './config/rules.ts';
import { cloudChanges } from './config/cloud-changes.ts';
import { runningArtifacts } from './change/running-artifacts.ts';
import { builtArtifacts } from './change/built-artifacts.ts';

/** Every dataset there is, those that are derived included. A test compares the list with the folder. */
export const datasets: readonly Dataset[] = [
  alertEvents,
  birthrightRules,
  privilegedSessions,
  accessRequests,
  roleDefinitions,
  sodRules,
  cloudAccounts,
  endpointActivity,
  endpoints,
  applications,
  credentialChanges,
  grants,
  groupRules,
  groups,
  roles,
  systems,
  checkRuns,
  commits,
  deployments,
  environments,
  pullRequests,
  releases,
  reviews,
  rollbackTests,
  ruleBypasses,
  tickets,
  workflowRuns,
  drift,
  resources,
  certificates,
  tlsEndpoints,
  externalShares,
  dlpPolicies,
  dataUsage,
  reports,
  jobChanges,
  terminations,
  workers,
  accessKeys,
  keyActivity,
  passwordPolicies,
  permissions,
  policies,
  principals,
  roleActivity,
  roleTakers,
  rootAccounts,
  rootUses,
  activity,
  adminEvents,
  authPolicies,
  lifecycleEvents,
  logReads,
  logSpans,
  memberships,
  mfaEnforcement,
  mfaFactors,
  otherEvents,
  signIns,
  users,
  accounts,
  aliases,
  declarations,
  engagements,
  leavers,
  peopleKeys,
  people,
  exceptions,
  authSettings,
  isolationTests,
  registerEntries,
  repoAccess,
  branchProtection,
  codeOwners,
  repoCommits,
  repoLifecycleEvents,
  repoMembers,
  repoOrganizations,
  repoPermissions,
  protectionChanges,
  repositories,
  campaigns,
  decisions,
  secretsCoverage,
  secretFindings,
  completions,
  courses,
  vulnerabilities,
  scans,
  departures,
  tokens,
  servers,
  clauses,
  documents,
  acceptances,
  checkParameters,
  hardeningRules,
  cloudChanges,
  runningArtifacts,
  builtArtifacts,
] as unknown as readonly Dataset[];
