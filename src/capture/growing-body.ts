const SEGMENT_BYTES = 8 * 1024;
/**
 * As much as one body may come to: what an endless stream has filled serves the next one, where to
 * leave it to the collector would take as much again before that came.
 */
const SPARE_SEGMENTS_MAX = (40 * 1024 * 1024) / SEGMENT_BYTES;

/** Segments that no stream uses: bodies come and go without allocations in between. */
const spareSegments: Uint8Array[] = [];

/** How much of a body to keep: its beginning, in bytes and in reads. */
export interface KeptBeginning {
  bytes: number;
  reads: number;
}

export interface TakenBody {
  body: Uint8Array<ArrayBuffer>;
  arrivalsMs: Float64Array<ArrayBuffer>;
  arrivalBytes: Uint32Array<ArrayBuffer>;
  /** What came after the part that was kept; absent where all was. */
  cut?: KeptBeginning;
}

/**
 * Bytes and instants of a body while it grows. Reads are copied into segments, which the bodies of a
 * thread hand on to one another; a body has memory of its own only once it is whole.
 */
export class GrowingBody {
  readonly #segments: Uint8Array[] = [];
  /** Bytes used of the last segment. */
  #filled = SEGMENT_BYTES;
  #length = 0;
  #arrivalsMs = new Float64Array(128);
  #arrivalBytes = new Uint32Array(128);
  #reads = 0;
  #lastInstantMs = Number.NaN;

  get length(): number {
    return this.#length;
  }

  get reads(): number {
    return this.#reads;
  }

  /** Appends; pieces that bear the same instant came in one read and share an entry. */
  append(chunk: Uint8Array, instantMs: number): void {
    this.#length += chunk.length;
    this.#store(chunk);
    if (instantMs === this.#lastInstantMs) {
      this.#arrivalBytes[this.#reads - 1] =
        (this.#arrivalBytes[this.#reads - 1] ?? 0) + chunk.length;
      return;
    }
    if (this.#reads === this.#arrivalsMs.length) this.#growReads();
    this.#arrivalsMs[this.#reads] = instantMs;
    this.#arrivalBytes[this.#reads] = chunk.length;
    this.#reads += 1;
    this.#lastInstantMs = instantMs;
  }

  /**
   * Hands all of it over, or its beginning, free to be transferred, and keeps nothing; instants become
   * relative to `originMs`. The arrays of the reads are views that may have room behind them. Of a read
   * in which the beginning ends, the part that is kept counts.
   */
  take(originMs: number, most: KeptBeginning = { bytes: Infinity, reads: Infinity }): TakenBody {
    const came = { bytes: this.#length, reads: this.#reads };
    if (came.bytes > most.bytes || came.reads > most.reads) this.#cut(most);
    const arrivalsMs = this.#arrivalsMs.subarray(0, this.#reads);
    for (let i = 0; i < arrivalsMs.length; i++) arrivalsMs[i] = (arrivalsMs[i] ?? 0) - originMs;
    const taken = { bytes: this.#length, reads: this.#reads };
    return {
      body: this.#join(),
      arrivalsMs,
      arrivalBytes: this.#arrivalBytes.subarray(0, this.#reads),
      ...(came.bytes > taken.bytes && {
        cut: { bytes: came.bytes - taken.bytes, reads: came.reads - taken.reads },
      }),
    };
  }

  #cut(most: KeptBeginning): void {
    let [bytes, reads] = [0, 0];
    while (reads < this.#reads && reads < most.reads && bytes < most.bytes) {
      const read = this.#arrivalBytes[reads] ?? 0;
      this.#arrivalBytes[reads] = Math.min(read, most.bytes - bytes);
      bytes += this.#arrivalBytes[reads] ?? 0;
      reads += 1;
    }
    this.#length = bytes;
    this.#reads = reads;
    // Not a view: the room behind it would go along.
    this.#arrivalsMs = this.#arrivalsMs.slice(0, reads);
    this.#arrivalBytes = this.#arrivalBytes.slice(0, reads);
  }

  #store(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#filled === SEGMENT_BYTES) {
        this.#segments.push(spareSegments.pop() ?? new Uint8Array(SEGMENT_BYTES));
        this.#filled = 0;
      }
      const end = Math.min(chunk.length, at + SEGMENT_BYTES - this.#filled);
      const part = at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end);
      (this.#segments.at(-1) as Uint8Array).set(part, this.#filled);
      this.#filled += end - at;
      at = end;
    }
  }

  #join(): Uint8Array<ArrayBuffer> {
    // Slow only by name: it has an ArrayBuffer of its own, which can be transferred.
    const body = new Uint8Array(Buffer.allocUnsafeSlow(this.#length).buffer as ArrayBuffer);
    let offset = 0;
    for (const segment of this.#segments) {
      const used = Math.min(SEGMENT_BYTES, this.#length - offset);
      if (used > 0) body.set(used === SEGMENT_BYTES ? segment : segment.subarray(0, used), offset);
      offset += used;
      if (spareSegments.length < SPARE_SEGMENTS_MAX) spareSegments.push(segment);
    }
    this.#segments.length = 0;
    this.#filled = SEGMENT_BYTES;
    return body;
  }

  #growReads(): void {
    const arrivalsMs = new Float64Array(this.#reads * 2);
    arrivalsMs.set(this.#arrivalsMs);
    this.#arrivalsMs = arrivalsMs;
    const arrivalBytes = new Uint32Array(this.#reads * 2);
    arrivalBytes.set(this.#arrivalBytes);
    this.#arrivalBytes = arrivalBytes;
  }
}
