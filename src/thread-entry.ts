/**
 * Where the compiled entry of a worker thread lies. Threads run compiled code only, also when this
 * module itself is run from source (as the tests do).
 * @param entry path below `dist/`, as `load/worker.js`
 */
export function threadEntry(entry: string): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  return new URL(fromSource ? `../dist/${entry}` : `./${entry}`, import.meta.url);
}
