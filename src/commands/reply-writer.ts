import { neutralise } from '../report/text.ts';
import type { Output } from './output.ts';

/** Takes one reply as it comes. */
export interface ReplyWriter {
  piece(text: string): void;
  failed(message: string): void;
  end(): void;
}

/** Text as it is; on a terminal, without what could act on it. */
export function textWriter(output: Output): ReplyWriter {
  let last = '';
  const endLine = (): void => {
    if (last !== '' && !last.endsWith('\n')) output.data('\n');
    last = '';
  };
  return {
    piece: (content) => {
      output.data(content);
      last = content;
    },
    failed: (message) => {
      endLine();
      output.complain(`tokentape: ${neutralise(message)}`);
    },
    end: endLine,
  };
}

/** The marketplace wrapper's events, byte for byte as its documentation has them. */
export function eventWriter(output: Output): ReplyWriter {
  return {
    piece: (content) => output.data(`data: ${pythonJson({ content })}\n\n`),
    failed: (error) => output.data(`data: ${pythonJson({ error })}\n\n`),
    end: () => output.data('data: [DONE]\n\n'),
  };
}

/** JSON as Python's `json.dumps` writes it: a blank after the colon, ASCII only. */
function pythonJson(value: Record<string, string>): string {
  const [entry] = Object.entries(value);
  if (entry === undefined) return '{}';
  const escaped = entry.map((text) =>
    JSON.stringify(text).replace(
      /[\u007f-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
  return `{${escaped.join(': ')}}`;
}
