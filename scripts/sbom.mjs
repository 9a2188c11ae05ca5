// `npm run sbom -- [--format cyclonedx|spdx] [--output FILE]`: the bill of materials of what users install, by npm,
// from the lock file; held against it before it is written. Nothing is written where it is not whole.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { billProblems } from './supply/bill.mjs';

const { values: flags } = parseArgs({
  options: { format: { type: 'string', default: 'cyclonedx' }, output: { type: 'string' } },
});
const { format } = flags;
if (format !== 'cyclonedx' && format !== 'spdx')
  throw new Error(`--format ${format}: cyclonedx or spdx`);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'));
const [self, lock] = [read('package.json'), read('package-lock.json')];

const bill = JSON.parse(await billOfNpm());
if (format === 'spdx') bill.name = `${self.name}@${self.version}`;

const problems = billProblems(bill, format, lock, self);
for (const problem of problems)
  console.error(`error: the bill of materials is not whole: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else {
  const text = `${JSON.stringify(bill, null, 2)}\n`;
  if (flags.output === undefined) process.stdout.write(text);
  else {
    mkdirSync(path.dirname(flags.output), { recursive: true });
    writeFileSync(flags.output, text);
  }
}

/**
 * Of a project that has nothing of development: `--omit dev` alone leaves out what development needs as well.
 * npm calls the project by the folder that it lies in.
 */
async function billOfNpm() {
  const { scripts: _scripts, devDependencies: _dev, ...published } = self;
  const around = await mkdtemp(path.join(tmpdir(), 'tokentape-sbom-'));
  const folder = path.join(around, self.name);
  const { '': root, ...packages } = lock.packages;
  const { devDependencies: _rootDev, ...publishedRoot } = root;
  const runtime = Object.entries(packages).filter(([, { dev }]) => dev !== true);
  try {
    await mkdir(folder);
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(published));
    await writeFile(
      path.join(folder, 'package-lock.json'),
      JSON.stringify({ ...lock, packages: { '': publishedRoot, ...Object.fromEntries(runtime) } }),
    );
    const options = ['--package-lock-only', '--sbom-type', 'application'];
    return execFileSync('npm', ['sbom', '--sbom-format', String(format), ...options], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
    });
  } finally {
    await rm(around, { recursive: true, force: true });
  }
}
