/** How many histories a property is held to: few in the daily lane, a hundred thousand in the long one (`npm run test:long`), or as many as `CASES` says. */
export const cases = (daily: number): number => Number(process.env.CASES ?? (process.env.TICKMARK_LONG ? 100_000 : daily));
