// One of several processes that write one log. Run: node test/peers/shared-writer.ts URL DIR endless|duplicates NAME
import { writeSync } from 'node:fs';
import { openShared, saying } from './shared-log.ts';

const [url = '', dir = '', what = '', name = ''] = process.argv.slice(2);
const { archive, close } = await openShared(url, dir);
writeSync(1, 'ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve)); // all begin at once

if (what === 'duplicates') {
  const receipts = await Promise.all(Array.from({ length: 25 }, () => archive.append([saying('the same run')])));
  writeSync(1, `${receipts.flat().join(' ')}\n`);
  await close();
  process.exit(0);
}

// Several at once, so that some share a checkpoint. What is acknowledged is said in one write, which a kill cannot halve.
for (let round = 0; ; round++) {
  const texts = Array.from({ length: 3 }, (_, place) => `${name}-${round}-${place}`);
  await Promise.all(
    texts.map(async (text, place) => {
      const [index] = await archive.append([saying(text, `${name.split('.')[0]}-${place}`)]);
      writeSync(1, `${index} ${text}\n`);
    }),
  );
}
