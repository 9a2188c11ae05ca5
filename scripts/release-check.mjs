// `node scripts/release-check.mjs --tag v1.2.3 --repository OWNER/NAME [--notes FILE]`: whether a tag may become
// a release; writes what the change log says of it. Exit 1 where something stands in the way.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { notesOf, releaseProblems } from './supply/release.mjs';

const { values: flags } = parseArgs({
  options: {
    tag: { type: 'string', default: '' },
    repository: { type: 'string', default: '' },
    notes: { type: 'string' },
  },
});
const read = (/** @type {string} */ name) =>
  readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json'));
const changelog = read('CHANGELOG.md');
const { tag, repository } = flags;
const problems = releaseProblems({ tag, repository, manifest, changelog });
for (const problem of problems) console.error(`error: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else if (flags.notes !== undefined) {
  mkdirSync(path.dirname(flags.notes), { recursive: true });
  writeFileSync(flags.notes, `${notesOf(changelog, manifest.version)}\n`);
}
