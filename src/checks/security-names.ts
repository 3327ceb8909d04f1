/** What names a check or a workflow that looks for weaknesses or secrets, or the application that runs it. */
const WORDS = [
  'security',
  'code scanning',
  'dependency review',
  'vulnerab',
  'secret',
  'sast',
  'codeql',
  'semgrep',
  'snyk',
  'sonar',
  'trivy',
  'grype',
  'checkov',
  'tfsec',
  'bandit',
  'gosec',
  'brakeman',
  'gitleaks',
  'gitguardian',
  'trufflehog',
  'osv-scanner',
] as const;

export const SECURITY_WORDS = `a check whose name, or the name of whose application, has one of: ${WORDS.join(', ')}`;

/** By its name, for nothing else tells what a check does. */
export const isSecurityCheck = (...names: readonly (string | null)[]): boolean =>
  names.some((name) => name !== null && WORDS.some((word) => name.toLowerCase().includes(word)));
