import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gunzipSync } from 'node:zlib';
import { afterAll } from 'vitest';
import type { RequestRecord } from '../../src/metrics/types.ts';
import type { Manifest } from '../../src/store/types.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cwd: string;
  env?: Record<string, string> | undefined;
  stdin?: string;
}

/** A command under way: its process, and what it will have said. */
export interface RunningCli {
  child: ChildProcess;
  ended: Promise<CliResult>;
}

/**
 * Starts the compiled command as a person would: in a folder of their own, without a variable of this
 * process that could steer it.
 */
export function startCli(args: readonly string[], options: CliOptions): RunningCli {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: options.cwd,
    env: { PATH, HOME, TOKENTAPE_CALIBRATE: 'off', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((one) => rm(one, { recursive: true, force: true }))));

/** An empty folder of this test's own, with `files` in it; gone when the file's tests have ended. */
export async function aFolder(files: Record<string, string> = {}): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tokentape-cli-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** A config whose only target is at `url`, with two of the simulator's models. */
export function configFor(url: string, more = ''): string {
  return [
    'targets:',
    '  market:',
    `    base_url: ${url}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config
    '    api_key: ${MARKET_KEY}',
    '    models: [r1, guard]',
    'models:',
    '  - { name: DeepSeek-R1, alias: r1 }',
    '  - { name: Llama-Guard-3-8B, alias: guard }',
    // The machine of the tests may be as busy as it likes.
    'validity: { late_ms: 60000, late_share: 1, cpu_share: 1 }',
    more,
  ].join('\n');
}

export interface WrittenRun {
  name: string;
  path: string;
  manifest: Manifest;
  records: RequestRecord[];
  /** Every file by its name, as text; what was packed is unpacked. */
  texts: Record<string, string>;
}

/** The one run in a results folder, read from its files and not through the product. */
export async function readOnlyRun(outputDir: string): Promise<WrittenRun> {
  const folders = (await readdir(outputDir, { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const [folder] = folders;
  if (folder === undefined || folders.length > 1) throw new Error(`${folders.length} runs`);
  const runPath = path.join(outputDir, folder.name);
  const texts: Record<string, string> = {};
  for (const name of await readdir(runPath)) {
    const bytes = await readFile(path.join(runPath, name));
    texts[name] = (name.endsWith('.gz') ? unpack(bytes) : bytes).toString('utf8');
  }
  const lines = (texts['requests.ndjson'] ?? '').split('\n').filter((line) => line !== '');
  return {
    name: folder.name,
    path: runPath,
    manifest: JSON.parse(texts['manifest.json'] ?? 'null'),
    records: lines.map((line) => JSON.parse(line)),
    texts,
  };
}

/** Also what was cut off at its end. */
function unpack(bytes: Buffer): Buffer {
  return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
}
