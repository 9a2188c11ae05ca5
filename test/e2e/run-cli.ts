import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequestRecord, SummaryRow } from '../../src/metrics/types.ts';
import type { Manifest } from '../../src/store/types.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Well under the limit of a test, so that a command that hangs is ended and its output shown. */
const RUN_LIMIT_MS = 90_000;

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the compiled command as a user does, in the project's folder, with the marketplace at
 * `apiBase`; no other variable of this process that could steer it is passed on.
 * @throws where it has not ended after 90 s; the message holds what it wrote
 */
export async function runCli(
  args: readonly string[],
  { apiBase, apiKey }: { apiBase: string; apiKey: string },
): Promise<CliResult> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: PROJECT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      MARKETPLACE_API_BASE: apiBase,
      MARKETPLACE_API_KEY: apiKey,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearTimeout(deadline));
  if (child.signalCode === 'SIGKILL') {
    throw new Error(
      `no end within ${RUN_LIMIT_MS / 1000} s: ${args.join(' ')}\n${stdout}${stderr}`,
    );
  }
  return { code, stdout, stderr };
}

export interface WrittenRun {
  path: string;
  manifest: Manifest;
  records: RequestRecord[];
  rows: SummaryRow[];
  /** Every file of the folder that is text, by name. */
  texts: Record<string, string>;
}

/** Reads the one run that was written into `outputDir`, from its files and not through the product. */
export async function readOnlyRun(outputDir: string): Promise<WrittenRun> {
  const folders = (await readdir(outputDir, { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const [folder] = folders;
  if (folder === undefined || folders.length !== 1) {
    throw new Error(`${folders.length} runs in the output folder`);
  }
  const path = join(outputDir, folder.name);
  const texts: Record<string, string> = {};
  for (const name of await readdir(path)) {
    if (!name.endsWith('.gz')) texts[name] = await readFile(join(path, name), 'utf8');
  }
  const lines = (texts['requests.ndjson'] ?? '').split('\n').filter((line) => line !== '');
  return {
    path,
    manifest: JSON.parse(texts['manifest.json'] ?? 'null'),
    records: lines.map((line) => JSON.parse(line)),
    rows: JSON.parse(texts['summary.json'] ?? 'null').rows,
    texts,
  };
}
