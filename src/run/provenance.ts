import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import { VERSION as OPENAI_VERSION } from 'openai/version';
import { environmentWithoutSecrets } from '../secrets/known.ts';
import type { Manifest } from '../store/types.ts';
import { VERSION } from '../version.ts';

const run = promisify(execFile);

/** The revision of the work tree that the run was started in; `null` outside of one. */
export async function readGit(cwd: string): Promise<Manifest['git']> {
  const env = environmentWithoutSecrets(process.env);
  try {
    const [head, status] = await Promise.all([
      run('git', ['rev-parse', 'HEAD'], { cwd, env }),
      run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd, env }),
    ]);
    return { revision: head.stdout.trim(), dirty: status.stdout.trim() !== '' };
  } catch {
    return null;
  }
}

export function describeHost(): Manifest['host'] {
  const cpus = os.cpus();
  return {
    platform: `${os.platform()} ${os.release()}`,
    arch: os.arch(),
    cpus: cpus.length,
    cpu_model: cpus[0]?.model ?? 'unknown',
    memory_bytes: os.totalmem(),
  };
}

/** Versions of what takes part in the measurement. */
export function readVersions(): Record<string, string> {
  return { tokentape: VERSION, node: process.versions.node, openai: OPENAI_VERSION };
}
