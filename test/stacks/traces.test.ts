/** What tokens remember of where they were made. */
import { App, Lazy, TerraformOutput, TerraformStack } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutTokenTraces } from "../../stacks/traces";

const outdir = mkdtempSync(join(tmpdir(), "traces-"));
afterAll(() => {
  rmSync(outdir, { recursive: true });
});
// As outside of jest (test/helpers/without-token-traces.cjs).
beforeAll(() => {
  Error.captureStackTrace = (Error.captureStackTrace as unknown as { ofAll: typeof Error.captureStackTrace }).ofAll;
});

/** A stack with an output that a function gives. */
function synthesise(produce: () => string): void {
  const app = new App({ outdir, skipBackendValidation: true });
  const value = Lazy.stringValue({ produce });
  new TerraformOutput(new TerraformStack(app, "stack"), "output", { value });
  app.synth();
}

const failing = () =>
  synthesise(() => {
    throw new Error("there is no value");
  });

function messageOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

it("tokens take no stack traces", () => {
  const { creationStack } = withoutTokenTraces(() => Lazy.anyValue({ produce: () => 1 }));
  expect(creationStack).toEqual([]);
  expect(Lazy.anyValue({ produce: () => 1 }).creationStack.join("\n")).toContain("traces.test.ts");
});

it("a token that cannot be resolved is shown with where it was made, as without this", () => {
  const message = messageOf(() => withoutTokenTraces(failing));
  expect(message).toMatch(/^Resolution error: .*there is no value/s);
  expect(message).toMatch(/Object creation stack:\n.*traces\.test\.ts/s);
  expect(message.split("\n")[0]).toBe(messageOf(failing).split("\n")[0]);
});

it("errors have their stack traces, during the work and after it", () => {
  const before = Error.captureStackTrace;
  const traced = withoutTokenTraces(() => {
    const error = new Error("inside");
    error.stack = "";
    Error.captureStackTrace(error);
    return error.stack;
  });
  expect(traced).toContain("traces.test.ts");
  messageOf(() => withoutTokenTraces(failing));
  expect(Error.captureStackTrace).toBe(before);
});
