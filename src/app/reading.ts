import type { Catalog } from '../catalog/catalog.ts';
import type { Configuration } from '../configuration/read.ts';
import { collectors } from '../collectors/index.ts';
import type { Instant } from '../core/instant.ts';
import type { Posture } from '../engine/posture.ts';
import type { Archive, CheckpointSummary } from '../evidence/archive.ts';
import type { SealedRecord } from '../evidence/record.ts';
import { type Charts, chartsOf } from './charts.ts';
import { type CatalogView, viewCatalog } from './catalogue.ts';
import { type Digests, digestsOf } from './digests.ts';
import { type Feeding, feedingOf } from './feeding.ts';
import type { Ground, Rests, Then } from './grounds.ts';
import { type ItemQuery, type ItemView, viewItem } from './item.ts';
import { type People, peopleOf } from './people.ts';
import { type LeastPrivilege, leastPrivilege } from './permissions.ts';
import { type Proofs, proofsOf } from './proofs.ts';
import { type Tables, tablesOf } from './rows.ts';
import { type SourceRuns, sourceRuns } from './source-runs.ts';
import { type StatedKind, statedKinds } from './stated-kinds.ts';
import type { Program } from './units.ts';
import { CODE } from './version.ts';

/** What a workspace answers besides how things stand: what it was told, row by row, and how that is proved. */
export interface Reading extends Proofs, Tables, People, SourceRuns, Digests, Charts {
  /** What answers are made by: the version of the program with a digest of its code, and the digest of the catalogue. */
  readonly program: Pick<Rests, 'code' | 'catalog'>;
  /** Under which the server is reached, by the configuration; `null`: on its own machine alone. */
  readonly url: string | null;
  checkpoint(): Promise<CheckpointSummary>;
  /** What a list says beside its entries, as a posture would: without one, for that takes everything to be counted. */
  spoken(asOf?: Instant, then?: Then): Promise<Spoken>;
  /** Without its proof and its rows. Throws `ConfigurationError` where there is no such record. */
  sealed(index: number): Promise<SealedRecord>;
  /** The catalogue in force, and what feeds each check. */
  catalog(): CatalogView;
  feeding(controls: readonly string[]): Promise<Feeding>;
  item(query: ItemQuery): Promise<ItemView>;
  /** What people can state, and what a form for it asks. */
  statedKinds(): readonly StatedKind[];
  /** Throws `ConfigurationError` for an unknown collector. */
  leastPrivilege(collector: string): LeastPrivilege;
}

/** Of which instant is spoken, up to which record, and by which checks each control is examined. */
export interface Spoken extends Pick<Posture, 'asOf' | 'checkpoint'> {
  readonly controls: readonly Pick<Posture['controls'][number], 'id' | 'checks'>[];
}

export interface ReadingFrom {
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly program: Program;
  readonly configuration: Configuration;
  grounds(then?: Then): Promise<Ground>;
}

export function reading({ archive, catalog, program, configuration, grounds }: ReadingFrom): Reading {
  let view: { readonly of: string; readonly its: CatalogView } | null = null;
  return {
    program: { code: CODE, catalog: catalog.digest },
    url: configuration.file.server?.url ?? null,
    checkpoint: () => archive.checkpoint(),
    async spoken(at, then) {
      const on = await grounds(then);
      const { asOf, checkpoint } = await on.stamp(at ?? on.asOf);
      return { asOf, checkpoint, controls: on.catalog.controls };
    },
    sealed: (index) => archive.record(index),
    ...proofsOf(archive),
    ...tablesOf(grounds),
    ...peopleOf(grounds),
    ...chartsOf(grounds),
    ...sourceRuns({ archive, configuration, grounds }),
    ...digestsOf(archive),
    item: (query) => viewItem(grounds, query),
    statedKinds,
    leastPrivilege,

    catalog() {
      if (view?.of !== configuration.text) view = { of: configuration.text, its: viewCatalog(catalog, program.checks, collectors, configuration) };
      return view.its;
    },

    async feeding(controls) {
      const on = await grounds();
      const named = new Set(on.catalog.controls.filter(({ id }) => controls.includes(id)).flatMap((control) => control.checks));
      return feedingOf(
        on.checks.filter(({ id }) => named.has(id)),
        configuration.sources,
        on,
      );
    },
  };
}
