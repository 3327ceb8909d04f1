import { useState } from 'react';
import { Form, InputField, SelectField } from '../../parts/Form.tsx';
import { type Channel, type Editor, listed } from './alerts.ts';

type Kind = 'email' | 'slack' | 'teams' | 'pagerduty' | 'webhook';

const KINDS: readonly (readonly [Kind, string])[] = [
  ['email', 'email'],
  ['slack', 'Slack'],
  ['teams', 'Microsoft Teams'],
  ['pagerduty', 'PagerDuty'],
  ['webhook', 'webhook, signed'],
];

/** The secret that each kind needs: its field, and what it is. */
const SECRETS: Readonly<Record<Kind, readonly [field: string, name: string, hint: string]>> = {
  email: ['password', 'Password', 'Of the user at the mail server.'],
  slack: ['url', 'Address of an incoming webhook', 'Whoever has it can post: it is kept like a password.'],
  teams: ['url', 'Address of the workflow', 'Whoever has it can post: it is kept like a password.'],
  pagerduty: ['key', 'Integration key', 'Of a service, Events API v2.'],
  webhook: ['secret', 'Secret', 'What is sent is signed with it, so that the receiver knows that it is from here.'],
};

const EMPTY = { name: '', kind: 'email' as Kind, host: '', port: '', tls: 'starttls', from: '', to: '', user: '', region: 'us', url: '', secret: '' };

/** Adds a way to people. What is typed as a secret is encrypted at once, and never shown again. */
export function AddChannel({ editor, onDone }: { readonly editor: Editor; readonly onDone: () => void }) {
  const [its, set] = useState(EMPTY);
  const put = (part: Partial<typeof EMPTY>) => set({ ...its, ...part });
  const [field, secretName, hint] = SECRETS[its.kind];
  const needsSecret = its.kind !== 'email' || its.user !== '';
  const go = async () => {
    const channels = { ...editor.alerts.channels, [its.name]: channelOf(its) };
    const done = await editor.save(
      { channels },
      `${its.name} is a channel now. Send a trial message, and name it in a route.`,
      needsSecret ? { [its.name]: { [field]: its.secret } } : {},
    );
    if (done) onDone();
  };
  return (
    <Form button="Add the channel" busy={editor.busy} ready={its.name !== '' && (!needsSecret || its.secret !== '')} onDo={() => void go()}>
      <InputField
        name="Your own name for it"
        id="channel-name"
        hint="Lower-case letters, digits and hyphens: chat"
        value={its.name}
        onChange={(name) => put({ name })}
      />
      <SelectField name="Kind" id="channel-kind" value={its.kind} of={KINDS} onChange={(kind) => put({ kind, secret: '' })} />
      {its.kind === 'email' && (
        <>
          <InputField name="Mail server" id="channel-host" value={its.host} onChange={(host) => put({ host })} />
          <InputField name="Port" id="channel-port" isShort placeholder="587" inputMode="numeric" value={its.port} onChange={(port) => put({ port })} />
          <SelectField
            name="TLS"
            id="channel-tls"
            value={its.tls}
            of={[
              ['starttls', 'STARTTLS, which must succeed'],
              ['implicit', 'from the first byte (465)'],
            ]}
            onChange={(tls) => put({ tls })}
          />
          <InputField name="From" id="channel-from" placeholder="tickmark@acme.example" value={its.from} onChange={(from) => put({ from })} />
          <InputField name="To" id="channel-to" hint="Addresses, with commas between." value={its.to} onChange={(to) => put({ to })} />
          <InputField name="User" id="channel-user" hint="Leave it out where the server asks for none." value={its.user} onChange={(user) => put({ user })} />
        </>
      )}
      {its.kind === 'pagerduty' && (
        <SelectField
          name="Region"
          id="channel-region"
          value={its.region}
          of={[
            ['us', 'United States'],
            ['eu', 'European Union'],
          ]}
          onChange={(region) => put({ region })}
        />
      )}
      {its.kind === 'webhook' && (
        <InputField
          name="Where it is posted"
          id="channel-url"
          placeholder="https://hooks.acme.example/tickmark"
          value={its.url}
          onChange={(url) => put({ url })}
        />
      )}
      {needsSecret && (
        <InputField
          name={secretName}
          id="channel-secret"
          hint={hint}
          type="password"
          autoComplete="off"
          value={its.secret}
          onChange={(secret) => put({ secret })}
        />
      )}
    </Form>
  );
}

function channelOf({ kind, host, port, tls, from, to, user, region, url }: typeof EMPTY): Channel {
  if (kind === 'email')
    return {
      kind,
      host,
      ...(port === '' ? {} : { port: Number(port) }),
      ...(tls === 'starttls' ? {} : { tls }),
      from,
      to: listed(to),
      ...(user === '' ? {} : { user }),
    };
  if (kind === 'pagerduty') return { kind, region };
  return kind === 'webhook' ? { kind, url } : { kind };
}
