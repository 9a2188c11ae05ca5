// `npm run supply:check -- [--offline]`: what the package brings along, whether the lock file is clean, and what
// the registry says of it, where it says anything. Exit 1 where something is wrong; a registry that does not
// answer such questions is told, and is no failure.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { problemsOf, runtimeIn } from './supply/lockfile.mjs';
import { audit, signatures } from './supply/registry.mjs';

const { values: flags } = parseArgs({ options: { offline: { type: 'boolean', default: false } } });
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** @type {import('./supply/lockfile.mjs').Lock} */
const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));

const runtime = runtimeIn(lock);
const sizes = runtime
  .map(({ place, name, version, license }) => ({ name, version, license, bytes: sizeOf(place) }))
  .sort((a, b) => b.bytes - a.bytes);
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
const { dependencies, optionalDependencies } = JSON.parse(
  readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
);
for (const { name, version, license, bytes } of sizes) {
  console.log(
    `${(bytes / 2 ** 20).toFixed(2).padStart(6)} MiB  ${license?.padEnd(12)}  ${name}@${version}`,
  );
}
console.log(
  `${Object.keys(dependencies).length} dependencies and ${Object.keys(optionalDependencies).length} optional, ` +
    `${runtime.length} packages installed, ${(total / 2 ** 20).toFixed(1)} MiB`,
);

const problems = problemsOf(lock);
for (const problem of problems) console.error(`error: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else console.log('package-lock.json is clean');

if (!flags.offline) {
  for (const { check, state, says } of await Promise.all([audit(), signatures()])) {
    console.log(`${check}: ${state} (${says})`);
    if (state === 'found') process.exitCode = 1;
  }
}

/** Bytes of a package's own files. @param {string} place */
function sizeOf(place) {
  let bytes = 0;
  const folder = path.join(ROOT, place);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const isNested = path
      .relative(folder, entry.parentPath)
      .split(path.sep)
      .includes('node_modules');
    if (entry.isFile() && !isNested)
      bytes += statSync(path.join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}
