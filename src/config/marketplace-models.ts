import type { ModelConfig } from './schema.ts';

/** The marketplace's twelve models, in its own order and spelling; used where no config names any. */
export const MARKETPLACE_MODELS: ModelConfig[] = [
  { name: 'Llama3-Swallow-70B', alias: 'swallow-70b', tags: ['chat', 'japanese'] },
  { name: 'DeepSeek-R1-Distill-Qwen-32B', alias: 'r1-qwen-32b', tags: ['reasoning', 'distill'] },
  { name: 'DeepSeek-R1-Distill-Llama-70B', alias: 'r1-llama-70b', tags: ['reasoning', 'distill'] },
  { name: 'DeepSeek-R1-Distill-Llama-8B', alias: 'r1-llama-8b', tags: ['reasoning', 'distill'] },
  { name: 'SaoLa-Llama3.1-planner', alias: 'planner', tags: ['planner', 'vietnamese'] },
  { name: 'Qwen2.5-7B-chat', alias: 'qwen-7b', tags: ['chat'] },
  { name: 'DeepSeek-R1-Distill-Qwen-1.5B', alias: 'r1-qwen-1.5b', tags: ['reasoning', 'distill'] },
  { name: 'DeepSeek-R1', alias: 'r1', tags: ['reasoning'] },
  { name: 'Llama-Guard-3-8B', alias: 'guard', tags: ['classifier', 'safety'] },
  { name: 'Llama-3.1-8B-Instruct', alias: 'llama-8b', tags: ['chat'] },
  { name: 'Qwen2.5-Coder-32B-Instruct', alias: 'coder', tags: ['code'] },
  { name: 'LLama-3.3-70B-Instruct', alias: 'llama-70b', tags: ['chat'] },
];
