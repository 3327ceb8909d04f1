import type { Message } from '../channel.ts';

export const message = (over: Partial<Message> = {}): Message => ({
  alert: 'A-k3fa9xq2mb',
  delivery: 'A-k3fa9xq2mb.1.0.chat',
  says: 'raised',
  company: 'Acme',
  severity: 'high',
  title: 'AC-02 fails: Multi-factor authentication is required of the workforce',
  lines: ['Since 2026-03-04 12:00 UTC, by the rule control-fails'],
  url: 'https://tickmark.acme.example/alerts/A-k3fa9xq2mb',
  at: Date.parse('2026-03-04T12:00:00Z'),
  trial: false,
  ...over,
});
