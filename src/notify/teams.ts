import type { Channel, Message, Secret } from './channel.ts';
import type { Send } from './post.ts';
import { taken } from './taken.ts';
import { headline } from './words.ts';

/** A workflow of Teams that is started by a webhook and posts the card it is given. */
export const teams = (url: Secret, send: Send): Channel => ({
  kind: 'teams',
  escalates: false,
  send: async (message) => taken(await send(await url(), { 'content-type': 'application/json' }, JSON.stringify(bodyOf(message)))),
});

/** An adaptive card. Runs of a rich text block are shown as they are; a text block would read Markdown in them. */
function bodyOf(message: Message): object {
  const { lines, url } = message;
  const block = (text: string, weight: 'bolder' | 'default') => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, weight }] });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [block(headline(message), 'bolder'), ...lines.map((line) => block(line, 'default'))],
    ...(url === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open in Tickmark', url }] }),
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] };
}
