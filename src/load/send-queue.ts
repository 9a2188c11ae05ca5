/**
 * Lets one sender pass per turn of the event loop. Building and writing a request costs a fraction of
 * a millisecond; two hundred of them in one turn would keep arrived bytes waiting for their stamp.
 */
export class SendQueue {
  readonly #waiting: (() => void)[] = [];
  #pumping = false;

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#pumping) return;
      this.#pumping = true;
      setImmediate(() => this.#pump());
    });
  }

  #pump(): void {
    this.#waiting.shift()?.();
    // A new immediate runs after the next poll for input, so reads come between two sends.
    this.#pumping = this.#waiting.length > 0;
    if (this.#pumping) setImmediate(() => this.#pump());
  }
}
