/** How Terraform is run for stacks that need nobody. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Alone, NoBaseState, type Place } from "../../../review/base-state";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alone-"));
  mkdirSync(join(folder, "stack"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const LATE = "Error: timeout while waiting for plugin to start";
/** @param answers of the commands after `init`, in their order: code 0, or what was printed with code 1 */
function run(...answers: readonly (0 | string)[]) {
  const calls: string[] = [];
  const alone = new Alone(join(folder, "providers"), (variables) => (cwd, [command]) => {
    calls.push(command!);
    if (command === "init") writeFileSync(join(cwd, ".terraform.lock.hcl"), "");
    else
      expect(variables).toMatchObject({
        AWS_PROFILE: undefined,
        AWS_ENDPOINT_URL: "http://127.0.0.1:9",
        TF_DATA_DIR: expect.stringContaining("providers") as string,
      });
    const answer = command === "init" ? 0 : answers[calls.length - 2]!;
    return Promise.resolve(answer === 0 ? { code: 0, stdout: "", stderr: "" } : { code: 1, stdout: "", stderr: answer });
  });
  const stack: Place = { name: "dev-data", folder: join(folder, "stack"), json: {}, digest: "" };
  return { calls, plan: () => alone.run(stack, ["plan"]) };
}

it("sets up once, for whoever has the same providers", async () => {
  const { calls, plan } = run(0, 0);
  await Promise.all([plan(), plan()]);
  expect(calls).toEqual(["init", "plan", "plan"]);
});

it("tries once more where a provider was too slow to start, and then takes what is said", async () => {
  const late = run(LATE, 0);
  expect(await late.plan()).toMatchObject({ code: 0 });
  const still = run(LATE, LATE);
  expect(await still.plan()).toMatchObject({ code: 1, stderr: LATE });
  expect(still.calls).toEqual(["init", "plan", "plan"]);
});

it("takes any other failure as it is", async () => {
  const { calls, plan } = run("Error: no");
  expect(await plan()).toMatchObject({ code: 1, stderr: "Error: no" });
  expect(calls).toEqual(["init", "plan"]);
});

it("says why where there are no providers", async () => {
  const alone = new Alone(
    join(folder, "providers"),
    () => () => Promise.resolve({ code: 1, stdout: "", stderr: "Error: Failed to query available provider packages" }),
  );
  await expect(alone.run({ name: "dev-data", folder: join(folder, "stack"), json: {}, digest: "" }, ["plan"])).rejects.toEqual(
    new NoBaseState("dev-data", "terraform init failed: Failed to query available provider packages"),
  );
});
