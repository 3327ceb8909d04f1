import type { ReactNode } from 'react';

export type Shown = 'fail' | 'unknown' | 'waived' | 'pass' | 'empty' | 'excluded';

export const WORDS: Readonly<Record<Shown, string>> = {
  fail: 'Fail',
  unknown: 'Unknown',
  waived: 'Waived',
  pass: 'Pass',
  empty: 'Empty',
  excluded: 'Excluded',
};

/** Displayed worst first. */
export const ORDER: readonly Shown[] = ['fail', 'unknown', 'waived', 'pass', 'empty', 'excluded'];

const PATHS: Readonly<Record<Shown, ReactNode>> = {
  fail: (
    <>
      <path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z" fill="currentColor" />
      <path d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" stroke="var(--surface)" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  unknown: (
    <g fill="none" stroke="currentColor">
      <circle cx="8" cy="8" r="6.7" strokeWidth="1.5" strokeDasharray="2.7 1.9" />
      <path d="M6 6.4c.1-1.2 1-1.9 2.1-1.9 1.1 0 2 .7 2 1.7 0 1.5-2 1.5-2 2.9" strokeWidth="1.6" strokeLinecap="round" />
      <circle cx="8.05" cy="11.4" r=".5" fill="currentColor" strokeWidth=".9" />
    </g>
  ),
  waived: (
    <>
      <path d="M8 1.1 14.9 8 8 14.9 1.1 8z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
      <path d="M8 1.1v13.8L1.1 8z" fill="currentColor" />
    </>
  ),
  pass: <path d="M2.6 9.1 6.1 12.4 13.4 3.6" fill="none" stroke="currentColor" strokeWidth="1.9" strokeLinecap="round" strokeLinejoin="round" />,
  empty: <circle cx="8" cy="8" r="5.4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  excluded: (
    <g fill="none" stroke="currentColor" strokeWidth="1.5">
      <circle cx="8" cy="8" r="6.2" />
      <path d="M3.6 12.4 12.4 3.6" />
    </g>
  ),
};

/** The glyph alone, with a name for who listens. */
export const Glyph = ({ of, label = WORDS[of] }: { readonly of: Shown; readonly label?: string }) => (
  <svg className={`g c-${of}`} viewBox="0 0 16 16" role="img" aria-label={label}>
    {PATHS[of]}
  </svg>
);

/** Glyph and word. */
export const Status = ({ of, children }: { readonly of: Shown; readonly children?: ReactNode }) => (
  <span className={`st c-${of}`}>
    <svg className={`g c-${of}`} viewBox="0 0 16 16" aria-hidden="true">
      {PATHS[of]}
    </svg>
    {children ?? WORDS[of]}
  </span>
);

/** What fails by waived deviations alone is shown as waived; it is a failure all the same. */
export const shownAs = ({ status, alert }: { readonly status: Exclude<Shown, 'waived'>; readonly alert: Exclude<Shown, 'waived'> }): Shown =>
  status === 'fail' && (alert === 'pass' || alert === 'empty') ? 'waived' : status;
