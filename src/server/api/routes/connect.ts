import { type Asking, implementing, principalOf } from '../asking.ts';
import { connect as contract } from '../contract/connect.ts';
import { notFound, problem } from '../problem.ts';
import { saved, wrong } from '../saved.ts';

const endpoints = implementing(contract);

/** Workspaces in which somebody tries out a source: one at a time, for it asks other machines. */
const trying = new WeakSet<object>();

const connecting = ({ services }: Asking) => services.workspace.connecting;
const nameOf = (context: Asking): string => principalOf(context).name;

export const connectRoutes = endpoints.router({
  collectors: endpoints.collectors.handler(({ context }) => ({
    collectors: connecting(context)
      .collectors()
      .map((line) => ({ ...line, schema: line.schema as Record<string, unknown> })),
    editing: connecting(context).editing(),
  })),

  trial: endpoints.trial.handler(async ({ input, context }) => {
    const { workspace } = context.services;
    if (trying.has(workspace)) throw problem('busy', 'Another source is being tried out.');
    trying.add(workspace);
    try {
      const trial = await workspace.connecting.trial(input, nameOf(context));
      if ('wrong' in trial) throw wrong(trial.wrong);
      return trial;
    } finally {
      trying.delete(workspace);
    }
  }),

  form: endpoints.form.handler(({ input, context }) => {
    const named = known(context, input);
    return connecting(context).form(named);
  }),

  add: endpoints.add.handler(async ({ input: { digest, ...filled }, context }) =>
    saved(context, await connecting(context).connect(filled, { by: nameOf(context), digest, change: false })),
  ),

  change: endpoints.change.handler(async ({ input: { vendor, kind, name, digest, ...rest }, context }) => {
    const named = known(context, { vendor, kind, name });
    return saved(context, await connecting(context).connect({ ...rest, ...named }, { by: nameOf(context), digest, change: true }));
  }),

  retire: endpoints.retire.handler(async ({ input: { because, digest, ...input }, context }) =>
    saved(context, await connecting(context).retire(known(context, input), { by: nameOf(context), digest, because })),
  ),

  upload: endpoints.upload.handler(async ({ input: { name, text }, context }) => ({ path: await connecting(context).upload(name, text, nameOf(context)) })),

  scope: endpoints.scope.handler(async ({ input: { digest, ...scope }, context }) => {
    const { period, categories, systems } = scope;
    const given = { ...(period ? { period } : {}), ...(categories ? { categories } : {}), ...(systems ? { systems } : {}) };
    return saved(context, await connecting(context).setScope(given, { by: nameOf(context), digest }));
  }),
});

interface Named {
  readonly vendor: string;
  readonly kind: string;
  readonly name: string;
}

function known({ services: { workspace } }: Asking, { vendor, kind, name }: Named): { readonly collector: string; readonly name: string } {
  const collector = `${vendor}/${kind}`;
  if (!workspace.sourcesAbout().some((about) => about.collector === collector && about.name === name))
    throw notFound(`source ${collector}/${name}`, 'in the configuration');
  return { collector, name };
}
