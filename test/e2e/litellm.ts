import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const EXECUTABLE = fileURLToPath(new URL('../../.venv/litellm/bin/litellm', import.meta.url));
/** Importing it takes 5 to 10 s on an idle core; a busy CI machine may need many times that. */
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 5_000;
const LOG_CHARS = 200_000;

export interface LiteLlmOptions {
  /** Base URL of the OpenAI-compatible server behind the proxy, with `/v1`. */
  upstreamUrl: string;
  /** The key that the proxy shows to that server. */
  upstreamKey: string;
  /** Served under these names and asked for under the same names. */
  models: readonly string[];
  /** What clients of the proxy authenticate with; virtual keys would need a database. */
  masterKey: string;
  /** A free one by default. */
  port?: number;
  /** Answers a request that it has answered before from its memory; off by default. */
  cache?: boolean;
}

export interface LiteLlm {
  /** Base URL for clients: `http://127.0.0.1:PORT/v1`. */
  url: string;
  port: number;
  /** What it has written so far, cut at the front. */
  log(): string;
  /** Ends its whole process group and removes its folder. */
  close(): Promise<void>;
}

/** Whether `scripts/e2e-setup.mjs` has installed it. */
export function liteLlmInstalled(): boolean {
  return existsSync(EXECUTABLE);
}

/**
 * Starts the pinned LiteLLM proxy on a loopback port and waits until it answers.
 * It retries nothing, falls back to nothing, caches nothing unless asked to, and reaches no address but
 * `upstreamUrl`; header `x-simulate-fault` of a request is passed on.
 * @throws where it dies or stays silent for two minutes; the message ends with its log
 * @see docs/litellm.md
 */
export async function startLiteLlm(options: LiteLlmOptions): Promise<LiteLlm> {
  const folder = await mkdtemp(join(tmpdir(), 'tokentape-litellm-'));
  const port = options.port ?? (await freePort());
  const configFile = join(folder, 'config.yaml');
  // JSON is YAML.
  await writeFile(configFile, JSON.stringify(proxyConfig(options), null, 2), { mode: 0o600 });

  const child = spawn(
    EXECUTABLE,
    ['--config', configFile, '--host', '127.0.0.1', '--port', `${port}`],
    {
      cwd: folder,
      env: proxyEnvironment(folder, options),
      // A process group of its own, so that close() can end what it started too.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const log = collectLog(child);
  const stopWithUs = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', stopWithUs);

  const close = async (): Promise<void> => {
    await stopGroup(child);
    process.off('exit', stopWithUs);
    await rm(folder, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilAlive(origin, child);
  } catch (error) {
    await close();
    throw new Error(`${(error as Error).message}\n${log()}`);
  }
  return { url: `${origin}/v1`, port, log, close };
}

function proxyConfig({ upstreamUrl, models, masterKey, cache }: LiteLlmOptions): object {
  return {
    model_list: models.map((name) => ({
      model_name: name,
      litellm_params: {
        model: `openai/${name}`,
        api_base: upstreamUrl,
        api_key: 'os.environ/UPSTREAM_API_KEY',
        max_retries: 0,
      },
    })),
    litellm_settings: {
      num_retries: 0,
      request_timeout: 600,
      cache: cache ?? false,
      ...(cache && { cache_params: { type: 'local' } }),
      telemetry: false,
      disable_hf_tokenizer_download: true,
    },
    // A cooled-down model would be answered by the proxy itself, with a 429 of its own.
    router_settings: { num_retries: 0, fallbacks: [], disable_cooldowns: true },
    general_settings: { master_key: masterKey, forward_client_headers_to_llm_api: true },
  };
}

/** Nothing of ours but the path: no key, no proxy, no setting of the machine may leak in. */
function proxyEnvironment(folder: string, { upstreamKey }: LiteLlmOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    UPSTREAM_API_KEY: upstreamKey,
    // Reads no .env file.
    LITELLM_MODE: 'PRODUCTION',
    // Price list, blog posts and tokenizers come with the package; none is fetched.
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    LITELLM_LOCAL_BLOG_POSTS: 'True',
    HF_HUB_OFFLINE: '1',
    LITELLM_LOG: 'WARNING',
    DISABLE_ADMIN_UI: 'True',
    NO_PROXY: '*',
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function collectLog(child: ChildProcess): () => string {
  let text = '';
  const take = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-LOG_CHARS);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  child.once('error', (error) => take(Buffer.from(`${error.message}\n`)));
  return () => text;
}

async function untilAlive(origin: string, child: ChildProcess): Promise<void> {
  const deadlineMs = performance.now() + START_LIMIT_MS;
  while (performance.now() < deadlineMs) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Error(
        `LiteLLM ended with ${child.exitCode ?? child.signalCode} before it answered`,
      );
    }
    const alive = await fetch(`${origin}/health/liveliness`, { signal: AbortSignal.timeout(2_000) })
      .then((response) => response.ok)
      .catch(() => false);
    if (alive) return;
    await sleep(100);
  }
  throw new Error(`LiteLLM did not answer within ${START_LIMIT_MS / 1000} s`);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  const ended =
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child, 'SIGTERM');
  await Promise.race([ended, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
  signalGroup(child, 'SIGKILL');
  await ended;
}
