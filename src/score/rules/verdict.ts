/** Whether an answer keeps a rule; `kept` is `null` where nobody can say. */
export interface Verdict {
  kept: boolean | null;
  /** What is wrong, or not to be told, as a phrase; of no meaning where the rule is kept. */
  fault: string;
  /** Broken for good: nothing that could still come would mend it. */
  final: boolean;
}

/** A verdict that more text could change. */
export function verdict(kept: boolean | null, fault: string): Verdict {
  return { kept, fault, final: false };
}

/** A verdict that stands where it is against the answer: what is there cannot be taken back. */
export function forGood(kept: boolean, fault: string): Verdict {
  return { kept, fault, final: !kept };
}
