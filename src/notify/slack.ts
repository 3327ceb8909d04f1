import type { Channel, Message, Secret } from './channel.ts';
import type { Send } from './post.ts';
import { taken } from './taken.ts';
import { headline } from './words.ts';

/** Incoming webhooks of Slack. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack = (url: Secret, send: Send): Channel => ({
  kind: 'slack',
  escalates: false,
  send: async (message) => taken(await send(await url(), { 'content-type': 'application/json' }, JSON.stringify(bodyOf(message)))),
});

/** Plain text in blocks, where nothing is read as a mention or a link; `text`, which stands in notifications, is escaped. */
function bodyOf(message: Message): object {
  const { lines, url } = message;
  const text = [...lines, ...(url === null ? [] : [url])].join('\n');
  return {
    text: escaped(headline(message)),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: headline(message), emoji: false } },
      ...(text === '' ? [] : [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }]),
    ],
  };
}

/** The three signs that Slack reads as its own. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
