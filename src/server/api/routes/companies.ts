import { implementing } from '../asking.ts';
import { companies as contract } from '../contract/companies.ts';
import { problem } from '../problem.ts';

const endpoints = implementing(contract);

export const companyRoutes = endpoints.router({
  list: endpoints.list.handler(({ context: { services } }) => {
    const { companies, workspace } = services;
    const here = workspace.demo ? 'demo' : 'company';
    if (!companies) return { companies: [{ id: here, name: workspace.company, here: true, enter: '/' }], begin: false } as const;
    const all = companies.list();
    return {
      companies: all.map(({ id, name, enter }) => ({ id, name, enter, here: id === here })),
      begin: workspace.demo && all.every(({ id }) => id !== 'company'),
    };
  }),

  begin: endpoints.begin.handler(async ({ input, context: { services } }) => {
    if (!services.companies || !services.workspace.demo)
      throw problem('cannot-be-answered', 'A company is begun from the made-up one, where the server serves that: tickmark serve --demo.');
    return { enter: await services.companies.begin(input) };
  }),
});
