// Prepares the Python environment of `npm run test:e2e`: a pinned LiteLLM proxy in .venv/litellm.
// Quick where it is already there. Without a usable Python it says so and leaves the tests to be
// skipped; under CI that is a failure, because there the tests must run.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const venv = join(root, '.venv', 'litellm');
const requirements = join(root, 'test', 'e2e', 'requirements.txt');
const stamp = join(venv, 'requirements.sha256');
const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');

/** What LiteLLM runs on; newer and older ones have no wheels for all of the pinned packages. */
const SUPPORTED = '(3, 10) <= sys.version_info[:2] <= (3, 14)';
const CANDIDATES = [
  'python3',
  'python3.12',
  'python3.11',
  'python3.13',
  'python3.10',
  'python3.14',
];

/** @param {string} command @param {string[]} args */
function quietly(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return { ok: status === 0, why: error?.message ?? stderr.trim() };
}

/** @param {string} python @returns {string | null} what it lacks; null where it will do */
function shortcomingOf(python) {
  if (!quietly(python, ['--version']).ok) return 'is not installed';
  if (!quietly(python, ['-c', `import sys; sys.exit(not ${SUPPORTED})`]).ok) {
    return 'is not a Python from 3.10 to 3.14';
  }
  if (!quietly(python, ['-c', 'import venv, ensurepip']).ok) {
    return 'has no venv or ensurepip (Debian, Ubuntu: apt-get install python3-venv)';
  }
  return null;
}

function findPython() {
  const named = process.env.PYTHON;
  const refusals = [];
  for (const python of named ? [named] : CANDIDATES) {
    const shortcoming = shortcomingOf(python);
    if (shortcoming === null) return { python, refusals };
    if (named || shortcoming !== 'is not installed') refusals.push(`${python} ${shortcoming}`);
  }
  return { python: null, refusals: refusals.length > 0 ? refusals : ['python3 is not installed'] };
}

/** @param {string} python */
function install(python) {
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(dirname(venv), { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  const steps = [
    { command: python, args: ['-m', 'venv', venv] },
    {
      command: join(venv, 'bin', 'python'),
      // Wheels only: no code of a package runs while it is installed.
      args: [...pip, '--only-binary', ':all:', '--require-hashes', '-r', requirements],
    },
  ];
  for (const { command, args } of steps) {
    const { ok, why } = quietly(command, args);
    if (!ok) return why;
  }
  // Last, so that an install cut off half-way is done again.
  writeFileSync(stamp, `${wanted}\n`);
  return null;
}

/** @param {string} line */
const say = (line) => process.stderr.write(`e2e setup: ${line}\n`);

function setUp() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === wanted) return 0;
  const { python, refusals } = findPython();
  if (python === null) {
    say(`the tests against LiteLLM are skipped: ${refusals.join('; ')}`);
    return process.env.CI ? 1 : 0;
  }
  say(`installing LiteLLM into .venv/litellm with ${python} (about a minute, 750 MB)`);
  const startedAt = performance.now();
  const failure = install(python);
  if (failure !== null) {
    say(`could not install LiteLLM:\n${failure}`);
    return 1;
  }
  say(`ready after ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return 0;
}

process.exitCode = setUp();
