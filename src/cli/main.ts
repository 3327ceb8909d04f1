import { tickmark } from './program.ts';

process.exitCode = await tickmark(process.argv.slice(2));
