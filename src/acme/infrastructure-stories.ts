/** When each thing happens to the infrastructure and its scans, so many days before the last day. */
export const INFRASTRUCTURE = {
  lateVolume: { made: 150, encrypted: 132 },
  openVolume: { made: 25 },
  planned: { since: 12 },
  oldFinding: {
    from: 100,
    to: -10_000,
    check: 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
    resource: 'arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0bastion',
  },
  timelyFix: { from: 200, to: 150 },
  suppressed: { since: 70, rule: 'javascript.lang.security.audit.path-traversal' },
  timelyCode: { from: 300, to: 260, rule: 'javascript.express.security.cookie-not-secure' },
} as const;

export const INFRASTRUCTURE_STORIES = [
  {
    name: 'late encryption',
    tells: 'a volume was declared without encryption, and encrypted after eighteen days',
    check: 'stores-encrypted-in-code',
    item: 'aws_ebs_volume.search',
    open: false,
  },
  { name: 'plain volume', tells: 'a volume is declared without encryption', check: 'stores-encrypted-in-code', item: 'aws_ebs_volume.analytics', open: true },
  {
    name: 'plain in fact',
    tells: 'a volume is without encryption by the state, though the code says otherwise',
    check: 'stores-encrypted-in-code',
    item: 'aws_ebs_volume.archive',
    open: true,
  },
  {
    name: 'plain by plan',
    tells: 'a plan that waits to be applied would make a volume without encryption',
    check: 'stores-encrypted-in-code',
    item: 'aws_ebs_volume.scratch',
    open: true,
  },
  {
    name: 'old finding',
    tells: 'a security group has let the internet in for longer than a high finding may stay open',
    check: 'vulnerabilities-fixed-on-time',
    item: INFRASTRUCTURE.oldFinding.check,
    open: true,
  },
  {
    name: 'suppressed finding',
    tells: 'a finding was suppressed in the code, and nobody said why',
    check: 'vulnerability-dismissals-explained',
    item: INFRASTRUCTURE.suppressed.rule,
    open: true,
  },
] as const;
