import { openIngest } from './ingest.ts';
import { DAY, START, V0, yearOf } from './year.ts';

/** Learns days one after another and says its highest memory in bytes: `ingest-alone.ts FOLDER USERS DAYS`. */
const [dir = '', users = '', days = ''] = process.argv.slice(2);
const ingest = await openIngest(dir);
const { snapshots } = yearOf({ users: Number(users), days: Number(days), ...V0 });
for (const [day, rows] of snapshots.entries()) await ingest.day(JSON.stringify(rows), START + day * DAY);
await ingest.close();
console.log(process.resourceUsage().maxRSS * 1024);
