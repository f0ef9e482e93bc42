/**
 * cdktf asks for a whole stack trace of every token that it makes, which under jest is a fifth of synthesis: each frame is looked up in a
 * source map. Nothing else asks for so many frames, and errors keep theirs.
 */
const { captureStackTrace } = Error;
const ofErrors = (target, ...below) => {
  if (target instanceof Error || Error.stackTraceLimit !== Number.MAX_SAFE_INTEGER) captureStackTrace(target, ...below);
};
/** `ofAll` is for tests of the traces themselves. */
Error.captureStackTrace = Object.assign(ofErrors, { ofAll: captureStackTrace });
