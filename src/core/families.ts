/** A family of controls, as people speak of it: the controls whose ids begin so. */
export interface Family {
  /** As it stands in addresses. */
  readonly id: string;
  readonly prefix: string;
  readonly title: string;
  /** The question that its page answers. */
  readonly asks: string;
  /** What tells of it: said where nothing is known yet. */
  readonly connect: string;
  /** Of the entries of registers, those that it is about: where rows of registers are shown, these are shown first. */
  readonly register?: string;
  /** The one chart that says most. Deviations over time, unless said. */
  readonly chart?: 'removal' | 'merges' | 'responses' | { readonly outcomes: readonly string[] };
}

/** In the order of the navigation. */
export const FAMILIES: readonly Family[] = [
  {
    id: 'access',
    prefix: 'AC-',
    title: 'Access',
    asks: 'Who has access that they should not have',
    connect: 'Connect HR and the identity provider: together they tell who works here and which accounts are theirs.',
    chart: 'removal',
  },
  {
    id: 'change',
    prefix: 'CM-',
    title: 'Changes',
    asks: 'Whether anything reached production without approval and tests',
    connect: 'Connect the host of the repositories: it tells what was merged, by whom it was reviewed, and what was deployed.',
    chart: 'merges',
  },
  {
    id: 'endpoints',
    prefix: 'EP-',
    title: 'Endpoints',
    asks: 'Which device is not protected',
    connect: 'Connect the management of devices: it tells of every laptop whether it is encrypted, locked and up to date.',
    chart: {
      outcomes: [
        'devices-managed',
        'devices-encrypted',
        'devices-locked',
        'devices-supported',
        'devices-protected',
        'devices-assigned',
        'removable-media-blocked',
      ],
    },
  },
  {
    id: 'encryption',
    prefix: 'EN-',
    title: 'Encryption',
    asks: 'What is stored or sent in the clear, and which certificate ends next',
    connect: 'Connect the infrastructure code and the addresses that customers use.',
  },
  {
    id: 'logging',
    prefix: 'LM-',
    title: 'Logging and response',
    asks: 'Whether alerts reach people, and how long people took',
    connect: 'Connect the tool that raises alerts, or send those of Tickmark to a channel.',
    chart: 'responses',
  },
  {
    id: 'vulnerabilities',
    prefix: 'VM-',
    title: 'Vulnerabilities',
    asks: 'What is weak and was not mended in time',
    connect: 'Connect a scanner, or have its exports read from a folder.',
  },
  {
    id: 'vendors',
    prefix: 'VN-',
    title: 'Vendors',
    asks: 'Who holds our data, and whether somebody has looked at them lately',
    connect: 'Keep a register of vendors in the repository and connect it.',
    register: 'vendors',
  },
  {
    id: 'incidents',
    prefix: 'IR-',
    title: 'Incidents',
    asks: 'What happened, and what was learned from it',
    connect: 'Keep a register of incidents in the repository and connect it.',
    register: 'incidents',
  },
  {
    id: 'continuity',
    prefix: 'BC-',
    title: 'Continuity',
    asks: 'Whether we can come back, and how fast',
    connect: 'Connect the cloud accounts: they tell of backups and of what was restored.',
  },
  {
    id: 'risks',
    prefix: 'RM-',
    title: 'Risks',
    asks: 'What could hurt, who carries it, and whether somebody has looked at it lately',
    connect: 'Keep a register of risks in the repository and connect it.',
    register: 'risks',
  },
  {
    id: 'policies',
    prefix: 'PO-',
    title: 'Policies',
    asks: 'What we said, and whether it is so',
    connect: 'Keep the policies in the repository and connect it.',
  },
  {
    id: 'training',
    prefix: 'TR-',
    title: 'Training',
    asks: 'Who has not learned what they must',
    connect: 'Connect the training system and HR: together they tell who has to learn what, and who has.',
    chart: { outcomes: ['workers-trained', 'joiners-trained', 'role-courses-completed', 'training-records-proven'] },
  },
  {
    id: 'retention',
    prefix: 'RD-',
    title: 'Retention',
    asks: 'What should be gone, and is not',
    connect: 'Connect the stores of data, and say in the configuration for how long each is kept.',
  },
  {
    id: 'privacy',
    prefix: 'PR-',
    title: 'Privacy',
    asks: 'Whether people are told what is done with their data, and heard when they ask',
    connect: 'State requests of people and how they were answered.',
  },
  {
    id: 'governance',
    prefix: 'GV-',
    title: 'Governance',
    asks: 'Whether those who are to oversee do so',
    connect: 'State meetings and decisions of those who oversee.',
  },
];
