/** Of the long lane, so many histories for each property: with all properties, more than a hundred thousand in all. */
const LONG = 12_000;

/** How many histories a property is held to: few in the daily lane, many in the long one (`npm run test:long`), or as many as `CASES` says. */
export const cases = (daily: number): number => Number(process.env.CASES ?? (process.env.TICKMARK_LONG ? LONG : daily));
