// The capture path, whole, side by side with other ways of reading the same streams.
//   node perf/capture.mjs [--quick] [--scenario a,b] [--clients a,b] [--rounds n]
import { parseArgs } from 'node:util';
import { CLIENT_NAMES } from './capture/clients.mjs';
import { compareAll } from './capture/compare.mjs';
import { scenariosOf } from './capture/scenarios.mjs';
import { tableOf } from './capture/table.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    scenario: { type: 'string' },
    clients: { type: 'string' },
    rounds: { type: 'string' },
  },
});
const known = scenariosOf(values.quick).map(({ name }) => name);
const { compared, skipped } = await compareAll(
  {
    quick: values.quick,
    scenarios: chosen(values.scenario, known, '--scenario'),
    clients: chosen(values.clients, CLIENT_NAMES, '--clients'),
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
  },
  (line) => console.error(line),
);
for (const word of skipped) console.error(`left out: ${word}`);
for (const { title, figures } of compared) console.log(`\n${title}\n\n${tableOf(figures)}`);

function chosen(list, known, flag) {
  const names = list?.split(',');
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  console.error(`${flag}: no ${unknown}; there are ${known.join(', ')}`);
  process.exit(2);
}
