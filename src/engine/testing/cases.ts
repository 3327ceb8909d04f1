import fc from 'fast-check';

/** The long form tells by which seed its histories are drawn (`npm run test:long`). */
if (process.env.TICKMARK_SEED) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.TICKMARK_SEED) });

/** How many histories a property is held to: few in the daily lane, as many as `CASES` says in the long one. */
export const cases = (daily: number): number => Number(process.env.CASES ?? daily);
