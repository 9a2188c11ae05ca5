// What models of known skill answer, pooled as `pick` pools runs.
import { Pool } from '../../dist/frontier/pool.js';

/** @typedef {import('../../dist/random.js').Random} Random */
/** @typedef {import('../../dist/frontier/pool.js').Candidate} Candidate */

/**
 * One answer of each model to each case. A case is as hard for all of them alike.
 * @param {{ model: string, skill: number, costUsd: number }[]} models skills in the logit
 * @param {number} cases
 * @param {Random} random
 * @returns {Candidate[]}
 */
export function candidatesOf(models, cases, random) {
  const ease = Array.from({ length: cases }, () => random.normal());
  const row = { target: 'market', suite: 'cases', skipped_reason: null, not_subscribed: false };
  const pool = new Pool({ suites: [], models: [], targets: [] }, {});
  const planned = models.map(({ model }) => ({ ...row, model, label: model, planned: cases }));
  pool.begin({ suites: [], seed: '0', planned });
  for (const { model, skill, costUsd } of models) {
    ease.forEach((easier, i) => {
      const same = {
        request_id: `${model}-${i}`,
        ...{ target: 'market', suite: 'cases', model },
        case_id: `${i}`,
        repeat: 0,
        turn: 0,
        phase: 'measure',
      };
      const times = { scheduled_ms: 1000 * i, started_ms: 1000 * i, ended_ms: 1000 * i + 900 };
      pool.add(
        /** @type {import('../../dist/metrics/types.js').RequestRecord} */ (
          /** @type {unknown} */ ({
            ...same,
            ...times,
            outcome: 'ok',
            attempt: 1,
            censored: [],
            flags: [],
            simulated: true,
            cost_usd: costUsd * Math.exp(0.2 * random.normal()),
          })
        ),
      );
      const right = random.next() < 1 / (1 + Math.exp(-(skill + easier)));
      pool.addGrade(
        /** @type {import('../../dist/score/types.js').Grade} */ (
          /** @type {unknown} */ ({
            ...same,
            grade: right ? 'right' : 'wrong',
            score: Number(right),
            conversation_id: null,
          })
        ),
      );
    });
  }
  return pool.candidates();
}
