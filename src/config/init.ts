/** The `bench.config.yaml` that `tokentape init` writes into a folder of the user's own. */
export function starterConfig(): string {
  return STARTER;
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of the config file
const STARTER = [
  '# What tokentape benchmarks. `tokentape validate` checks this file; a key never stands in it.',
  '',
  'targets:',
  '  marketplace:',
  '    base_url: ${MARKETPLACE_API_BASE} # as https://host/v1; set it in the environment or in .env',
  '    api_key: ${MARKETPLACE_API_KEY}',
  '    when_unset: simulate # the embedded simulator until both are set; or: error',
  '    models: subscribed # ask the endpoint what the key opens; or a list of names and aliases',
  '',
  '# What is known of the models. `subscribed` runs the others too.',
  'models:',
  '  - name: DeepSeek-R1',
  '    alias: r1',
  '    tags: [reasoning]',
  '    temperature: 0.6',
  '    # price: { input_per_mtok: 1.00, output_per_mtok: 2.00 } # USD per million tokens',
  '  - name: Llama-3.1-8B-Instruct',
  '    alias: llama-8b',
  '    tags: [chat]',
  '',
  'defaults:',
  '  suite: smoke',
  '  concurrency: 8 # requests in flight per model',
  '  warmup: 1 # sent and recorded, but not counted',
  '  output: results',
  '  timeouts: { connect: 10s, first_token: 120s, stall: 60s, total: 600s }',
  '',
  '# Goodput counts the requests that meet all of these.',
  'slo: { ttft_ms: 2000, tpot_ms: 100 }',
  '',
  '# A run ends with exit code 99 where one of these fails.',
  '# thresholds:',
  "#   - 'ttft_ms:p(95)<2000'",
  "#   - 'error_rate<0.01'",
  '',
].join('\n');
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
