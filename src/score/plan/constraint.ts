/** One thing that a plan has to keep to. */
export interface Constraint {
  kept: boolean;
  /** What is wrong where it is not kept, as a phrase. */
  fault: string;
}

export function constraint(kept: boolean, fault: string): Constraint {
  return { kept, fault };
}
