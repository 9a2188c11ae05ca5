import type { Price } from '../../config/types.ts';
import type { PlannedRow } from '../../metrics/types.ts';
import type { GradingReport, Manifest, Resumption, StoredCheck, Validity } from '../types.ts';
import {
  AMOUNT,
  COUNT,
  FLAG,
  type Kind,
  listOf,
  NUMBER,
  OBJECT,
  oneOf,
  optional,
  orNull,
  type Shape,
  shaped,
  TEXT,
  valuesOf,
} from './kind.ts';

const INSTANT: Kind = {
  form: 'a time in UTC',
  fits: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};
const CLOCK = shaped<Manifest['clock']>({
  wall: INSTANT,
  monotonic_ns: {
    form: 'digits',
    fits: (value) => typeof value === 'string' && /^\d{1,30}$/.test(value),
  },
});
const VALIDITY = shaped<Validity>({
  verdict: oneOf(['valid', 'warned', 'invalid']),
  reasons: listOf(TEXT),
  measured: optional(OBJECT),
  calibration: optional(OBJECT),
});
const PLANNED = shaped<PlannedRow>({
  target: TEXT,
  model: TEXT,
  label: TEXT,
  suite: TEXT,
  planned: COUNT,
  skipped_reason: orNull(TEXT),
  not_subscribed: FLAG,
});
const MODEL = shaped<Record<'name' | 'label' | 'price' | 'tags' | 'parameters', unknown>>({
  name: TEXT,
  label: TEXT,
  price: orNull(shaped<Price>({ input_per_mtok: AMOUNT, output_per_mtok: AMOUNT })),
  tags: listOf(TEXT),
  parameters: OBJECT,
});
const MODELS = listOf(MODEL);
const TARGET = shaped<Record<'name' | 'base_url' | 'dialect' | 'models', unknown>>({
  name: TEXT,
  base_url: TEXT,
  dialect: oneOf(['openai', 'content']),
  models: {
    form: `${MODELS.form}, or subscribed`,
    fits: (value) => value === 'subscribed' || MODELS.fits(value),
  },
});
/** What figures and names are derived by; the rest is told as it stands. */
const CONFIG = shaped<Record<'targets' | 'settings', unknown>>({
  targets: optional(listOf(TARGET)),
  settings: optional(
    shaped<Record<'suites' | 'slo', unknown>>({
      suites: optional(listOf(TEXT)),
      slo: optional(valuesOf(NUMBER)),
    }),
  ),
});
const GRADING = shaped<GradingReport>({
  graders_version: COUNT,
  state: oneOf(['unfinished', 'complete', 'interrupted']),
  settings: OBJECT,
  right: COUNT,
  wrong: COUNT,
  ungraded: COUNT,
  not_run: valuesOf(COUNT),
  judge: optional(OBJECT),
  regraded_by: optional(oneOf(['plan', 'suites'])),
});
const ARM = shaped<StoredCheck['comparisons'][number]['candidate']>({
  target: TEXT,
  model: TEXT,
  label: TEXT,
});
const LIMITS = shaped<{ fail_from: number; pass_below: number }>({
  fail_from: NUMBER,
  pass_below: NUMBER,
});
const CHECK = shaped<StoredCheck>({
  comparisons: listOf(
    shaped<StoredCheck['comparisons'][number]>({ suite: TEXT, candidate: ARM, baseline: ARM }),
  ),
  thresholds: listOf(TEXT),
  metrics: listOf(TEXT),
  alpha: AMOUNT,
  limits: shaped<StoredCheck['limits']>({
    median: LIMITS,
    tail: LIMITS,
    error_rate: LIMITS,
    score: optional(LIMITS),
  }),
  watch_score: optional(FLAG),
  graded: optional(valuesOf(oneOf(['at_once', 'deferred']))),
  looks: listOf(COUNT),
  tail_looks: listOf(COUNT),
});
const RESUMPTION = shaped<Pick<Resumption, 'at' | 'clock' | 'elapsed_ms'>>({
  at: INSTANT,
  clock: CLOCK,
  elapsed_ms: AMOUNT,
});

/** `manifest.json`. */
export const MANIFEST_SHAPE: Shape<Manifest> = {
  schema_version: oneOf([1]),
  run_id: TEXT,
  state: oneOf(['partial', 'complete']),
  interrupted: orNull(TEXT),
  simulated: FLAG,
  simulator_profile: optional(TEXT),
  validity: VALIDITY,
  started_at: INSTANT,
  finished_at: orNull(INSTANT),
  duration_ms: orNull(AMOUNT),
  clock: CLOCK,
  seed: TEXT,
  nonce: orNull(TEXT),
  plan_hash: TEXT,
  plan_parts: optional(OBJECT),
  prompts_hash: TEXT,
  suites: listOf(shaped<Manifest['suites'][number]>({ name: TEXT, hash: TEXT, cases: COUNT })),
  config: CONFIG,
  planned: listOf(PLANNED),
  check: optional(CHECK),
  grading: optional(GRADING),
  resumed: optional(listOf(RESUMPTION)),
  quantiles: TEXT,
  metrics_version: optional(COUNT),
  versions: valuesOf(TEXT),
  host: OBJECT,
  git: orNull(shaped<NonNullable<Manifest['git']>>({ revision: TEXT, dirty: FLAG })),
};
