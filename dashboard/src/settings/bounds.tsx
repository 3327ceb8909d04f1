import type { Answer } from '../api/ask.ts';
import { InputField, SelectField } from '../parts/Form.tsx';
import { spoken } from '../time.ts';

type User = Answer<'users', 'one'>['user'];
export type Role = User['role'];

const ROLES: Readonly<Record<Role, string>> = {
  admin: 'runs Tickmark, and may do everything',
  manager: 'runs the programmes: sources, statements, findings, alerts',
  member: 'does their own tasks, and sees the posture',
  auditor: 'reads, and changes nothing',
};

/** What an auditor's view is bounded to, in words. */
export function saidBounds(bounds: User['bounds']): string {
  if (bounds === null) return 'all that the role may';
  const { period, controls } = bounds;
  return [
    ...(period === null ? [] : [`from ${spoken(period.from)} up to ${spoken(period.to)}`]),
    ...(controls === null ? [] : [controls.length > 4 ? `${controls.length} controls` : controls.join(', ')]),
  ].join(', ');
}

const whole = (text: string): string => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);

/** As the API takes them: `FROM..TO`, and ids. Nothing written: no bounds. */
export function boundsFrom(period: string, controls: string): { readonly period: string | null; readonly controls: readonly string[] | null } | null {
  const ids = controls.split(/[\s,]+/).filter((id) => id !== '');
  const asked = period.trim() === '' ? null : period.trim().split('..').map(whole).join('..');
  return asked === null && ids.length === 0 ? null : { period: asked, controls: ids.length === 0 ? null : ids };
}

/** Of an auditor: the audit that they see. */
export const BoundsFields = ({
  period,
  controls,
  onPeriod,
  onControls,
}: {
  readonly period: string;
  readonly controls: string;
  readonly onPeriod: (text: string) => void;
  readonly onControls: (text: string) => void;
}) => (
  <>
    <InputField
      id="bounds-period"
      name="Period of the audit, from..up to; nothing: all of it"
      maxLength={82}
      placeholder="2026-01-01..2027-01-01"
      value={period}
      onChange={onPeriod}
    />
    <InputField name="Controls of the audit; nothing: all of them" maxLength={2000} placeholder="AC-01 AC-03 CM-02" value={controls} onChange={onControls} />
  </>
);

export const RoleField = ({
  id,
  name,
  value,
  onChange,
}: {
  readonly id?: string;
  readonly name: string;
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}) => (
  <SelectField
    name={name}
    {...(id === undefined ? {} : { id })}
    value={value}
    onChange={onChange}
    of={(Object.entries(ROLES) as [Role, string][]).map(([role, says]) => [role, `${role}: ${says}`] as const)}
  />
);
