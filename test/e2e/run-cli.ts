import { fileURLToPath } from 'node:url';
import type { SummaryRow } from '../../src/metrics/types.ts';
import * as commands from '../commands/run-cli.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Well under the limit of a test, so that a command that hangs is ended and its output shown. */
const RUN_LIMIT_MS = 90_000;

/**
 * Runs the compiled command as a user does, in the project's folder, with the marketplace at
 * `apiBase`; no other variable of this process that could steer it is passed on.
 * @throws where it has not ended after 90 s; the message holds what it wrote
 */
export async function runCli(
  args: readonly string[],
  { apiBase, apiKey }: { apiBase: string; apiKey: string },
): Promise<commands.CliResult> {
  const env = {
    MARKETPLACE_API_BASE: apiBase,
    MARKETPLACE_API_KEY: apiKey,
    // The machine of the tests may be as busy as it likes.
    TOKENTAPE_LATE_SHARE: '1',
    TOKENTAPE_CPU_SHARE: '1',
  };
  const { child, ended } = commands.startCli(args, { cwd: PROJECT, env });
  const deadline = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  const result = await ended.finally(() => clearTimeout(deadline));
  if (child.signalCode === 'SIGKILL') {
    const said = `${result.stdout}${result.stderr}`;
    throw new Error(`no end within ${RUN_LIMIT_MS / 1000} s: ${args.join(' ')}\n${said}`);
  }
  return result;
}

/** The one run in a results folder, with its summary. */
export async function readOnlyRun(
  outputDir: string,
): Promise<commands.WrittenRun & { rows: SummaryRow[] }> {
  const written = await commands.readOnlyRun(outputDir);
  return { ...written, rows: JSON.parse(written.texts['summary.json'] ?? 'null').rows };
}
