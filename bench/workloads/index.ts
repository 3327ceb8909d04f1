import type { Workload } from '../harness/bench.ts';
import { evaluate } from './w01-evaluate.ts';
import { window } from './w04-window.ts';
import { exceptions } from './w05-exceptions.ts';
import { leavers } from './w06-leavers.ts';
import { populations } from './w07-populations.ts';

export const workloads: readonly Workload[] = [evaluate, window, exceptions, leavers, populations];
