import { writeFileSync } from 'node:fs';
import { perform } from './harness/bench.ts';
import { readOptions } from './harness/options.ts';
import { workloads } from './workloads/index.ts';

/** One workload in a process of its own, so that no other's memory is in its way: `one.ts FILE W4 ...`. */
const [file = '', ...args] = process.argv.slice(2);
const options = readOptions(args);
const workload = workloads.find(({ id }) => id === options.workloads[0]);
if (!workload) throw new RangeError(`no workload is called ${options.workloads[0]}`);
const result = await perform(workload, options);
writeFileSync(file, JSON.stringify(result));
process.exit(0); // a peer's idle threads would keep it
