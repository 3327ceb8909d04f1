import type { SendMailOptions } from 'nodemailer';
import type { Duration } from '../core/instant.ts';
import { type Channel, type ChannelConfig, type Message, notSent, SENT } from './channel.ts';
import { headline } from './words.ts';

type Config = Extract<ChannelConfig, { readonly kind: 'email' }>;

export interface EmailOptions {
  readonly password: () => string | null | Promise<string | null>;
  readonly timeout?: Duration;
  readonly ca?: string | undefined;
}

/** SMTP, plain text. The library is loaded when the first message is sent. */
export function email(config: Config, { password, timeout = 15_000, ca }: EmailOptions): Channel {
  return {
    kind: 'email',
    escalates: false,
    async send(message) {
      const { createTransport } = await import('nodemailer');
      const secret = await password();
      const transport = createTransport({
        host: config.host,
        port: config.port,
        secure: config.tls === 'implicit',
        requireTLS: config.tls === 'starttls',
        ignoreTLS: config.tls === 'none',
        ...(config.user === undefined || secret === null ? {} : { auth: { user: config.user, pass: secret } }),
        ...(ca === undefined ? {} : { tls: { ca } }),
        connectionTimeout: timeout,
        greetingTimeout: timeout,
        socketTimeout: timeout,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        const { rejected } = await transport.sendMail(mailOf(config, message));
        return rejected.length === 0 ? SENT : notSent(`the mail server refused ${rejected.length} of ${config.to.length} recipients`, false);
      } catch (error) {
        return whyNot(error);
      } finally {
        transport.close();
      }
    },
  };
}

/** Mails of one alert are one conversation; the same mail sent twice has the same id. */
function mailOf({ from, to }: Config, message: Message): SendMailOptions {
  const { alert, delivery, says, lines, url } = message;
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^A-Za-z0-9.-]/g, '');
  return {
    from,
    to: [...to],
    subject: headline(message),
    messageId: `<${delivery}@${domain}>`,
    references: `<${alert}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated', [says === 'reported' ? 'X-Tickmark-Report' : 'X-Tickmark-Alert']: alert },
    text: [headline(message), '', ...lines, ...(url === null ? [] : ['', url])].join('\n'),
  };
}

/** The code of the answer and no word of it: a server may quote what it was given. */
function whyNot(error: unknown) {
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : null;
  const name = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
  if (code !== null && code > 0) return notSent(`the mail server answered ${code} (${name})`, code < 500);
  return notSent(`the mail server cannot be reached (${name})`, name !== 'EAUTH' && name !== 'ETLS');
}
