import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { jsonText } from '../json.ts';
import { writeWhole } from '../store/atomic-write.ts';
import type { ClientError } from '../store/types.ts';
import { VERSION } from '../version.ts';

/** Streams at once, and the chunks a second that each of them brings. */
export interface StreamLoad {
  streams: number;
  chunkRate: number;
}

/** How far this host can be trusted at a chunk rate, in streams; 0 where not even with one. */
export interface TrustedLoad {
  chunk_rate: number;
  /** p99 of the client's error stays within 1 ms. */
  trusted_streams: number;
  /** p99 of the client's error stays within 5 ms. */
  limit_streams: number;
  /** UTC. */
  measured_at: string;
}

interface CacheFile {
  schema_version: 1;
  /** By host, version and load; the newest last. */
  errors: Record<string, ClientError>;
  /** By host, version and chunk rate. */
  trusted: Record<string, TrustedLoad>;
}

const ENTRIES_MOST = 500;
/** A host changes in time: its kernel, its neighbours, its power plan. */
const KEPT_MS = 30 * 24 * 3600 * 1000;
/** An error this large may be a neighbour's doing, and is measured again soon. */
const LARGE_ERROR_MS = 1;
const LARGE_KEPT_MS = 3600 * 1000;

/**
 * What calibrations of this host found, kept for its user. A cache that is broken, or cannot be
 * written, is an empty one.
 */
export class CalibrationCache {
  readonly #file: string;
  readonly #host: string;
  readonly #nowMs: number;

  constructor(file = cacheFile(process.env), host = hostKey(), nowMs = Date.now()) {
    this.#file = file;
    this.#host = host;
    this.#nowMs = nowMs;
  }

  errorAt({ streams, chunkRate }: StreamLoad): ClientError | undefined {
    const found = this.#read().errors[this.#key(streams, chunkRate)];
    const large = found !== undefined && found.error_ms_p99 > LARGE_ERROR_MS;
    const keptMs = large ? LARGE_KEPT_MS : KEPT_MS;
    return this.#isFresh(found, keptMs) ? { ...found, cached: true } : undefined;
  }

  trustedAt(chunkRate: number): TrustedLoad | undefined {
    const found = this.#read().trusted[this.#key(chunkRate)];
    return this.#isFresh(found, KEPT_MS) ? found : undefined;
  }

  keepErrors(errors: readonly ClientError[]): Promise<void> {
    return this.#change(({ errors: kept }) => {
      for (const error of errors) put(kept, this.#key(error.streams, error.chunk_rate), error);
    });
  }

  keepTrusted(load: TrustedLoad): Promise<void> {
    return this.#change(({ trusted }) => put(trusted, this.#key(load.chunk_rate), load));
  }

  #key(...load: number[]): string {
    return [this.#host, ...load].join('|');
  }

  #isFresh<T extends { measured_at: string }>(found: T | undefined, keptMs: number): found is T {
    const ageMs = this.#nowMs - Date.parse(found?.measured_at ?? '');
    return ageMs >= 0 && ageMs < keptMs;
  }

  #read(): CacheFile {
    try {
      const { schema_version, errors, trusted } = JSON.parse(readFileSync(this.#file, 'utf8'));
      if (schema_version === 1 && isMapping(errors) && isMapping(trusted)) {
        return { schema_version, errors, trusted } as CacheFile;
      }
    } catch {}
    return { schema_version: 1, errors: {}, trusted: {} };
  }

  async #change(change: (cache: CacheFile) => void): Promise<void> {
    const cache = this.#read();
    change(cache);
    try {
      const folder = path.dirname(this.#file);
      for (const each of [path.dirname(folder), folder]) await mkdir(each).catch(() => {});
      await writeWhole(this.#file, `${jsonText(cache, 2)}\n`);
    } catch {}
  }
}

/** As the newest; the oldest make room. */
function put<T>(entries: Record<string, T>, key: string, value: T): void {
  delete entries[key];
  entries[key] = value;
  for (const old of Object.keys(entries).slice(0, -ENTRIES_MOST)) delete entries[old];
}

function isMapping(value: unknown): value is Record<string, object> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => typeof one === 'object' && one !== null);
}

/** `$XDG_CACHE_HOME/tokentape/calibration.json`, by default in `~/.cache`. */
export function cacheFile(env: Readonly<Record<string, string | undefined>>): string {
  const configured = env.XDG_CACHE_HOME || env.LOCALAPPDATA;
  const folder = configured && path.isAbsolute(configured) ? configured : homeCache();
  return path.join(folder, 'tokentape', 'calibration.json');
}

function homeCache(): string {
  return path.join(os.homedir(), '.cache');
}

/** What a calibration holds for: this machine, with this software. */
export function hostKey(): string {
  const cpus = os.cpus();
  const parts = [os.hostname(), os.platform(), os.release(), os.arch(), cpus[0]?.model ?? ''];
  return [...parts, cpus.length, process.versions.node, VERSION].join('|');
}
