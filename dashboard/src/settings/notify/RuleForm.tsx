import { useState } from 'react';
import { CAUSES } from '../../acts/causes.ts';
import { Form, InputField, SelectField } from '../../parts/Form.tsx';
import { ALL_CAUSES, type Cause, type Editor, listed, nameOf, type Rule, rulesOf } from './alerts.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
/** Of which causes a rule may name controls, and checks. */
const [OF_CONTROLS, OF_CHECKS]: readonly (readonly Cause[])[] = [
  ['control-fails', 'deviations', 'deadline', 'missed-occurrence'],
  ['deviations', 'deadline'],
];

/** When an alert is raised, how urgent it is, and whom it reaches. @param name of the rule that is changed; `null`: of a new one */
export function RuleForm({ editor, name, onDone }: { readonly editor: Editor; readonly name: string | null; readonly onDone: () => void }) {
  const rules = rulesOf(editor.alerts);
  const was = rules.find((rule) => nameOf(rule) === name);
  const [its, set] = useState(() => draftOf(was));
  const put = (part: Partial<Draft>) => set({ ...its, ...part });
  const go = async () => {
    const rule = ruleOf(its);
    const next = was ? rules.map((other) => (other === was ? rule : other)) : [...rules, rule];
    if (await editor.save({ rules: next }, `The rule ${nameOf(rule)} is in force.`)) onDone();
  };
  return (
    <Form button={was ? 'Save the rule' : 'Add the rule'} busy={editor.busy} onDo={() => void go()}>
      {!was && <SelectField name="When" id="rule-on" value={its.on} of={ALL_CAUSES.map((on) => [on, CAUSES[on]] as const)} onChange={(on) => put({ on })} />}
      <InputField
        name="Name"
        id="rule-name"
        placeholder={its.on}
        hint="Of its own where there are two of one cause."
        value={its.name}
        onChange={(text) => put({ name: text })}
      />
      <SelectField
        name="Whom it reaches"
        id="rule-route"
        value={its.route}
        of={editor.routes.map((route) => [route, `the route ${route}`] as const)}
        onChange={(route) => put({ route })}
      />
      <SelectField
        name="Severity"
        id="rule-severity"
        value={its.severity}
        none="as its cause is"
        of={SEVERITIES.map((severity) => [severity, severity] as const)}
        onChange={(severity) => put({ severity })}
      />
      {OF_CONTROLS?.includes(its.on) && (
        <InputField
          name="Controls"
          id="rule-controls"
          placeholder="all"
          hint="Ids, with commas between: AC-02, AC-14"
          value={its.controls}
          onChange={(controls) => put({ controls })}
        />
      )}
      {OF_CHECKS?.includes(its.on) && (
        <InputField
          name="Checks"
          id="rule-checks"
          placeholder="all"
          hint="Ids: leaver-access-removed"
          value={its.checks}
          onChange={(checks) => put({ checks })}
        />
      )}
      {its.on === 'deviations' && (
        <>
          <InputField
            name="From so many items on"
            id="rule-count"
            isShort
            placeholder="1"
            inputMode="numeric"
            value={its.count}
            onChange={(count) => put({ count })}
          />
          <InputField
            name="From this share of the population on"
            id="rule-share"
            placeholder="any"
            hint="10 of 100"
            value={its.share}
            onChange={(share) => put({ share })}
          />
        </>
      )}
      {its.on === 'evidence-gap' && (
        <InputField name="So long beyond its schedule" id="rule-after" isShort placeholder="6h" value={its.after} onChange={(after) => put({ after })} />
      )}
      {its.on === 'deadline' && (
        <InputField name="So long ahead" id="rule-within" isShort placeholder="7d" value={its.within} onChange={(within) => put({ within })} />
      )}
      <label className="checked">
        <input type="checkbox" checked={its.quiet} onChange={({ target }) => put({ quiet: target.checked })} /> Quiet hours hold it back, unless it is critical
      </label>
    </Form>
  );
}

interface Draft {
  readonly on: Cause;
  readonly name: string;
  readonly severity: string;
  readonly route: string;
  readonly quiet: boolean;
  readonly controls: string;
  readonly checks: string;
  readonly count: string;
  readonly share: string;
  readonly after: string;
  readonly within: string;
}

function draftOf(rule: Rule | undefined): Draft {
  const {
    on = 'control-fails',
    name = '',
    severity = '',
    route = 'default',
    quiet = true,
    controls = [],
    checks = [],
    count,
    share = '',
    after = '',
    within = '',
  } = rule ?? {};
  return {
    on,
    name,
    severity,
    route,
    quiet,
    controls: controls.join(', '),
    checks: checks.join(', '),
    count: count === undefined ? '' : String(count),
    share,
    after,
    within,
  };
}

/** What is as usual is not written. */
function ruleOf({ on, name, severity, route, quiet, controls, checks, count, share, after, within }: Draft): Rule {
  const said = <Name extends string>(key: Name, text: string) => (text.trim() === '' ? {} : { [key]: text.trim() });
  const many = (key: string, text: string) => (listed(text).length === 0 ? {} : { [key]: listed(text) });
  return {
    on,
    ...said('name', name),
    ...said('severity', severity),
    ...(route === 'default' ? {} : { route }),
    ...(quiet ? {} : { quiet }),
    ...(OF_CONTROLS?.includes(on) ? many('controls', controls) : {}),
    ...(OF_CHECKS?.includes(on) ? many('checks', checks) : {}),
    ...(on === 'deviations' ? { ...(count.trim() === '' ? {} : { count: Number(count) }), ...said('share', share) } : {}),
    ...(on === 'evidence-gap' ? said('after', after) : {}),
    ...(on === 'deadline' ? said('within', within) : {}),
  };
}
