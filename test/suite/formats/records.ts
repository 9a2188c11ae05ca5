/** A record of each public format, written for these tests: none of the data sets is shipped. */
export const RECORDS = {
  gsm8k: {
    question: 'A mill grinds 41 sacks a day. How many sacks does it grind in 30 days?',
    answer: 'It grinds 41 * 30 = <<41*30=1230>>1,230 sacks.\n#### 1,230',
  },
  mmlu: {
    question: 'Which gas do plants take in?',
    subject: 'school_biology',
    choices: ['oxygen', 'carbon dioxide', 'helium', 'neon'],
    answer: 1,
  },
  humaneval: {
    task_id: 'Own/0',
    prompt: 'def double(number: int) -> int:\n    """Twice the number."""\n',
    entry_point: 'double',
    canonical_solution: '    return 2 * number\n',
    test: '\n\nMETADATA = {}\n\n\ndef check(candidate):\n    assert candidate(2) == 4\n    assert candidate(-3) == -6\n',
  },
  ifeval: {
    key: 7,
    prompt: 'Tell me of a lighthouse in at least 30 words, and use no commas.',
    instruction_id_list: ['length_constraints:number_words', 'punctuation:no_comma'],
    kwargs: [
      { relation: 'at least', num_words: 30, keywords: null },
      { relation: null, num_words: null, keywords: null },
    ],
  },
  sharegpt: {
    id: 'Ab3_0',
    conversations: [
      { from: 'human', value: 'Hello there' },
      { from: 'gpt', value: 'Hello! What can I do for you?' },
      { from: 'human', value: 'And a rhyme?' },
      { from: 'gpt', value: 'With pleasure, at your leisure.' },
    ],
  },
};
