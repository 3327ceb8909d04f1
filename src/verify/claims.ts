import type { Json } from '../core/canonical.ts';
import { iso } from '../core/instant.ts';
import { DESCRIPTION } from '../log/description.ts';
import { bundlePath, statementsPath, tilePath, tilesOf } from '../log/tiles.ts';
import type { BundleFiles } from './bundle-files.ts';
import type { RecordsTold } from './bundle-records.ts';
import { consistencyFile, EARLIER, type Manner, type parseManner, RESULTS } from './format.ts';
import { lineItem } from './problems.ts';
import type { Verdicts } from './verdict.ts';

/** What the results say of themselves, as far as they say it. */
interface Claims {
  readonly period?: { readonly from?: Json; readonly to?: Json } | null;
  readonly controls?: readonly { readonly id?: Json }[];
  readonly checkpoint?: { readonly origin?: Json; readonly size?: Json; readonly root?: Json } | null;
}

/** The results are of the period, the controls and the checkpoint that the bundle is of, and cite records that its log holds. Nothing else of them is proved. */
export function verifyClaims(results: Json, cited: ReadonlySet<number>, manner: Manner | null, size: number | null, said: Verdicts): void {
  if (results === null || manner === null) return;
  said.attempt(RESULTS, () => {
    const { period, controls, checkpoint } = results as Claims;
    const differs = (what: string) => said.say(RESULTS, 'ALTERED', `it is of another ${what} than bundle.json says`);
    if (period && (period.from !== manner.period.from || period.to !== manner.period.to)) differs('period');
    if (checkpoint && (checkpoint.origin !== manner.origin || checkpoint.size !== manner.size || checkpoint.root !== manner.root)) differs('checkpoint');
    const ids = new Set(controls?.map(({ id }) => id));
    if (controls && manner.controls && (ids.size !== new Set(manner.controls).size || !manner.controls.every((id) => ids.has(id))))
      differs('choice of controls');
  });
  const beyond = size === null ? undefined : [...cited].find((record) => !(Number.isSafeInteger(record) && record >= 0 && record < size));
  if (beyond !== undefined) said.say(RESULTS, 'ALTERED', `it cites record ${String(beyond).slice(0, 40)}, and the log holds ${size} records, numbered from 0`);
}

/** Files of the log, and of what it continues, that this bundle has no place for. */
export function verifyUnexpected(files: BundleFiles, manner: Manner | null, size: number, said: Verdicts): void {
  const its = new Set(
    [...tilesOf(size)].flatMap(({ level, index, width }) =>
      [tilePath(level, index, width), ...(level === 0 ? [bundlePath(index, width), statementsPath(index, width)] : [])].map((path) => `log/${path}`),
    ),
  );
  const proof = typeof manner?.earlier === 'number' ? consistencyFile(manner.earlier) : null;
  for (const name of files.names) {
    if (/^log\/(tile|statements)\//.test(name) && !its.has(name)) said.say(name, 'ALTERED', `a log of ${size} records has no such file`);
    if (manner && (name === EARLIER ? proof === null : name.startsWith('consistency-from-') && name !== proof))
      said.say(name, 'ALTERED', 'the bundle does not say that it continues such a checkpoint');
  }
}

/** Of every file something is said: of those that nothing was said of yet, why. */
export function verifyRest(files: BundleFiles, told: RecordsTold | null, said: Verdicts): void {
  for (const name of files.names) {
    if (OTHERWISE.test(name) || said.word(name) !== null) continue;
    if (name.startsWith('log/statements/') && told?.whole) said.say(name, 'VERIFIED');
    else if (name.startsWith('log/authorities/'))
      said.say(name, 'NOT CHECKED', 'certificates that the bundle brings: only its reader can say whom they belong to (--tsa-ca)');
    else said.say(name, 'NOT CHECKED', `what it should be does not follow from what could be read of the checkpoint and ${DESCRIPTION}`);
  }
}

/** What is said of these is said of their record, or of the catalogue as a whole. */
const OTHERWISE = /^(evidence|payloads|catalog|overlay)\//;

/** What the log of the bundle does not reach. */
export function beginnings(manner: ReturnType<typeof parseManner>, { dated, begun, runs }: Pick<RecordsTold, 'dated' | 'begun' | 'runs'>): readonly string[] {
  const [first] = dated;
  const shown = begun.slice(0, SHOWN).map(({ line, at }) => `${lineItem(line)} on ${iso(at)}`);
  return [
    ...(first && first.sealedAt > manner.of.from
      ? [
          `The first record was sealed on ${iso(first.sealedAt)}, and the period began on ${iso(manner.of.from)}: of the time between them the bundle tells nothing.`,
        ]
      : []),
    ...(begun.length > 0
      ? [
          `Of what lies before the first run of a source the bundle tells nothing, and these begin within the period: ${shown.join(', ')}${begun.length > SHOWN ? `, and ${begun.length - SHOWN} more` : ''}.`,
        ]
      : []),
    ...(runs === 0 ? ['No run of a source is of the period: no source was asked, as far as this bundle tells.'] : []),
  ];
}

const SHOWN = 10;
