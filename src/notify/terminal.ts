import { type Channel, SENT } from './channel.ts';
import { headline } from './words.ts';

/** A line where the server runs. */
export const terminal = (print: (line: string) => void): Channel => ({
  kind: 'terminal',
  escalates: false,
  async send(message) {
    print(`${headline(message)}${message.url === null ? '' : ` ${message.url}`}`);
    return SENT;
  },
});
