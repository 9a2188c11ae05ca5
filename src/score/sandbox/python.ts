import { fileURLToPath } from 'node:url';
import { SandboxedChild } from './child.ts';
import type { SandboxLimits } from './limits.ts';
import { pythonEnvironment, pythonInterpreter } from './python-interpreter.ts';
import { sandboxSource } from './source.ts';
import { SandboxUnavailable } from './unavailable.ts';

const FLAGS = ['-I', '-S', '-E', '-B', '-X', 'utf8'];

/**
 * A Python that has shut its doors and waits to be told what to run.
 * @param modules of the standard library, to be imported before
 * @param attempt for probes: what the child tries in place of running anything
 */
export async function startPython(
  limits: SandboxLimits,
  signal: AbortSignal,
  { modules = [], attempt }: { modules?: string[]; attempt?: string } = {},
): Promise<SandboxedChild> {
  if (process.platform !== 'linux') {
    throw new SandboxUnavailable('Python is run under seccomp, which only Linux has');
  }
  const python = await pythonInterpreter();
  if ('problem' in python) throw new SandboxUnavailable(python.problem);
  const folder = fileURLToPath(sandboxSource('python'));
  const command = { path: python.path, args: [...FLAGS, folder], env: pythonEnvironment() };
  const child = new SandboxedChild(command, signal);
  child.tell({
    modules,
    memory_bytes: limits.memoryBytes,
    // Wall-clock time is kept from here; this is for a child that outlives us.
    cpu_seconds: Math.ceil(limits.timeoutMs / 1000) + 1,
    ...(attempt === undefined ? {} : { attempt }),
  });
  return child;
}
