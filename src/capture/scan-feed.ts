import zlib from 'node:zlib';
import type { StreamScanner } from './scanner.ts';

/** Compressed bytes that wait to be inflated: a body that comes faster is judged from the tape. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Feeds the scanner with what a body decodes to. Plain bodies go straight through. Compressed ones,
 * which no server should send (the client asks for `identity`), are inflated on the side, so that
 * `[DONE]` and the first token are still seen; the stamps were taken before, on the raw bytes.
 */
export class ScanFeed {
  /** The instant of the read that is being scanned. */
  instantMs = 0;
  readonly #scanner: StreamScanner;
  readonly #maxBytes: number;
  readonly #onScanned: (progressedAtMs: number | null) => void;
  #inflate: zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress | null = null;
  #inflatedBytes = 0;

  constructor(
    scanner: StreamScanner,
    maxBytes: number,
    onScanned: (progressedAtMs: number | null) => void,
  ) {
    this.#scanner = scanner;
    this.#maxBytes = maxBytes;
    this.#onScanned = onScanned;
  }

  begin(contentEncoding: string | undefined): void {
    this.#inflate = inflaterOf(contentEncoding);
    this.#inflate?.on('data', (chunk: Buffer) => {
      this.#inflatedBytes += chunk.length;
      if (this.#inflatedBytes > this.#maxBytes) this.#scanner.exceeded = 'unpacked_bytes';
      this.#scan(chunk);
    });
    // What cannot be inflated is judged from the tape.
    this.#inflate?.on('error', () => this.close());
  }

  push(chunk: Uint8Array, instantMs: number): void {
    this.instantMs = instantMs;
    if (this.#inflate === null) this.#scan(chunk);
    else if (this.#inflate.writableLength > WAITING_BYTES_MAX) this.close();
    else if (!this.#inflate.destroyed) this.#inflate.write(Buffer.from(chunk));
  }

  close(): void {
    this.#inflate?.destroy();
  }

  #scan(chunk: Uint8Array): void {
    if (this.#scanner.done) return;
    this.#onScanned(this.#scanner.push(chunk) ? this.instantMs : null);
  }
}

function inflaterOf(
  contentEncoding: string | undefined,
): zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress | null {
  switch (contentEncoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'deflate':
      return zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH });
    default:
      return null;
  }
}
