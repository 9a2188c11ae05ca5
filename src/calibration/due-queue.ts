/** Something to be done at an instant. */
export interface Due {
  /** On the clock of `performance.now()`. */
  dueMs: number;
}

/** What is due first comes first: a binary heap over mutable instants. */
export class DueQueue<T extends Due> {
  readonly #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get first(): T | undefined {
    return this.#heap[0];
  }

  add(item: T): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as T;
      if (above.dueMs <= item.dueMs) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = item;
  }

  /** The first one has a later instant now: puts it where it belongs. */
  moveFirst(): void {
    const item = this.#heap[0];
    if (item !== undefined) this.#sink(item);
  }

  removeFirst(): T | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  /** Places `item` from the top downwards, over whatever stands there. */
  #sink(item: T): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && right.dueMs < (heap[child] as T).dueMs) child += 1;
      const below = heap[child] as T;
      if (below.dueMs >= item.dueMs) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = item;
  }
}
