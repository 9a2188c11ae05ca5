import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type CliOptions, type CliResult, startCli } from '../commands/run-cli.ts';
import { contentsOf, revealed } from './revealed.ts';

/** What must be found nowhere: by what it is, its value. */
export const CANARIES = {
  key: 'sk-Canary/7d1f0a9b3c+XyZ=',
  'own key': 'own"Canary\\api&key',
  'own header': 'internal-Canary-tenant',
  'password of a proxy': 'proxy-Canary-pass',
  'key of the judge': 'sk-judge-Canary-55aa',
} as const;

/** Named as no variable of the product is. */
export const CANARY_ENV: Record<string, string> = {
  MARKET_KEY: CANARIES.key,
  OWN_KEY: CANARIES['own key'],
  TENANT: CANARIES['own header'],
  JUDGE_KEY: CANARIES['key of the judge'],
  HTTP_PROXY: `http://me:${CANARIES['password of a proxy']}@127.0.0.1:9`,
  HTTPS_PROXY: `http://me:${CANARIES['password of a proxy']}@127.0.0.1:9`,
};

/** Every leak in these texts, by where it is. */
export function leaksIn(
  texts: Iterable<readonly [where: string, bytes: string | Uint8Array]>,
): string[] {
  const leaks: string[] = [];
  for (const [where, bytes] of texts) {
    for (const [what, value] of Object.entries(CANARIES)) {
      const how = revealed(Buffer.from(bytes as string), value);
      if (how !== null) leaks.push(`${where}: ${what}, ${how}`);
    }
  }
  return leaks;
}

/** Every leak in the files below a folder, in their names too. */
export async function leaksInFolder(
  folder: string,
  except: readonly string[] = [],
): Promise<string[]> {
  const leaks: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (except.includes(name)) continue;
    leaks.push(...leaksIn([['a name of a file', name]]));
    if (!entry.isFile()) continue;
    leaks.push(...leaksIn(contentsOf(name, await readFile(file)).map((bytes) => [name, bytes])));
  }
  return leaks;
}

export interface WatchedResult extends CliResult {
  /** In what it said, and in what could be seen of it and of its children while it ran. */
  leaks: string[];
  children: number;
}

/** Runs the command under watch: as `ps` sees it, and the environments of its children. */
export async function runWatched(
  args: readonly string[],
  options: CliOptions,
): Promise<WatchedResult> {
  const { child, ended } = startCli(args, { ...options, env: { ...CANARY_ENV, ...options.env } });
  const seen = new Map<string, Buffer>();
  const children = new Set<string>();
  let isOver = false;
  const watch = async (): Promise<void> => {
    while (!isOver && child.pid !== undefined) {
      await look(String(child.pid), seen, children);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  };
  const watching = watch();
  const result = await ended;
  isOver = true;
  await watching;
  const said = [
    ['stdout', result.stdout],
    ['stderr', result.stderr],
  ] as const;
  return { ...result, leaks: leaksIn([...said, ...seen]), children: children.size };
}

/** Of the process itself its command line and title; of its children their environment too. */
async function look(pid: string, seen: Map<string, Buffer>, children: Set<string>): Promise<void> {
  const note = async (file: string, where: string): Promise<void> => {
    const bytes = await readFile(file).catch(() => null);
    if (bytes !== null && bytes.length > 0) seen.set(where, bytes);
  };
  await note(`/proc/${pid}/cmdline`, 'command line');
  await note(`/proc/${pid}/comm`, 'title');
  for (const child of await childrenOf(pid)) {
    children.add(child);
    await note(`/proc/${child}/cmdline`, `command line of child ${child}`);
    await note(`/proc/${child}/environ`, `environment of child ${child}`);
  }
}

/** A child has its parent's memory, environment included, until it has become another program. */
async function childrenOf(pid: string): Promise<string[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const parent = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  const all = lists.flatMap((list) => list.split(' ').filter((one) => one !== ''));
  const started = await Promise.all(
    all.map(
      async (one) =>
        (await readFile(`/proc/${one}/cmdline`, 'utf8').catch(() => parent)) !== parent,
    ),
  );
  return all.filter((_, index) => started[index]);
}

export const canWatch = existsSync(`/proc/${process.pid}/environ`);
