// `npm run perf`: every promise of speed and size, measured side by side, printed, and written to
// docs/performance.md. `npm run perf -- --quick` takes a minute, measures less and writes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareAll } from './capture/compare.mjs';
import { generatedPart, ratiosTable, replaceGenerated, targetsTable } from './capture/document.mjs';
import { tableOf } from './capture/table.mjs';
import { captureTargets } from './capture/targets.mjs';
import { measureInstall } from './promises/install.mjs';
import { measureRecords } from './promises/records.mjs';
import { measureStart } from './promises/start.mjs';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const documentFile = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
/** What others did on this machine before it began: above 0.1 or so, the figures are theirs as well. */
const loadBefore = loadavg()[0].toFixed(1);
const log = (line) => console.error(line);

const { compared, skipped } = await compareAll({ quick: values.quick }, log);
const targets = captureTargets(compared);
log('start …');
targets.push(await measureStart());
if (!values.quick) {
  log('a million records …');
  targets.push(measureRecords());
  log('install …');
  targets.push(...measureInstall());
}
for (const { title, figures } of compared) console.log(`${title}\n\n${tableOf(figures)}\n`);
console.log(`${ratiosTable(compared)}\n\n${targetsTable(targets)}`);
for (const word of skipped) console.log(`left out: ${word}`);
if (!values.quick) {
  const generated = generatedPart({
    machine: machine(),
    date: new Date().toISOString().slice(0, 10),
    command: 'npm run perf',
    targets,
    compared,
    skipped,
  });
  writeFileSync(documentFile, replaceGenerated(readFileSync(documentFile, 'utf8'), generated));
}

function machine() {
  const [{ model } = { model: 'unknown' }] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const system = `${process.platform} ${release().split('-')[0]}`;
  const node = `Node ${process.versions.node}`;
  return `${cpus().length} × ${model}, ${memory}, ${system}, ${node}, load average ${loadBefore} before it began`;
}
