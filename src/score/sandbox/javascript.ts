import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadEntry } from '../../thread-entry.ts';
import { SandboxedChild } from './child.ts';
import type { SandboxLimits } from './limits.ts';
import { sandboxSource } from './source.ts';

/** Deep recursion inside takes V8's stack too; with less than this it would end the child. */
const STACK_KIB = 6000;

/** A child with a QuickJS in WebAssembly that waits to be told what to run; see javascript-child.ts. */
export function startJavascript(limits: SandboxLimits, signal: AbortSignal): SandboxedChild {
  const args = [
    ...permissionFlags(),
    '--no-warnings',
    `--stack-size=${STACK_KIB}`,
    '--max-old-space-size=256',
    fileURLToPath(threadEntry('score/sandbox/javascript-child.js')),
  ];
  const child = new SandboxedChild({ path: process.execPath, args, env: { TZ: 'UTC' } }, signal);
  child.tell({ memory_bytes: limits.memoryBytes, timeout_ms: limits.timeoutMs });
  return child;
}

/**
 * A second wall, should the first ever have a hole: Node's own permissions let the child read what it
 * is loaded from, and neither write, nor start processes or threads.
 */
function permissionFlags(): string[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const settled = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return [
    settled ? '--permission' : '--experimental-permission',
    ...readable().map((folder) => `--allow-fs-read=${folder}/*`),
  ];
}

/** Our own code, and all of the packages: the interpreter's import one another by their names. */
function readable(): string[] {
  const own = ['score/sandbox/x.js', 'thread-entry.js'].map((entry) => threadEntry(entry));
  const folders = [...own, sandboxSource('quickjs/x')].map((url) => dirname(fileURLToPath(url)));
  const entry = fileURLToPath(import.meta.resolve('quickjs-emscripten-core'));
  const packages = entry.slice(0, entry.indexOf(PACKAGES) + PACKAGES.length);
  return [...new Set([...folders, packages])];
}

const PACKAGES = 'node_modules';
