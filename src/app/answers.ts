import { upcoming } from '../engine/upcoming.ts';
import { waiverLines } from '../engine/waivers.ts';
import { casesFound } from './cases-found.ts';
import { eachFinding, viewCases, viewFindings, viewOccurrences } from './findings.ts';
import type { Ground, Then } from './grounds.ts';
import type { Workspace } from './views.ts';

type Answers = Pick<Workspace, 'findings' | 'eachFinding' | 'findingList' | 'cases' | 'casesFound' | 'waivers' | 'occurrences' | 'upcoming' | 'rests'>;

/** What follows from what is known, item by item: each by what was known then, where that is asked. */
export const answers = (grounds: (then?: Then) => Promise<Ground>, timezone: string): Answers => ({
  findings: async (query) => [...eachFinding(await grounds(query.then), query)],
  eachFinding: async (query) => eachFinding(await grounds(query.then), query),
  findingList: async (query) => viewFindings(await grounds(query.then), query),
  casesFound: (query, asked) => casesFound(() => grounds(query.then), query, asked),
  cases: async (query) => viewCases(await grounds(query.then), query),

  async waivers(asOf, then) {
    const on = await grounds(then);
    return waiverLines(on, asOf ?? on.asOf);
  },

  async occurrences(query) {
    const on = await grounds(query.then);
    return viewOccurrences(on, query, timezone, query.asOf ?? on.asOf);
  },

  async upcoming({ within, asOf, checks, most }) {
    const on = await grounds();
    return upcoming({ engine: on.engine, checks: on.checks.filter(({ id }) => checks === undefined || checks.includes(id)) }, asOf ?? on.asOf, within, most);
  },

  async rests(then) {
    const on = await grounds(then);
    const { checkpoint, catalogDigest, code } = await on.stamp(on.asOf);
    return { checkpoint, catalog: catalogDigest, code };
  },
});
