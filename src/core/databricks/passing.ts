/** Failures that pass: work that is followed for hours goes on there all the same. */
import { isUserError } from '../errors.ts';

const PASSING = ['workspace-unreachable', 'workspace-fails', 'too-many-requests', 'bad-answer'];
/** One after the other, each of them after the retries of a request. */
const MOST = 20;

/** Says of one failure after the other whether to look again; `good` is told of each look that went well. */
export function createPatience(): { good(): void; bears(error: unknown): boolean } {
  let failures = 0;
  return {
    good: () => {
      failures = 0;
    },
    bears: (error) => {
      failures += 1;
      return failures <= MOST && isUserError(error) && PASSING.includes(error.code);
    },
  };
}
