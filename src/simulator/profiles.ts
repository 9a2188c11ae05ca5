import { factorOf, type Scale, scaledLatency } from './scales.ts';
import { type SkillSetting, skillOf } from './skills.ts';

/**
 * How long a model's engine takes. One engine step makes a token for every running stream and
 * prefills what is waiting, so streams slow each other down as they do under continuous batching.
 */
export interface Latency {
  /** Gateway, tokenisation and scheduling, before the engine sees the request. */
  overheadMs: number;
  /** Engine time to take a prompt in, and what each 1,000 of its tokens adds. */
  prefillBaseMs: number;
  prefillMsPer1kTokens: number;
  /** A decode step with one stream running. */
  decodeMs: number;
  /** Share of `decodeMs` that each further stream adds to the step. */
  slowdownPerStream: number;
  /** Streams running at once; more wait in a queue. */
  maxBatch: number;
  /** Sigma of the lognormal factor on every duration; 0 for none. */
  jitterSigma: number;
}

/** What a model's output looks like, beyond its speed. */
export interface Habits {
  /** Where it thinks: in `reasoning_content`, in `<think>` tags inside the content, or not. */
  thinks: 'reasoning_content' | 'think_tags' | 'no';
  speciality: 'chat' | 'code' | 'plan' | 'guard';
  /** Role chunk as soon as the request is accepted, before prefill; else with the first token. */
  earlyRole: boolean;
  /** Probability that a chunk carries two or three tokens instead of one. */
  severalTokensPerChunk: number;
  /** Chunks go out together once so many tokens are made, as engines that run several steps send them. */
  tokensPerFlush: number;
  /** Bounds of the tokens it thinks and of those it works an answer out in. */
  thinkingTokens: readonly [number, number];
  answerTokens: readonly [number, number];
  /** Share of known prompts to which it says something without an answer in it; 0 by default. */
  evasiveShare: number;
}

export interface ModelProfile {
  name: string;
  /** Probability of a right answer. */
  skill: number;
  latency: Latency;
  habits: Habits;
}

const CHAT: Habits = {
  thinks: 'no',
  speciality: 'chat',
  earlyRole: false,
  severalTokensPerChunk: 0.1,
  tokensPerFlush: 1,
  thinkingTokens: [0, 0],
  answerTokens: [30, 110],
  evasiveShare: 0,
};
const DISTILL: Habits = {
  ...CHAT,
  thinks: 'think_tags',
  thinkingTokens: [60, 130],
  answerTokens: [15, 45],
};

function latency(
  overheadMs: number,
  prefillBaseMs: number,
  prefillMsPer1kTokens: number,
  decodeMs: number,
  slowdownPerStream: number,
  maxBatch: number,
): Latency {
  return {
    overheadMs,
    prefillBaseMs,
    prefillMsPer1kTokens,
    decodeMs,
    slowdownPerStream,
    maxBatch,
    jitterSigma: 0.12,
  };
}

/**
 * The twelve models of the marketplace, in its order. Bigger is slower, and R1 drafts two tokens
 * a step. Taken together at eight streams each they send about 10,000 chunks a second at most.
 */
const MODELS: readonly ModelProfile[] = [
  {
    name: 'Llama3-Swallow-70B',
    skill: 0.74,
    latency: latency(120, 14, 60, 8.8, 0.02, 48),
    habits: CHAT,
  },
  {
    name: 'DeepSeek-R1-Distill-Qwen-32B',
    skill: 0.88,
    latency: latency(80, 9, 32, 7.2, 0.02, 64),
    habits: DISTILL,
  },
  {
    name: 'DeepSeek-R1-Distill-Llama-70B',
    skill: 0.9,
    latency: latency(120, 14, 60, 8.6, 0.02, 48),
    habits: { ...DISTILL, earlyRole: true },
  },
  {
    name: 'DeepSeek-R1-Distill-Llama-8B',
    skill: 0.76,
    latency: latency(50, 4, 9, 5.6, 0.015, 128),
    habits: DISTILL,
  },
  {
    name: 'SaoLa-Llama3.1-planner',
    skill: 0.7,
    latency: latency(55, 4, 9, 5.7, 0.015, 128),
    habits: { ...CHAT, speciality: 'plan', answerTokens: [30, 90] },
  },
  {
    name: 'Qwen2.5-7B-chat',
    skill: 0.75,
    latency: latency(45, 3.5, 8, 5.1, 0.015, 128),
    habits: { ...CHAT, earlyRole: true },
  },
  {
    name: 'DeepSeek-R1-Distill-Qwen-1.5B',
    skill: 0.58,
    latency: latency(30, 2, 3, 4.2, 0.01, 256),
    habits: DISTILL,
  },
  {
    name: 'DeepSeek-R1',
    skill: 0.96,
    latency: latency(190, 20, 55, 5, 0.025, 32),
    habits: {
      ...CHAT,
      thinks: 'reasoning_content',
      earlyRole: true,
      severalTokensPerChunk: 0.8,
      thinkingTokens: [80, 180],
      answerTokens: [20, 60],
    },
  },
  {
    name: 'Llama-Guard-3-8B',
    skill: 0.93,
    latency: latency(35, 4, 9, 5.2, 0.015, 128),
    habits: { ...CHAT, speciality: 'guard', severalTokensPerChunk: 0 },
  },
  {
    name: 'Llama-3.1-8B-Instruct',
    skill: 0.72,
    latency: latency(45, 4, 9, 5.4, 0.015, 128),
    habits: CHAT,
  },
  {
    name: 'Qwen2.5-Coder-32B-Instruct',
    skill: 0.85,
    latency: latency(75, 9, 32, 7, 0.02, 64),
    habits: { ...CHAT, speciality: 'code', earlyRole: true },
  },
  {
    name: 'LLama-3.3-70B-Instruct',
    skill: 0.87,
    latency: latency(110, 14, 58, 8.5, 0.02, 64),
    habits: CHAT,
  },
];

/** Names of the simulated models, in the marketplace's order. */
export const SIMULATED_MODELS: string[] = MODELS.map((model) => model.name);

export type ProfileName = 'default' | 'fast' | 'slow';

/** What models are given in place of their own figures. */
export interface ProfileChanges {
  latency?: Partial<Latency>;
  habits?: Partial<Habits>;
  /** On top of all that. */
  scales?: readonly Scale[];
  /** In place of the models' own; the last one that names a model, or all of them, holds. */
  skills?: readonly SkillSetting[];
}

/** The models of a profile, changed. */
export function profilesWith(
  name: ProfileName,
  changes: ProfileChanges,
): Map<string, ModelProfile> {
  return new Map(
    [...PROFILES[name]].map(([model, profile]) => {
      const latency = { ...profile.latency, ...changes.latency };
      return [
        model,
        {
          ...profile,
          skill: skillOf(model, changes.skills ?? []) ?? profile.skill,
          latency: scaledLatency(latency, factorOf(model, changes.scales ?? [])),
          habits: { ...profile.habits, ...changes.habits },
        },
      ];
    }),
  );
}

function scaled(factor: number): Map<string, ModelProfile> {
  return new Map(
    MODELS.map((model) => [
      model.name,
      { ...model, latency: scaledLatency(model.latency, factor) },
    ]),
  );
}

/**
 * The models by name, at three speeds: `default` ends a suite in seconds, `fast` (a tenth of every
 * duration, so that short replies come all at once) is for tests, `slow` is three times slower.
 */
export const PROFILES: Record<ProfileName, ReadonlyMap<string, ModelProfile>> = {
  default: scaled(1),
  fast: scaled(0.1),
  slow: scaled(3),
};
