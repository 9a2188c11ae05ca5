import { once } from 'node:events';
import { didYouMean, problemsError } from '../diagnostics/format.ts';
import { usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { answerBookOf } from '../run/answer-book.ts';
import { FAULTS, type FaultRule, parseFault } from '../simulator/faults.ts';
import { DEFAULT_SEED, type SimulatorOptions } from '../simulator/options.ts';
import type { ProfileName } from '../simulator/profiles.ts';
import { parseScale, type Scale } from '../simulator/scales.ts';
import { type AnswerBook, type SimulatedRequest, startSimulator } from '../simulator/server.ts';
import { parseSkill, type SkillSetting } from '../simulator/skills.ts';
import { Journal } from '../store/journal.ts';
import { loadSuite, suiteSearchDirs } from '../suite/load.ts';
import { processOutput } from './output.ts';

/** More than a run of hundreds of requests draws. */
const CASES_KNOWN_PER_SUITE = 500;

export interface SimulateFlags {
  port: string;
  host: string;
  apiKey?: string[];
  seed?: string;
  fault?: string[];
  listFaults?: boolean;
  profile?: ProfileName;
  scale?: string[];
  skill?: string[];
  suite?: string[];
  log?: string;
}

/** `tokentape simulate`: the embedded marketplace as a server, until it is interrupted. */
export async function simulateCommand(flags: SimulateFlags): Promise<ExitCode> {
  const output = processOutput();
  if (flags.listFaults === true) {
    output.write(`${faultLines().join('\n')}\n`);
    return EXIT.done;
  }
  const options = optionsOf(flags);
  const log = flags.log === undefined ? null : openLog(flags.log);
  const simulator = await startSimulator(options, log?.add);
  output.write(`${simulator.url}\n`);
  output.say(
    `The simulated marketplace listens. Try:\n` +
      `  MARKETPLACE_API_BASE=${simulator.url} MARKETPLACE_API_KEY=${firstKey(flags)} npx tokentape models\n` +
      'Ctrl-C ends it.',
  );
  try {
    const interrupted = [once(process, 'SIGINT'), once(process, 'SIGTERM')];
    await Promise.race([...interrupted, ...(log === null ? [] : [log.failed])]);
  } finally {
    await simulator.close();
    await log?.journal.close();
  }
  return EXIT.done;
}

function optionsOf(flags: SimulateFlags): SimulatorOptions {
  return {
    port: readPort(flags.port),
    host: flags.host,
    ...(flags.apiKey === undefined ? {} : { keys: readKeys(flags.apiKey) }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.fault === undefined ? {} : { faults: flags.fault.map(readFault) }),
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
    changes: {
      scales: (flags.scale ?? []).map(readScale),
      skills: (flags.skill ?? []).map(readSkill),
    },
    ...(flags.suite === undefined ? {} : { answerBook: knownSuites(flags.suite, flags.seed) }),
  };
}

/** A line for each completion request as it ends. @throws TokentapeError (exit 74) */
function openLog(file: string) {
  const journal = new Journal<SimulatedRequest>(file);
  let fail = (_error: unknown): void => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const add = (request: SimulatedRequest): void => {
    try {
      journal.append(request);
    } catch (error) {
      fail(error);
    }
  };
  return { journal, add, failed };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw usageError(`--port ${text} is no port`, 'give a number from 0 (any free port) to 65535');
}

function firstKey(flags: SimulateFlags): string {
  return flags.apiKey?.[0]?.split('=')[0] ?? 'any';
}

/** `key` opens all models, `key=a,b` those two. */
function readKeys(words: readonly string[]): Record<string, string[] | 'all'> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      return at === -1 ? [word, 'all'] : [word.slice(0, at), word.slice(at + 1).split(',')];
    }),
  );
}

/** `FAULT[;parameter=value…][:SHARE][@MODEL]`, as `stall;ms=500@DeepSeek-R1` or `429:0.1`. */
function readFault(word: string): FaultRule {
  const [, text = '', share, model] = /^([^:@]+)(?::([\d.]+))?(?:@(.+))?$/.exec(word) ?? [];
  const fault = parseFault(text);
  if ('problem' in fault) {
    const meant = didYouMean(
      text,
      FAULTS.map(({ name }) => name),
      '--list-faults prints them',
    );
    throw usageError(`--fault ${word}: ${fault.problem}`, meant);
  }
  return {
    fault: fault.name,
    ...fault.parameters,
    ...(share === undefined ? {} : { share: Number(share) }),
    ...(model === undefined ? {} : { model }),
  };
}

/** `FACTOR[@MODEL]`, as `1.1@DeepSeek-R1`. */
function readScale(word: string): Scale {
  const scale = parseScale(word);
  if (!('problem' in scale)) return scale;
  throw usageError(`--scale ${word}: ${scale.problem}`, 'write it as 1.1 or 1.1@DeepSeek-R1');
}

/** `SKILL[@MODEL]`, as `0.8@DeepSeek-R1`. */
function readSkill(word: string): SkillSetting {
  const skill = parseSkill(word);
  if (!('problem' in skill)) return skill;
  throw usageError(`--skill ${word}: ${skill.problem}`, 'write it as 0.8 or 0.8@DeepSeek-R1');
}

/** Drawn large, so that a run of the same seed finds its cases known however many it asks for. */
function knownSuites(names: readonly string[], seed: string = DEFAULT_SEED): AnswerBook {
  const searchDirs = suiteSearchDirs(process.cwd());
  const drawn = names.map((name) =>
    loadSuite(name, searchDirs, seed, { requests: CASES_KNOWN_PER_SUITE }),
  );
  const problems = drawn.flatMap((one) => one.problems);
  if (problems.length > 0) throw problemsError(problems);
  return answerBookOf(drawn.flatMap(({ suite }) => suite ?? []));
}

function faultLines(): string[] {
  const width = Math.max(...FAULTS.map(({ name }) => name.length));
  return FAULTS.map(({ name, description }) => `${name.padEnd(width)}  ${description}`);
}
