/**
 * Does work without the stack traces that cdktf takes of every token, a tenth of a synthesis. They are only for the message about a token
 * that cannot be resolved, so work that fails is done once more, with them. Traces of errors stay as they are.
 */
export function withoutTokenTraces<T>(work: () => T): T {
  const { captureStackTrace } = Error;
  Error.captureStackTrace = (target, below) => {
    if (target instanceof Error) captureStackTrace(target, below);
  };
  try {
    return work();
  } catch {
    Error.captureStackTrace = captureStackTrace;
    return work();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}
