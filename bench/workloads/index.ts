import type { Workload } from '../harness/bench.ts';
import { window } from './w04-window.ts';

export const workloads: readonly Workload[] = [window];
