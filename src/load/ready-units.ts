import type { SlotUnit } from './conversations.ts';
import type { ModelGate } from './model-gate.ts';

/** What is to be sent next: a unit, nothing yet, or nothing any more. */
export type NextUnit = SlotUnit | 'later' | undefined;

/**
 * Gives units in their order, each once the standing of its models is known: those of a model that is
 * silent yet wait, and are overtaken by the others'.
 */
export class ReadyUnits {
  readonly #next: () => SlotUnit | undefined;
  readonly #gatesOf: (unit: SlotUnit) => readonly ModelGate[];
  readonly #most: number;
  readonly #undecided: Set<ModelGate>;
  /** Passed over, in their order. */
  #held: SlotUnit[] = [];
  /** Held once, and free to go. */
  #released: SlotUnit[] = [];
  #peeked: SlotUnit | undefined;
  #someDecided: boolean;
  #waiting: (() => void)[] = [];

  /**
   * @param next of all units but those that find out
   * @param gates that are being found out
   * @param most units of one pass
   * @param found resolves once nobody is finding out any more, whatever became of it
   */
  constructor(
    next: () => SlotUnit | undefined,
    gatesOf: (unit: SlotUnit) => readonly ModelGate[],
    gates: readonly ModelGate[],
    most: number,
    found: Promise<unknown>,
  ) {
    this.#next = next;
    this.#most = most;
    this.#gatesOf = gatesOf;
    this.#undecided = new Set(gates.filter((gate) => gate.undecided));
    this.#someDecided = this.#undecided.size === 0;
    for (const gate of this.#undecided) void gate.decided.then(() => this.#release([gate]));
    // What it throws, its caller hears of; nobody may wait for ever.
    const release = (): void => this.#release([...this.#undecided]);
    found.then(release, release);
  }

  /** The standing of every model is known. */
  get settled(): boolean {
    return this.#undecided.size === 0;
  }

  /** Resolves once one more model is known. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  take(): NextUnit {
    const released = this.#released.shift();
    if (released !== undefined) return released;
    for (let passedOver = 0; ; ) {
      const unit = this.#peeked ?? this.#next();
      this.#peeked = undefined;
      if (unit === undefined) return this.#held.length > 0 ? 'later' : undefined;
      if (this.#isReady(unit)) return unit;
      // Later passes fill the time of those that are known, and are missed by nobody.
      if (unit.pass === 0) this.#held.push(unit);
      else if (!this.#someDecided || ++passedOver > this.#most) {
        this.#peeked = unit;
        return 'later';
      }
    }
  }

  #isReady(unit: SlotUnit): boolean {
    return (
      this.#undecided.size === 0 || !this.#gatesOf(unit).some((gate) => this.#undecided.has(gate))
    );
  }

  #release(gates: readonly ModelGate[]): void {
    for (const gate of gates) this.#undecided.delete(gate);
    this.#someDecided = true;
    const held = this.#held;
    this.#held = [];
    for (const unit of held) (this.#isReady(unit) ? this.#released : this.#held).push(unit);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
