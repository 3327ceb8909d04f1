import { person, type World } from './world.ts';

/** When things happen in Slack, so many days before the last day. */
export const SLACK_DAYS = { leaver: { removed: 15 }, guest: { from: 39, to: 26 }, studio: { to: 22 }, bot: { from: 41, to: 28 } } as const;

/** Place of the person, and names of the accounts, that these stories are about. */
export const SLACK_CAST = { leaver: 41, guest: 'noor.agency', bot: 'polls' } as const;

export function slackStories(world: World) {
  const leaver = person(world, SLACK_CAST.leaver);
  const story = (name: string, tells: string, check: string, item: string) => ({ name, tells, check, item, open: false });
  return [
    story('leaver in Slack', 'the account of another leaver in Slack was forgotten for five days', 'leaver-access-removed', leaver.name),
    story('guest in Slack', 'nobody answered for a guest of one channel', 'outside-collaborators-owned', `${SLACK_CAST.guest} in slack`),
    story('guest with a message', 'whose second factor was a text message', 'mfa-enrolled', `${SLACK_CAST.guest} in slack`),
    story('bot in Slack', 'nobody answered for a bot', 'accounts-owned', `${SLACK_CAST.bot} in slack`),
  ];
}
