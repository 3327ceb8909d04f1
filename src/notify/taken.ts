import { notSent, SENT, type Sent } from './channel.ts';
import type { Answer } from './post.ts';

/** Whether an answer of HTTP means that it was taken. What was too much or broke there may go better later; a refusal will not. */
export function taken(answer: Answer): Sent {
  if ('failed' in answer) return notSent(answer.failed, answer.retry);
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return SENT;
  if (status >= 300 && status < 400) return notSent(`it answered ${status}: it is elsewhere now, and nobody is followed`, false);
  return notSent(`it answered ${status}`, status === 408 || status === 425 || status === 429 || status >= 500, retryAfter);
}
