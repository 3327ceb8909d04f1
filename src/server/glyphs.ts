import { raw } from 'hono/html';
import type { ControlStatus } from '../core/status.ts';

type Html = ReturnType<typeof raw>;

const PATHS: Readonly<Record<ControlStatus, string>> = {
  fail: '<path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z" fill="currentColor"/><path d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" stroke="var(--surface)" stroke-width="2" stroke-linecap="round"/>',
  unknown:
    '<g fill="none" stroke="currentColor"><circle cx="8" cy="8" r="6.7" stroke-width="1.5" stroke-dasharray="2.7 1.9"/><path d="M6 6.4c.1-1.2 1-1.9 2.1-1.9 1.1 0 2 .7 2 1.7 0 1.5-2 1.5-2 2.9" stroke-width="1.6" stroke-linecap="round"/><circle cx="8.05" cy="11.4" r=".5" fill="currentColor" stroke-width=".9"/></g>',
  pass: '<path d="M2.6 9.1 6.1 12.4 13.4 3.6" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/>',
  empty: '<circle cx="8" cy="8" r="5.4" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  excluded: '<g fill="none" stroke="currentColor" stroke-width="1.5"><circle cx="8" cy="8" r="6.2"/><path d="M3.6 12.4 12.4 3.6"/></g>',
};

export const WORDS: Readonly<Record<ControlStatus, string>> = { fail: 'Fail', unknown: 'Unknown', pass: 'Pass', empty: 'Empty', excluded: 'Excluded' };

/** The glyph alone, for a reader who sees and one who listens. */
export const glyph = (of: ControlStatus): Html => raw(`<svg class="g c-${of}" viewBox="0 0 16 16" role="img" aria-label="${WORDS[of]}">${PATHS[of]}</svg>`);

/** Glyph and word. */
export const status = (of: ControlStatus): Html =>
  raw(`<span class="st c-${of}"><svg class="g c-${of}" viewBox="0 0 16 16" aria-hidden="true">${PATHS[of]}</svg>${WORDS[of]}</span>`);
