/**
 * Where the parts lie that are no TypeScript: in `src/` for the compiled code too, so that they are
 * shipped as they are written.
 * @param name file or folder beside this module's source
 */
export function sandboxSource(name: string): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  const folder = fromSource ? './' : '../../../src/score/sandbox/';
  return new URL(`${folder}${name}`, import.meta.url);
}
