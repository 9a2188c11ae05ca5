// The capture path, whole, side by side with other ways of reading the same streams.
//   node perf/capture.mjs [--quick] [--scenario a,b] [--clients a,b] [--rounds n]
import { parseArgs } from 'node:util';
import { CLIENT_NAMES, prepareClients } from './capture/clients.mjs';
import { figuresOf } from './capture/figures.mjs';
import { runScenario } from './capture/rounds.mjs';
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
const all = scenariosOf(values.quick);
const scenarios = chosen(
  values.scenario,
  all.map(({ name }) => name),
  '--scenario',
);
const names = chosen(values.clients, CLIENT_NAMES, '--clients');
const { clients, skipped } = prepareClients(names);
for (const word of skipped) console.error(`left out: ${word}`);
for (const scenario of all.filter(({ name }) => scenarios.includes(name))) {
  const leftOut = values.clients === undefined ? (scenario.leaveOut ?? []) : [];
  const taking = clients.filter(({ name }) => !leftOut.includes(name));
  const rounds = values.rounds === undefined ? scenario.rounds : Number(values.rounds);
  const results = await runScenario(scenario, taking, rounds, (line) => console.error(line));
  console.log(`\n${scenario.title}\n${tableOf(figuresOf(results))}`);
}

function chosen(list, known, flag) {
  const names = list?.split(',') ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  console.error(`${flag}: no ${unknown}; there are ${known.join(', ')}`);
  process.exit(2);
}
