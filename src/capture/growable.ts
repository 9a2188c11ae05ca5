/**
 * Bytes and instants of a body, growing by doubling. Reads are copied in: a slice would keep the
 * whole 64 KiB pool buffer it was cut from alive for as long as the stream runs.
 */
export class GrowableBody {
  #bytes = new Uint8Array(4096);
  #arrivalsMs = new Float64Array(64);
  #arrivalBytes = new Uint32Array(64);
  #length = 0;
  #reads = 0;
  #lastInstantMs = Number.NaN;

  get length(): number {
    return this.#length;
  }

  /** Appends; pieces that bear the same instant came in one read and share an entry. */
  append(chunk: Uint8Array, instantMs: number): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) this.#growBytes(length);
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
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

  /** Exact-size copies, free to be transferred; instants become relative to `originMs`. */
  take(originMs: number): {
    body: Uint8Array<ArrayBuffer>;
    arrivalsMs: Float64Array<ArrayBuffer>;
    arrivalBytes: Uint32Array<ArrayBuffer>;
  } {
    const arrivalsMs = this.#arrivalsMs.slice(0, this.#reads);
    for (let i = 0; i < arrivalsMs.length; i++) arrivalsMs[i] = (arrivalsMs[i] ?? 0) - originMs;
    return {
      body: this.#bytes.slice(0, this.#length),
      arrivalsMs,
      arrivalBytes: this.#arrivalBytes.slice(0, this.#reads),
    };
  }

  #growBytes(atLeast: number): void {
    const grown = new Uint8Array(Math.max(atLeast, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
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
