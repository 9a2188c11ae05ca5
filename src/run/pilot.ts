import { storedSettings } from '../config/stored.ts';
import { PairSources } from '../gate/power/pair-source.ts';
import type { Pilot } from '../gate/power/power.ts';
import { Summariser } from '../metrics/summary.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { Grade } from '../score/types.ts';
import { readGrades, readRecordBatches, type StoredRun } from '../store/read.ts';

/** What is read of a run; an absent list means all. */
export interface PilotScope {
  models?: readonly string[] | undefined;
  suites?: readonly string[] | undefined;
  targets?: readonly string[] | undefined;
}

/** A stored run as a pilot of a check: its pairs, and the samples that limits are held against. */
export async function readPilot(run: StoredRun, scope: PilotScope): Promise<Pilot> {
  const { config, planned } = run.manifest;
  const labels = new Map(planned.map(({ target, model, label }) => [`${target}\n${model}`, label]));
  const isMeant = ({ target, model, suite }: { target: string; model: string; suite: string }) =>
    meant(scope.models, model, labels.get(`${target}\n${model}`)) &&
    meant(scope.suites, suite) &&
    meant(scope.targets, target);
  const summariser = new Summariser(storedSettings(config).slo);
  const sources = new PairSources();
  const grades = new Map<string, Grade>();
  for await (const grade of readGrades(run)) {
    if (!isMeant(grade)) continue;
    summariser.addGrade(grade);
    grades.set(grade.request_id, { ...grade, answer: null, expected: null, graders: [] });
  }
  for await (const batch of readRecordBatches(run)) {
    for (const record of batch) {
      if (!isMeant(record)) continue;
      summariser.add(record);
      const grade = grades.get(record.request_id);
      sources.add({ ...withoutText(record), ...(grade && { grade }) });
    }
  }
  const { concurrency, order } = (config.settings ?? {}) as {
    concurrency?: number;
    order?: string;
  };
  return {
    sources: sources.all(),
    evidence: summariser.evidence(planned.filter(isMeant)),
    concurrency: concurrency ?? 1,
    sideBySide: order === undefined || order === 'parallel',
  };
}

function meant(wanted: readonly string[] | undefined, ...names: (string | undefined)[]): boolean {
  return wanted === undefined || names.some((name) => name !== undefined && wanted.includes(name));
}

/** What the models said is most of a record, and no part of its noise. */
function withoutText(record: RequestRecord): RequestRecord {
  return { ...record, answer_text: null, reasoning_text: null, tool_calls: null };
}
