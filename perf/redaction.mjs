// `node perf/redaction.mjs`: what it costs to take secrets out of a body, in microseconds of CPU per 10 kB, the best of
// several rounds: a machine has other things to do.
import { createRedactor, secretsOf } from '../dist/secrets.js';

const BYTES = 10_240;
const CALLS = 400;
const ROUNDS = 15;

/** Chunks as an endpoint sends them, until there are enough. */
function bodyOf(contentOf) {
  let text = '';
  for (let index = 0; text.length < BYTES; index++) {
    const choices = [{ index: 0, delta: { content: contentOf(index) }, finish_reason: null }];
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'm', choices };
    text += `data: ${JSON.stringify(chunk)}\n\n`;
  }
  return text;
}

const BODIES = {
  'plain words': bodyOf((index) => ` word${index}`),
  'quotes and line ends': bodyOf((index) => `"w"\n${index}`),
  'every word escaped': bodyOf((index) => ` wörd${index}`).replaceAll('ö', '\\u00f6'),
};

function microseconds(redactor, body) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) redactor.bytes(body);
    const { user, system } = process.cpuUsage(from);
    best = Math.min(best, (user + system) / CALLS);
  }
  return best;
}

for (const keys of [1, 5, 20]) {
  const targets = Array.from({ length: keys }, (_, index) => ({
    name: 'm',
    baseUrl: 'http://host/v1',
    apiKey: `sk-${'a1B2c3D4e5'.repeat(4)}${index}`,
    headers: {},
  }));
  const redactor = createRedactor(targets.flatMap((target) => secretsOf(target)));
  for (const [name, text] of Object.entries(BODIES)) {
    const us = microseconds(redactor, Buffer.from(text.slice(0, BYTES)));
    console.log(`${String(keys).padStart(2)} keys, ${name}: ${us.toFixed(1)} µs per 10 kB`);
  }
}
