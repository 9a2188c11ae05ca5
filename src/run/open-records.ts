import path from 'node:path';
import { publicConfig } from '../config/public.ts';
import type { RunSettings } from '../config/types.ts';
import type { RequestRecord } from '../metrics/types.ts';
import { METRICS_VERSION } from '../metrics/version.ts';
import { type ListedTarget, type Plan, withNonces } from '../plan/plan.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Grade } from '../score/types.ts';
import { redactorOf } from '../secrets.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { pointLatest, RUN_FILES, type RunFolder } from '../store/folder.ts';
import { Journal } from '../store/journal.ts';
import { writePlan } from '../store/plan-file.ts';
import { TapeWriter } from '../store/tape-writer.ts';
import type { ClientError, Manifest, StoredCheck } from '../store/types.ts';
import type { Suite } from '../suite/types.ts';
import { nonceOf } from './nonce.ts';
import { describeHost, readVersions } from './provenance.ts';
import type { Before } from './resume/before.ts';
import { identitiesOf, type Tokenizers } from './tokenizers.ts';
import { writeManifest } from './write-reports.ts';

/** What a run says of itself before its first request. */
export interface RunDescription {
  suites: readonly Suite[];
  /** With their models known; see `prepareTargets`. */
  targets: readonly ListedTarget[];
  /** Of the same suites, targets and settings. */
  plan: Plan;
  settings: RunSettings;
  /** Of the models that have one, by the path as the config writes it. */
  tokenizers?: Tokenizers;
  /** Speed of the embedded simulator, where it answers. */
  profile?: ProfileName | undefined;
  /** What the run is sent for, where it is a check; written into the manifest. */
  check?: StoredCheck;
}

/** What a run writes to, and what it knows of itself. */
export interface OpenRun {
  plan: Plan;
  folder: RunFolder;
  manifest: Manifest;
  journal: Journal<RequestRecord>;
  /** `null` where nothing is to be graded. */
  grades: Journal<Grade> | null;
  tapes: TapeWriter | null;
  /** `process.hrtime.bigint()` of the origin of the run's clock, as a decimal string. */
  originNs: string;
  /** Of a run that is gone on with. */
  before?: Before;
  /** The client's own error, where it is known. */
  calibration?: ClientError | undefined;
}

/** Writes down what is about to be sent, and opens what is to hold what comes back. */
export async function openRecords(
  options: RunDescription,
  folder: RunFolder,
  startedAt: Date,
): Promise<OpenRun> {
  const { plan, suites, targets, settings, profile } = options;
  const nonce = settings.nonce ? nonceOf(folder.runId) : null;
  const manifest: Manifest = {
    schema_version: 1,
    run_id: folder.runId,
    state: 'partial',
    interrupted: null,
    simulated: targets.some((target) => target.simulated),
    ...(profile !== undefined &&
      targets.some((target) => target.simulated) && { simulator_profile: profile }),
    validity: { verdict: 'valid', reasons: [] },
    started_at: startedAt.toISOString(),
    finished_at: null,
    duration_ms: null,
    clock: { wall: new Date().toISOString(), monotonic_ns: String(process.hrtime.bigint()) },
    seed: settings.seed,
    nonce,
    plan_hash: plan.planHash,
    plan_parts: plan.parts,
    prompts_hash: plan.promptsHash,
    suites: suites.map(({ name, hash, cases }) => ({ name, hash, cases: cases.length })),
    config: publicConfig(targets, settings, identitiesOf(options.tokenizers)),
    planned: plan.rows,
    ...(options.check && { check: options.check }),
    quantiles: 'Hyndman-Fan type 7',
    metrics_version: METRICS_VERSION,
    versions: readVersions(),
    host: describeHost(),
    git: null,
  };
  await writeManifest(folder.path, manifest);
  const sent = withNonces(plan, nonce, suites);
  const redactor = redactorOf(targets);
  await writePlan(path.join(folder.path, RUN_FILES.plan), sent.requests, manifest, redactor);
  const journals = await openJournals(folder.path, manifest, settings, sent.requests, 'fresh');
  await pointLatest(settings.outputDir, folder.runId);
  return { plan: sent, folder, manifest, ...journals, originNs: manifest.clock.monotonic_ns };
}

/** @param requests all of the run, whether they are still to be sent or not */
export async function openJournals(
  folder: string,
  { simulated }: Manifest,
  settings: RunSettings,
  requests: readonly PlannedRequest[],
  start: 'fresh' | 'continued',
): Promise<Pick<OpenRun, 'journal' | 'grades' | 'tapes'>> {
  const file = (name: keyof typeof RUN_FILES): string => path.join(folder, RUN_FILES[name]);
  const isGraded =
    settings.grading.enabled &&
    requests.some(({ phase, expect }) => phase === 'measure' && expect.length > 0);
  return {
    journal: new Journal<RequestRecord>(file('requests'), start),
    grades: isGraded ? new Journal<Grade>(file('grades'), start) : null,
    tapes: settings.keepTapes ? await TapeWriter.open(file('tapes'), simulated, start) : null,
  };
}
