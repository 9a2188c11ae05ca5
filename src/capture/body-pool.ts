/** What a body in flight may hold without drawing on the pool: most replies never come to it. */
export const OWN_BYTES = 1024 * 1024;

/** A reply that draws on the pool, and can be ended. */
export interface Drawing {
  /** Bytes of it that are held. */
  readonly bodyLength: number;
  abort(code: 'limit_exceeded', message: string): void;
}

/**
 * Memory that the large bodies in flight share, each one's first MiB apart: the limit on one body
 * bounds one stream without end, and nothing would bound fifty. Where the pool is empty, the largest
 * is ended, which is hardly the one that behaves.
 */
export class BodyPool {
  readonly #capBytes: number;
  readonly #drawn = new Map<Drawing, number>();
  #bytes = 0;

  constructor(capBytes: number) {
    this.#capBytes = capBytes;
  }

  /** Says that a body has grown past its own bytes, or further. It may be ended before this returns. */
  grew(drawing: Drawing): void {
    const bytes = drawing.bodyLength - OWN_BYTES;
    this.#bytes += bytes - (this.#drawn.get(drawing) ?? 0);
    this.#drawn.set(drawing, bytes);
    if (this.#bytes > this.#capBytes) this.#endLargest();
  }

  /** Says that it holds nothing any more. */
  left(drawing: Drawing): void {
    this.#bytes -= this.#drawn.get(drawing) ?? 0;
    this.#drawn.delete(drawing);
  }

  #endLargest(): void {
    let largest: Drawing | undefined;
    for (const drawing of this.#drawn.keys()) {
      if (largest === undefined || drawing.bodyLength > largest.bodyLength) largest = drawing;
    }
    const capMib = Math.round(this.#capBytes / 2 ** 20);
    largest?.abort(
      'limit_exceeded',
      `all replies in flight together came to more than ${capMib} MiB, and this was the largest`,
    );
  }
}
