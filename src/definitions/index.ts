import { aiperf, aiperfByUsage } from './aiperf.ts';
import { evalscope } from './evalscope.ts';
import { genaiBench } from './genai-bench.ts';
import { guidellm } from './guidellm.ts';
import { inferencePerf, inferencePerfByUsage } from './inference-perf.ts';
import { llmperf } from './llmperf.ts';
import { sglang } from './sglang.ts';
import type { Definition } from './types.ts';
import { vllm } from './vllm.ts';

/** One per tool, by its defaults. */
const TOOLS: readonly Definition[] = [
  vllm,
  sglang,
  guidellm,
  aiperf,
  inferencePerf,
  llmperf,
  evalscope,
  genaiBench,
];

/** The same tools with a setting of theirs that changes what they count. */
const VARIANTS: readonly Definition[] = [aiperfByUsage, inferencePerfByUsage];

/** Every name by which a definition can be asked for. */
export const DEFINITION_NAMES: readonly string[] = [
  ...TOOLS.map(({ name }) => name),
  ...VARIANTS.map(({ name }) => name),
  'all',
];

/** The definitions of these names, each once, `all` for every tool by its defaults; unknown names give none. */
export function definitionsOf(names: readonly string[]): Definition[] {
  const asked = names.flatMap((name) => (name === 'all' ? TOOLS.map((tool) => tool.name) : [name]));
  return [...new Set(asked)].flatMap(
    (name) => [...TOOLS, ...VARIANTS].find((one) => one.name === name) ?? [],
  );
}
