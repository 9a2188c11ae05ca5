import type { ModelConfig } from './schema.ts';

/** The marketplace's twelve models, in its own order and spelling; used where no config names any. */
export const MARKETPLACE_MODELS: ModelConfig[] = [
  { name: 'Llama3-Swallow-70B', tags: ['chat', 'japanese'] },
  { name: 'DeepSeek-R1-Distill-Qwen-32B', tags: ['reasoning', 'distill'] },
  { name: 'DeepSeek-R1-Distill-Llama-70B', tags: ['reasoning', 'distill'] },
  { name: 'DeepSeek-R1-Distill-Llama-8B', tags: ['reasoning', 'distill'] },
  { name: 'SaoLa-Llama3.1-planner', tags: ['planner', 'vietnamese'] },
  { name: 'Qwen2.5-7B-chat', tags: ['chat'] },
  { name: 'DeepSeek-R1-Distill-Qwen-1.5B', tags: ['reasoning', 'distill'] },
  { name: 'DeepSeek-R1', tags: ['reasoning'] },
  { name: 'Llama-Guard-3-8B', tags: ['classifier', 'safety'] },
  { name: 'Llama-3.1-8B-Instruct', tags: ['chat'] },
  { name: 'Qwen2.5-Coder-32B-Instruct', tags: ['code'] },
  { name: 'LLama-3.3-70B-Instruct', tags: ['chat'] },
];
