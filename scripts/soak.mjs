// `npm run soak -- [--minutes 30 | --seconds N] [--streams 200] [--scale 6] [--faults 0.3] [--seed S]
// [--keep DIR] [--print]`: the compiled command for that long against the simulator in a process of its own,
// which commits every fault it knows; both are watched from outside. Written between the markers of
// docs/reliability.md; `--seconds` and `--print` write nothing. Exit 1 where a promise is not kept: memory
// is judged over ten minutes or more, descriptors and accounts always.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { accountFor } from './soak/account.mjs';
import { faultRules } from './soak/faults.mjs';
import { judge } from './soak/judge.mjs';
import { reportOf, writeReport } from './soak/report.mjs';
import { canSample, Sampler, sampleProcess } from './soak/sample.mjs';
import { afterwards } from './soak/stored.mjs';
import { startClient, startSimulator } from './soak/workplace.mjs';

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seconds: { type: 'string' },
    streams: { type: 'string', default: '200' },
    scale: { type: 'string' },
    faults: { type: 'string', default: '0.3' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    keep: { type: 'string' },
    print: { type: 'boolean', default: false },
  },
});
const durationS = flags.seconds === undefined ? 60 * Number(flags.minutes) : Number(flags.seconds);
const isShort = flags.seconds !== undefined;
const streams = Number(flags.streams);
if (!(durationS > 0 && streams > 0)) throw new Error('give --minutes and --streams above 0');

const folder = path.resolve(
  flags.keep ?? (await mkdtemp(path.join(os.tmpdir(), 'tokentape-soak-'))),
);
const logFile = path.join(folder, 'simulator.ndjson');
const heapFile = path.join(folder, 'heap.ndjson');
// A model is closed when about a third of the run is over; each answers some 0.01 requests a second and stream,
// and three times as many in a short soak.
const perModel = Math.max(5, ((isShort ? 0.03 : 0.01) * streams * durationS) / 3);
console.error(`seed ${flags.seed}: ${durationS} s, ${streams} streams, in ${folder}`);
const { seed, scale = isShort ? '2' : '6' } = flags;
const rules = faultRules(Number(flags.faults), perModel);
const simulator = await startSimulator(folder, { seed, rules, scale, log: logFile });
const atRest = sampleProcess(simulator.pid ?? 0);
const client = await startClient(folder, {
  ...{ url: simulator.url, seed, streams, durationS, isShort, heapFile },
});
const sampler = new Sampler();
sampler.watch('tokentape', client.pid);
sampler.watch('simulator', simulator.pid);
/** @type {number[]} */
const inFlight = [];
const asking = setInterval(async () => {
  const stats = await simulator.stats().catch(() => null);
  if (stats !== null) inFlight.push(stats.in_flight);
}, 5000);

// Long after the last of its timeouts and all reports: what hangs must not hang whoever waits for it, too.
const tooLong = setTimeout(() => client.kill(), (durationS + 240) * 1000);
let left = /** @type {ReturnType<typeof sampleProcess>} */ (null);
let ended;
try {
  ended = await client.ended;
  clearInterval(asking);
  sampler.end();
  left = await settled();
} finally {
  clearTimeout(tooLong);
  clearInterval(asking);
  sampler.end();
  client.kill();
  await simulator.end();
}
await writeFile(
  path.join(folder, 'samples.json'),
  JSON.stringify(Object.fromEntries(sampler.samples)),
);
const account = await accountFor(folder, logFile);
const heap = canSample ? await readFile(heapFile, 'utf8') : '';
const stored = isShort ? null : await afterwards(folder, account.runPath);
const facts = {
  ...{ durationS, streams, seed, ended, account, atRest, left, inFlight, heap, stored },
  samples: sampler.samples,
};
const promises = judge(facts);
const text = reportOf(facts, promises);
console.log(text);
if (!isShort && !flags.print) writeReport(text);
for (const mistake of account.mistakes) console.error(`error: ${mistake}`);
if (ended.stderr !== '') console.error(ended.stderr);
if (flags.keep === undefined) await rm(folder, { recursive: true, force: true });
if (promises.some(({ kept }) => kept === false)) {
  console.error('error: a promise is not kept; see MISSED above');
  process.exitCode = 1;
}

/** What the simulator holds once nobody asks it anything any more. */
async function settled() {
  for (let second = 0; second < 15; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { in_flight } = await simulator.stats();
    const sample = sampleProcess(simulator.pid ?? 0);
    if (in_flight === 0 && (sample?.sockets ?? 0) <= (atRest?.sockets ?? 0)) return sample;
  }
  return sampleProcess(simulator.pid ?? 0);
}
