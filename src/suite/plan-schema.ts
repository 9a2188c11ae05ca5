import { z } from 'zod';

const action = z.string().min(1);
const pairs = z.array(z.tuple([action, action]));
const facts = z.array(z.string().min(1));

const worldSchema = z.strictObject({
  facts: facts.describe('What holds at the start.'),
  goal: facts.min(1).describe('What has to hold at the end.'),
  actions: z
    .record(
      action,
      z.strictObject({
        needs: facts.optional().describe('What has to hold before.'),
        adds: facts.optional().describe('What holds after.'),
        removes: facts.optional().describe('What holds no more after.'),
      }),
    )
    .describe('What each action needs and does; in a plan any may come several times.'),
});

const resourceSchema = z.strictObject({
  capacity: z.int().min(1).describe('Steps that can use it at the same time.'),
  used_by: z.array(action).min(1).describe('Actions that use it.'),
});

/** What a plan has to keep to; a plan is right where it keeps to all of it. */
export const planSchema = z
  .strictObject({
    steps_min: z.int().min(0).optional(),
    steps_max: z.int().min(1).optional(),
    required_actions: z.array(action).optional(),
    forbidden_actions: z.array(action).optional(),
    must_precede: pairs.optional().describe('[a, b]: b has to wait for a, directly or not.'),
    independent: pairs.optional().describe('[a, b]: neither waits for the other.'),
    durations: z
      .record(action, z.number().min(0))
      .optional()
      .describe('Makes it a schedule: each step has a "start"; an action takes so long.'),
    finish_by: z.number().min(0).optional().describe('The last step of a schedule ends by then.'),
    resources: z.record(z.string().min(1), resourceSchema).optional(),
    world: worldSchema.optional().describe('Steps are carried out in order, from facts to goal.'),
  })
  .superRefine((plan, context) => {
    const timed = plan.durations !== undefined;
    for (const key of ['finish_by', 'resources'] as const) {
      if (plan[key] === undefined || timed) continue;
      context.addIssue({ code: 'custom', path: [key], message: `${key} needs durations` });
    }
    const unknown = Object.values(plan.resources ?? {})
      .flatMap(({ used_by: users }) => users)
      .find((user) => !Object.hasOwn(plan.durations ?? {}, user));
    if (unknown !== undefined) {
      context.addIssue({ code: 'custom', path: ['durations'], message: `has no ${unknown}` });
    }
  });

export type PlanRules = z.output<typeof planSchema>;
export type World = z.output<typeof worldSchema>;
