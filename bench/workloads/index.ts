import type { Workload } from '../harness/bench.ts';
import { evaluate } from './w01-evaluate.ts';
import { cold } from './w02-cold.ts';
import { ingest } from './w03-ingest.ts';
import { window } from './w04-window.ts';
import { exceptions } from './w05-exceptions.ts';
import { leavers } from './w06-leavers.ts';
import { populations } from './w07-populations.ts';
import { append } from './w08-append.ts';
import { verify } from './w09-verify.ts';
import { storage } from './w10-storage.ts';
import { dashboard } from './w11-dashboard.ts';
import { exporting } from './w12-export.ts';
import { collect } from './w13-collect.ts';

export const workloads: readonly Workload[] = [
  evaluate,
  cold,
  ingest,
  window,
  exceptions,
  leavers,
  populations,
  append,
  verify,
  storage,
  dashboard,
  exporting,
  collect,
];
