import { Several, Text } from './fields.tsx';

/** Systems that most companies have; whatever else there is can be named in tickmark.yaml. */
export const SYSTEMS = [
  { id: 'okta', name: 'Okta', identityProvider: true },
  { id: 'google-workspace', name: 'Google Workspace', identityProvider: false },
  { id: 'github', name: 'GitHub', identityProvider: false },
  { id: 'aws', name: 'AWS', identityProvider: false },
  { id: 'slack', name: 'Slack', identityProvider: false },
  { id: 'jira', name: 'Jira', identityProvider: false },
  { id: 'linear', name: 'Linear', identityProvider: false },
  { id: 'pagerduty', name: 'PagerDuty', identityProvider: false },
  { id: 'fleet', name: 'Fleet', identityProvider: false },
] as const;

export const PeriodFields = ({
  value,
  set,
  says,
}: {
  readonly value: { readonly from: string; readonly to: string };
  readonly set: (value: { readonly from: string; readonly to: string }) => void;
  readonly says: string | null;
}) => (
  <div className="pair">
    <Text name="Observation period, from" type="date" value={value.from} set={(from) => set({ ...value, from })} hint="Its first day" says={says} />
    <Text name="Up to, not included" type="date" value={value.to} set={(to) => set({ ...value, to })} hint="The day after its last" says={null} />
  </div>
);

const CATEGORIES = ['Security', 'Availability', 'Confidentiality', 'Processing integrity', 'Privacy'] as const;

export const Categories = ({ value, set }: { readonly value: readonly string[]; readonly set: (value: readonly string[]) => void }) => (
  <Several
    legend="Categories"
    hint="Security is in every SOC 2 report; the others are chosen with your customers"
    of={CATEGORIES.map((name) => ({ id: name, name, fixed: name === 'Security' }))}
    value={value}
    set={set}
  />
);

export const SystemsField = ({ value, set }: { readonly value: readonly string[]; readonly set: (value: readonly string[]) => void }) => (
  <Several legend="Systems in scope" hint="Those that you use; more can follow at any time" of={SYSTEMS} value={value} set={set} />
);
