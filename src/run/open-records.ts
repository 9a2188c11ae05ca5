import path from 'node:path';
import { publicConfig } from '../config/public.ts';
import type { RunSettings } from '../config/types.ts';
import type { RequestRecord } from '../metrics/types.ts';
import { METRICS_VERSION } from '../metrics/version.ts';
import { type ListedTarget, type Plan, withNonces } from '../plan/plan.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Grade } from '../score/types.ts';
import { createRedactor, secretsOf } from '../secrets.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { pointLatest, RUN_FILES, type RunFolder } from '../store/folder.ts';
import { Journal } from '../store/journal.ts';
import { cutTornLine, mendTapes, removeDerived, setLinesAside } from '../store/mend.ts';
import { writePlan } from '../store/plan-file.ts';
import { TapeWriter } from '../store/tape-writer.ts';
import type { ClientError, Manifest, Resumption, StoredCheck } from '../store/types.ts';
import type { Suite } from '../suite/types.ts';
import { isUntried } from './grading/grading.ts';
import { nonceOf } from './nonce.ts';
import { describeHost, readVersions } from './provenance.ts';
import { type Before, whatWasBefore } from './resume/before.ts';
import type { Resumable } from './resume/resumable.ts';
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
  const redactor = createRedactor(targets.flatMap(secretsOf));
  await writePlan(path.join(folder.path, RUN_FILES.plan), sent.requests, manifest, redactor);
  const journals = await openJournals(folder.path, manifest, settings, sent.requests, 'fresh');
  await pointLatest(settings.outputDir, folder.runId);
  return { plan: sent, folder, manifest, ...journals, originNs: manifest.clock.monotonic_ns };
}

/**
 * Mends the folder of a run that was cut off, and opens it again to go on with it. Until what is written
 * first is there, a crash leaves a folder that can be mended again.
 */
export async function reopenRecords(resumable: Resumable): Promise<OpenRun> {
  const { run, plan, planned, missing, settings } = resumable;
  await mendFolder(resumable);
  const before = await whatWasBefore(resumable);
  const { manifest: was } = run;
  const originNs = process.hrtime.bigint() - BigInt(Math.round(before.elapsedMs * 1e6));
  const resumption: Resumption = {
    at: new Date().toISOString(),
    clock: { wall: new Date().toISOString(), monotonic_ns: String(originNs) },
    elapsed_ms: before.elapsedMs,
    records_before: before.records,
    superseded: missing.superseded.size,
    missing: missing.requests.length,
    before: {
      interrupted: was.interrupted,
      finished_at: was.finished_at,
      duration_ms: was.duration_ms,
      validity: was.validity,
    },
    ...(before.unrecorded && { unrecorded: before.unrecorded }),
    ...unlike('versions', readVersions(), was.versions),
    ...unlike('host', describeHost(), was.host),
  };
  const manifest: Manifest = {
    ...was,
    state: 'partial',
    interrupted: null,
    finished_at: null,
    duration_ms: null,
    validity: before.validity,
    planned: plan.rows,
    resumed: [...(was.resumed ?? []), resumption],
    ...(was.grading && { grading: { ...was.grading, state: 'unfinished' } }),
  };
  await writeManifest(run.path, manifest);
  const all = [...planned.values()];
  const journals = await openJournals(run.path, manifest, settings, all, 'continued');
  const folder = { runId: manifest.run_id, path: run.path };
  return { plan, folder, manifest, ...journals, originNs: String(originNs), before };
}

/** What there is of a run's folder, without what a crash left in part, and without what is sent again. */
async function mendFolder({ run, missing, recorded }: Resumable): Promise<void> {
  const file = (name: keyof typeof RUN_FILES): string => path.join(run.path, RUN_FILES[name]);
  const stays = (id: string): boolean => recorded.has(id) && !missing.superseded.has(id);
  await removeDerived(run.path);
  for (const name of ['requests', 'grades', 'judge'] as const) await cutTornLine(file(name));
  await mendTapes(run.path, stays);
  await setLinesAside(
    file('grades'),
    file('supersededGrades'),
    (id, line) => !stays(id) || isUntried(JSON.parse(line) as Grade),
  );
  // Last: what it says is what the others are mended by.
  await setLinesAside(file('requests'), file('superseded'), (id) => missing.superseded.has(id));
}

function unlike<Name extends 'versions' | 'host'>(name: Name, now: object, then: object): object {
  return JSON.stringify(now) === JSON.stringify(then) ? {} : { [name]: now };
}

async function openJournals(
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
