import { identityOf, unfitness } from '../baseline/of-run.ts';
import { historyFor } from '../check/history.ts';
import { judgeRun } from '../check/judge-run.ts';
import { rejudge } from '../check/rejudge.ts';
import { PROMPTS_DIFFER, passedOverRemark, resultOf } from '../check/result.ts';
import { type CheckWishes, resolveWishes } from '../check/settings.ts';
import { type CheckDesign, fromStored } from '../check/stored.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { flagName } from '../config/run-flags.ts';
import { problemsError } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { DEFAULT_GATE } from '../gate/settings.ts';
import type { Threshold } from '../gate/thresholds.ts';
import type { CheckResult, Finding } from '../gate/types.ts';
import type { RowEvidence } from '../metrics/evidence.ts';
import { parseReportForms } from '../report/check/index.ts';
import { inOrder, readThresholds } from '../run/inputs.ts';
import { readEvidence } from '../run/stored-evidence.ts';
import { openRun, type StoredRun } from '../store/read.ts';
import { type CheckCommandFlags, nothingToJudgeBy } from './check-flags.ts';
import { exitCodeOf, showCheck } from './check-output.ts';
import type { Output } from './output.ts';
import { resultsDir } from './stored.ts';

/** What has a meaning where nothing is sent. */
const READING_FLAGS: readonly (keyof CheckCommandFlags)[] = [
  'config',
  'output',
  'threshold',
  'baseline',
  'metric',
  'failFrom',
  'passBelow',
  'alpha',
  'report',
  'ciOutput',
  'json',
  'quiet',
];

/** `tokentape check RUN`: judges a stored run, with nothing sent. */
export async function checkStored(
  name: string,
  flags: CheckCommandFlags,
  output: Output,
): Promise<ExitCode> {
  refuseSending(flags);
  const loaded = loadConfig({ path: flags.config, cwd: process.cwd(), env: process.env });
  const outputDir = resultsDir(flags.output);
  const run = await openRun(name, outputDir);
  const design = run.manifest.check && fromStored(run.manifest.check, DEFAULT_GATE);
  const { wishes, thresholds } = readWishes(loaded, flags, design);
  const reports = parseReportForms(wishes.reports, flags.json);
  const check = await judgeStored(run, { wishes, thresholds, design, outputDir });
  const written = await showCheck(check, output, {
    json: flags.json === true,
    reports,
    ciOutput: flags.ciOutput !== false,
    configFile: loaded.file,
  });
  return exitCodeOf(check, written);
}

function refuseSending(flags: CheckCommandFlags): void {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  const useless = given.find(([flag]) => !(READING_FLAGS as readonly string[]).includes(flag));
  if (useless === undefined) return;
  throw usageError(
    `${flagName(useless[0])} has no use with a stored run: nothing is sent`,
    'leave out the flag, or the run',
  );
}

/** A stored check is judged by what it was sent for, and by what flags add to that. */
function readWishes(
  loaded: LoadedConfig,
  flags: CheckCommandFlags,
  design: CheckDesign | undefined,
): { wishes: CheckWishes; thresholds: Threshold[] } {
  const { wishes, problems } = resolveWishes(loaded, flags, design?.settings);
  const ofConfig = readThresholds(loaded);
  const all = inOrder([...loaded.problems, ...ofConfig.problems, ...problems]);
  if (all.length > 0) throw problemsError(all);
  const own = design?.thresholds ?? ofConfig.thresholds;
  return { wishes, thresholds: [...own, ...wishes.thresholds] };
}

interface StoredJudging {
  wishes: CheckWishes;
  thresholds: Threshold[];
  design: CheckDesign | undefined;
  outputDir: string;
}

async function judgeStored(run: StoredRun, judging: StoredJudging): Promise<CheckResult> {
  const { manifest } = run;
  const { settings } = judging.wishes;
  const evidence = await readEvidence(run);
  const parts = { manifest, rows: evidence.map(({ row }) => row), alpha: settings.alpha };
  const unfit = unfitness(manifest);
  if (unfit !== null) {
    const invalidReasons = manifest.validity.verdict === 'invalid' ? [] : [unfit];
    return resultOf({ ...parts, findings: [], invalidReasons, remarks: [] });
  }
  const judged = await findingsOf(run, evidence, judging);
  return resultOf({ ...parts, ...judged });
}

async function findingsOf(
  run: StoredRun,
  evidence: readonly RowEvidence[],
  { wishes, thresholds, design, outputDir }: StoredJudging,
): Promise<{ findings: Finding[]; invalidReasons: string[]; remarks: string[] }> {
  const { manifest } = run;
  const { settings, baseline } = wishes;
  const history =
    baseline.length === 0
      ? null
      : await historyFor(identityOf(manifest), outputDir, wishes, manifest);
  const remarks = (history?.passedOver ?? []).map(passedOverRemark);
  if (design !== undefined && history === null) {
    const judged = await rejudge(run, { ...design, thresholds, settings }, evidence);
    const invalidReasons = judged.promptsDiffer ? [PROMPTS_DIFFER] : [];
    return { findings: judged.findings, invalidReasons, remarks };
  }
  if (history === null && thresholds.length === 0) throw nothingToJudgeBy();
  const against = { thresholds, history: history?.baselines ?? [] };
  const findings = judgeRun(evidence, manifest.planned, against, settings);
  return { findings, invalidReasons: [], remarks };
}
