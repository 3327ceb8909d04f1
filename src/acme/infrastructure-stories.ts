/** When each thing happens to the infrastructure and its scans, so many days before the last day. */
export const INFRASTRUCTURE = {
  lateVolume: { made: 140, encrypted: 122 },
  openVolume: { made: 25, encrypted: 10 },
  archive: { encrypted: 133 },
  planned: { from: 24, to: 9 },
  oldFinding: {
    from: 54,
    to: 20,
    check: 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
    resource: 'arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0bastion',
  },
  timelyFix: { from: 200, to: 150 },
  suppressed: { from: 36, to: 22, rule: 'javascript.lang.security.audit.path-traversal' },
  timelyCode: { from: 240, to: 200, rule: 'javascript.express.security.cookie-not-secure' },
} as const;

export const INFRASTRUCTURE_STORIES = [
  {
    name: 'late encryption',
    tells: 'a volume was declared without encryption, and encrypted after eighteen days',
    check: 'stores-encrypted-in-code',
    item: 'aws_ebs_volume.search',
    open: false,
  },
  { name: 'plain volume', tells: 'a volume was declared without encryption', check: 'stores-encrypted-in-code', item: 'aws_ebs_volume.analytics', open: false },
  {
    name: 'plain in fact',
    tells: 'a volume was without encryption by the state, though the code said otherwise',
    check: 'stores-encrypted-in-code',
    item: 'aws_ebs_volume.archive',
    open: false,
  },
  {
    name: 'plain by plan',
    tells: 'a plan that waited to be applied would have made a volume without encryption',
    check: 'stores-encrypted-in-code',
    item: 'aws_ebs_volume.scratch',
    open: false,
  },
  {
    name: 'old finding',
    tells: 'a security group let the internet in for longer than a high finding may stay open',
    check: 'vulnerabilities-fixed-on-time',
    item: INFRASTRUCTURE.oldFinding.check,
    open: false,
  },
  {
    name: 'suppressed finding',
    tells: 'a finding was suppressed in the code, and nobody said why',
    check: 'vulnerability-dismissals-explained',
    item: INFRASTRUCTURE.suppressed.rule,
    open: false,
  },
] as const;
