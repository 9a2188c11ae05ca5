export { codeGrader } from '../graders/code.ts';
export { javascriptGrader } from '../graders/javascript.ts';
export { sandboxProblem } from './problem.ts';
