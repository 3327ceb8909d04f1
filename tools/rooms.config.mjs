// Who may import whom. The table is the whole truth; `tools/rooms.mjs` enforces it and docs/architecture.md is drawn from it.

/** Room -> the rooms it may import besides itself. */
export const ROOMS = {
  core: [],
  log: ['core'],
  access: ['core'],
  datasets: ['core', 'access'],
  attestations: ['core', 'datasets'],
  catalog: ['core'],
  verify: ['core', 'log'],
  evidence: ['core', 'log', 'verify'],
  anchors: ['core', 'log', 'verify', 'evidence'],
  collectors: ['core', 'datasets', 'attestations'],
  checks: ['core', 'access', 'datasets'],
  sources: ['core', 'collectors'],
  engine: ['core', 'datasets', 'checks'],
  configuration: ['core', 'log', 'datasets', 'attestations', 'collectors'],
  store: ['core', 'engine', 'evidence'],
  reports: ['core', 'engine'],
  acme: ['core', 'sources'],
  auth: ['core', 'store'],
  jobs: ['core', 'store'],
  notify: ['core'],
  alerts: ['core', 'engine', 'store', 'notify'],
  app: [
    'core',
    'log',
    'datasets',
    'attestations',
    'catalog',
    'verify',
    'evidence',
    'anchors',
    'collectors',
    'checks',
    'sources',
    'engine',
    'configuration',
    'store',
    'reports',
    'acme',
    'jobs',
    'notify',
    'alerts',
  ],
  server: ['core', 'app', 'engine', 'auth'],
  cli: ['core', 'app', 'server', 'engine', 'verify', 'auth'],
};

/** Rooms that import no Node module: time, files and the network come in as arguments, or not at all. */
export const PURE = ['core', 'access', 'datasets', 'attestations', 'checks', 'engine', 'reports', 'collectors', 'acme'];

/** Rooms that import no npm package either, so that an auditor can read all of what verifies. */
export const BARE = ['core', 'log', 'verify'];

/** Rooms of units: a unit imports its room's contract and helpers below it, never another unit. */
export const UNITS = ['checks'];

/** Of the checks: their contract, and what several of them say alike. */
const SHARED =
  'accepting|alerts|attributes|check|parameter|default-branches|devices|follow-up|grants|keys|leaver|protection-edits|rights|scope|security-names|sign-in-ways|stated|stores|ticket-people|training|until|working';

const only = (room) => `^src/${room}/`;
const TESTS = '\\.test\\.ts$|/testing/|-tester\\.ts$';
// Some rooms see one file of another. The doors read the shape of a posture and nothing else of the engine; the sources read the collectors' contract.
const NARROW = [
  { name: 'sources-know-contracts-only', from: { path: only('sources'), pathNot: TESTS }, to: { path: '^src/collectors/(?!collector\\.ts|source\\.ts)' } },
  { name: 'engine-knows-the-contract-of-checks-only', from: { path: only('engine'), pathNot: TESTS }, to: { path: '^src/checks/(?!check\\.ts)' } },
  { name: 'server-knows-postures-only', from: { path: only('server'), pathNot: TESTS }, to: { path: '^src/engine/(?!(period-)?posture\\.ts)' } },
  { name: 'cli-knows-postures-only', from: { path: only('cli'), pathNot: TESTS }, to: { path: '^src/engine/(?!(period-)?posture\\.ts)' } },
  { name: 'reports-know-postures-only', from: { path: only('reports'), pathNot: TESTS }, to: { path: '^src/engine/(?!(period-)?posture\\.ts)' } },
  {
    name: 'configuration-knows-contracts-only',
    from: { path: only('configuration'), pathNot: TESTS },
    to: { path: '^src/collectors/(?!collector\\.ts|source\\.ts)' },
  },
  { name: 'acme-knows-the-wire-only', from: { path: only('acme'), pathNot: TESTS }, to: { path: '^src/sources/(?!wire\\.ts)' } },
];

export const rules = [
  ...Object.entries(ROOMS).map(([room, may]) => ({
    name: `${room}-imports-${may.join('-') || 'nothing-of-ours'}`,
    from: { path: only(room), pathNot: TESTS },
    to: { path: '^src/', pathNot: `^src/(${[room, ...may].join('|')})/` },
  })),
  ...PURE.map((room) => ({ name: `${room}-is-pure`, from: { path: only(room), pathNot: TESTS }, to: { dependencyTypes: ['core'] } })),
  ...BARE.map((room) => ({
    name: `${room}-is-bare`,
    from: { path: only(room), pathNot: TESTS },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-no-pkg'] },
  })),
  ...UNITS.map((room) => ({
    name: `${room}-are-alone`,
    from: { path: `${only(room)}[^/]+\\.ts$`, pathNot: `${TESTS}|${only(room)}(index|${SHARED})\\.ts$` },
    to: { path: only(room), pathNot: `${only(room)}(${SHARED})\\.ts$` },
  })),
  {
    name: 'collectors-are-alone',
    from: { path: '^src/collectors/([^/]+)/', pathNot: TESTS },
    to: { path: '^src/collectors/([^/]+)/', pathNot: '^src/collectors/$1/' },
  },
  ...NARROW,
  {
    name: 'dashboard-knows-words-and-the-api-alone',
    from: { path: '^dashboard/', pathNot: TESTS },
    to: { path: '^src/', pathNot: '^src/(core/|server/api/contract/index\\.ts|server/tickmark\\.css)' },
  },
  {
    name: 'dashboard-knows-the-api-by-its-types',
    from: { path: '^dashboard/', pathNot: TESTS },
    to: { path: '^src/server/api/', dependencyTypesNot: ['type-only'] },
  },
  { name: 'nobody-imports-the-dashboard', from: { path: '^src/' }, to: { path: '^dashboard/' } },
  { name: 'tests-stay-out', from: { path: '^src/', pathNot: TESTS }, to: { path: `^test/|${TESTS}` } },
  { name: 'no-cycle', from: {}, to: { circular: true } },
  { name: 'resolvable', from: {}, to: { couldNotResolve: true } },
].map((rule) => ({ severity: 'error', ...rule }));

export const options = {
  parser: 'tsc', // TypeScript 6: TypeScript 7 has no JavaScript API, and the tool would see no module and pass
  tsPreCompilationDeps: true, // sees `import type` too
  doNotFollow: { path: 'node_modules' },
  enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.json'], conditionNames: ['import', 'node', 'default'], exportsFields: ['exports'] },
};
