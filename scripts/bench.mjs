// `npm run bench`: compiles what changed, then runs the command line. Compiled code starts in a
// fraction of the time that a loader for TypeScript takes, and stale code is never run.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

if (isStale()) {
  const { status } = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) process.exit(1);
  // The compiler leaves the file alone where nothing but a time had changed.
  const now = new Date();
  utimesSync(`${root}dist/.tsbuildinfo`, now, now);
}
await import('../dist/cli.js');

/** True where a source, or what decides how it is compiled, is newer than the last compilation. */
function isStale() {
  const builtMs = modifiedMs('dist/.tsbuildinfo');
  if (builtMs === 0 || modifiedMs('dist/cli.js') === 0) return true;
  const sources = readdirSync(`${root}src`, { recursive: true, withFileTypes: true });
  return (
    ['tsconfig.json', 'package-lock.json'].some((file) => modifiedMs(file) > builtMs) ||
    // Folders too: a file that was removed or renamed changes the time of its folder.
    sources.some((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs > builtMs)
  );
}

/** @param {string} file relative to the root; 0 where it is not there */
function modifiedMs(file) {
  return statSync(root + file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
