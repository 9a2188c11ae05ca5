// `npm ci` without a warm cache, and what the dependencies of the packed product take on disk.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { row } from '../capture/targets.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NEEDED = ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'scripts'];

/** Needs the registry; @returns rows, without figures where it cannot be had */
export function measureInstall() {
  const scratch = mkdtempSync(path.join(tmpdir(), 'tokentape-install-'));
  const checkout = path.join(scratch, 'checkout');
  const install = (...flags) =>
    execFileSync('npm', ['ci', '--silent', '--cache', path.join(scratch, 'cache'), ...flags], {
      cwd: checkout,
      stdio: 'ignore',
    });
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return null;
    }
  };
  try {
    for (const name of NEEDED)
      cpSync(path.join(root, name), path.join(checkout, name), { recursive: true });
    const seconds = attempt(() => {
      const startedMs = performance.now();
      install();
      return (performance.now() - startedMs) / 1000;
    });
    const bytes = attempt(() => {
      install('--omit=dev', '--ignore-scripts');
      return bytesOnDisk(path.join(checkout, 'node_modules'));
    });
    return [
      row('install: `npm ci` without a warm cache', '≤ 30 s', seconds, (value) => [
        `${value.toFixed(0)} s`,
        value <= 30,
      ]),
      row('runtime dependencies on disk', '≤ 60 MB', bytes, (value) => [
        `${(value / 1e6).toFixed(0)} MB`,
        value <= 60e6,
      ]),
    ];
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Blocks taken by all files below a folder. */
function bytesOnDisk(folder) {
  if (!existsSync(folder)) throw new Error(`no ${folder}`);
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(path.join(entry.parentPath, entry.name)).blocks * 512;
  }
  return bytes;
}
