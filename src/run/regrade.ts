import path from 'node:path';
import { publicGrading } from '../config/public.ts';
import { DEFAULT_REQUEST_LIMITS } from '../config/settings.ts';
import { storedJudge, storedSettings, storedSimulated, storedTargets } from '../config/stored.ts';
import type { GradingSettings } from '../config/types.ts';
import { usageError } from '../errors.ts';
import { modelKey } from '../load/protocol.ts';
import { Summariser } from '../metrics/summary.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { passesIn, passOf, repeatedRequest } from '../plan/repeat.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { DeferredGrader, DeferredKind, Grade } from '../score/types.ts';
import { GRADERS_VERSION } from '../score/version.ts';
import { createRedactor } from '../secrets.ts';
import { writeWhole } from '../store/atomic-write.ts';
import { RUN_FILES } from '../store/folder.ts';
import { readPlan } from '../store/plan-file.ts';
import { readGrades, type StoredRun } from '../store/read.ts';
import type { GradingReport, Manifest } from '../store/types.ts';
import type { Suite } from '../suite/types.ts';
import { type GradeChange, GradeChanges } from './grading/changes.ts';
import { openDeferred } from './grading/deferred-graders.ts';
import { Grading } from './grading/grading.ts';
import { suitesNow } from './grading/suites-now.ts';
import { copyFile, copyForGrading, inPieces, openFolder, withVersion } from './recompute.ts';
import { repliesOf } from './replies.ts';
import { writeManifest, writeReports } from './write-reports.ts';

export interface RegradeOptions {
  /** Of now: code of answers is run only where it is asked for now. Without a judge it is the run's. */
  settings: GradingSettings;
  /** What its suites expect now; without them it is graded by what was expected when it was sent. */
  suites?: readonly Suite[];
  /** Where to write; the run's own folder where not given. */
  folder?: string | undefined;
  signal?: AbortSignal;
  own?: Partial<Record<DeferredKind, DeferredGrader>>;
}

export interface Regraded {
  manifest: Manifest;
  rows: SummaryRow[];
  grades: number;
  /** Which marks became which, the commonest first; `null` where there was, or is, no grade. */
  changes: GradeChange[];
  /** Cases that the suites do not know any more, or ask otherwise: graded as they were sent. */
  unmatched: string[];
}

/**
 * Grades a stored run again without a request: from the texts of its records, or its tapes where no text
 * was kept. Verdicts of judges are those of the run. Records stay as they are; grades, summary and CSV are
 * written, each file whole or not at all.
 * @throws TokentapeError (exit 2) where neither texts nor tapes were kept, or the plan cannot be read;
 *   (exit 74) where nothing can be written
 */
export async function regradeRun(run: StoredRun, options: RegradeOptions): Promise<Regraded> {
  const { config } = run.manifest;
  const { slo, keepText, seed } = storedSettings(config);
  const to = await openFolder(run, options.folder);
  const settings: GradingSettings = {
    ...options.settings,
    enabled: true,
    judge: options.settings.judge ?? storedJudge(config),
  };
  const planned = await plannedOf(run, options.suites);
  const changes = await GradeChanges.from(readGrades(run));
  const summariser = new Summariser(slo, storedSimulated(config));
  const fresh: Grade[] = [];
  const grading = new Grading({
    ...{ settings, keepText, redactor: createRedactor([]) },
    onGrade: (grade) => {
      summariser.addGrade(grade);
      changes.add(grade);
      fresh.push(grade);
    },
  });
  const lines = async function* (): AsyncGenerator<string> {
    for await (const { record, said } of repliesOf(run, keepText)) {
      summariser.add(record);
      const request = planned.of(record.request_id);
      if (said === null) grading.unread(request, record);
      else grading.taken(request, record, said);
      yield* linesOf(fresh.splice(0));
    }
    const { kinds } = grading.waiting;
    const graders = await openDeferred({
      ...{ settings, seed, kinds, judges: null, folder: run.path },
      ...{ redactor: createRedactor([]), keepText },
      requestLimits: DEFAULT_REQUEST_LIMITS,
      ...(options.own && { own: options.own }),
    });
    try {
      await grading.gradeWaiting(graders, options.signal ?? new AbortController().signal);
    } finally {
      await graders.close();
    }
    yield* linesOf(fresh.splice(0));
  };
  await writeWhole(path.join(to, RUN_FILES.grades), inPieces(lines()));
  if (options.folder !== undefined) {
    await copyFile(run, to, 'requests');
    await copyForGrading(run, to);
  }
  const interrupted = options.signal?.aborted === true;
  const report: GradingReport = {
    graders_version: GRADERS_VERSION,
    state: interrupted ? 'interrupted' : 'complete',
    settings: publicGrading(settings),
    ...grading.counts.figures(),
    // What asking cost, and how the judge did, is of the run.
    ...(run.manifest.grading?.judge && { judge: run.manifest.grading.judge }),
    regraded_by: options.suites === undefined ? 'plan' : 'suites',
  };
  const manifest = withVersion({ ...run.manifest, grading: report });
  const rows = summariser.rows(manifest.planned);
  await writeReports({ path: to, manifest }, rows);
  await writeManifest(to, manifest);
  const { right, wrong, ungraded } = report;
  return {
    ...{ manifest, rows, grades: right + wrong + ungraded },
    changes: changes.all(),
    unmatched: [...planned.unmatched],
  };
}

/** The planned request behind the id of a record, with what is expected of it. */
async function plannedOf(run: StoredRun, suites: readonly Suite[] | undefined) {
  const plan = await readPlan(run);
  const passes = passesIn([...plan.values()]);
  const tags = new Map(
    storedTargets(run.manifest.config).flatMap(({ name: target, models }) =>
      models.map((model) => [modelKey({ target, model: model.name }), model.tags] as const),
    ),
  );
  const now = suites && suitesNow(suites, tags);
  const known =
    now === undefined
      ? plan
      : new Map([...plan].map(([id, planned]) => [id, now.of(planned)] as const));
  return {
    unmatched: now?.unmatched ?? new Set<string>(),
    of: (requestId: string): PlannedRequest => {
      const { plannedId, pass } = passOf(requestId);
      const found = known.get(plannedId);
      if (found === undefined) {
        throw usageError(`${run.path}: a record is of ${requestId}, which its plan does not know`);
      }
      return pass === 0 ? found : repeatedRequest(found, pass, passes);
    },
  };
}

function* linesOf(grades: readonly Grade[]): Generator<string> {
  for (const grade of grades) yield `${JSON.stringify(grade)}\n`;
}
