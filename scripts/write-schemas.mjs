// Writes the JSON Schemas of the configuration files, and the tables of docs/suites.md, from the compiled
// sources. With --check nothing is written, and what is stale ends the process with 1.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { configJsonSchema } from '../dist/config/json-schema.js';
import { suiteFileSchema } from '../dist/suite/schema.js';
import { writeSuiteTables } from './suite-tables.mjs';

const schemas = {
  'bench.config.schema.json': configJsonSchema(),
  'suite.schema.json': z.toJSONSchema(suiteFileSchema, { target: 'draft-7', io: 'input' }),
};
const checkOnly = process.argv.includes('--check');

for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../docs/${name}`, import.meta.url);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!checkOnly) {
    writeFileSync(file, text);
  } else if (readIfThere(file) !== text) {
    console.error(`docs/${name} is stale: run node scripts/write-schemas.mjs`);
    process.exitCode = 1;
  }
}

if (!writeSuiteTables(checkOnly) && checkOnly) {
  console.error('docs/suites.md is stale: run node scripts/write-schemas.mjs');
  process.exitCode = 1;
}

/** @param {URL} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
