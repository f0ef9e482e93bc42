/** The app as cdktf starts it, on the example literals: what its variables do. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProjectCopy } from "./helpers/project-copy";

const copy = new ProjectCopy();
const root = copy.folder;
const app = copy.path("commands", "synth-app.mjs");
const folders: string[] = [];
const variables = (own: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), "main-"));
  folders.push(folder);
  return { ...process.env, CDKTF_OUTDIR: folder, ...own };
};
afterAll(() => {
  copy.remove();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function stacksOf(own: Readonly<Record<string, string>>): { readonly names: readonly string[]; readonly text: (stack: string) => string } {
  const env = variables(own);
  execFileSync(process.execPath, [app], { cwd: root, env });
  const folder = join(env.CDKTF_OUTDIR, "stacks");
  return { names: readdirSync(folder).sort(), text: (stack) => readFileSync(join(folder, stack, "cdk.tf.json"), "utf8") };
}

it("IMAGES names the versions that services run", () => {
  const { text } = stacksOf({ ENVIRONMENTS: "dev", IMAGES: "ml=1.4.2" });
  const images = [...text("dev-services").matchAll(/repository_url}:([\w.-]+)/g)].map(([, tag]) => tag);
  expect(images.sort()).toEqual(["0.1.0", "0.1.0", "1.4.2"]);
});

it("PLATFORM gives a rehearsal another platform", () => {
  const emulator = { ENVIRONMENTS: "staging", EMULATOR_ENDPOINT: "http://127.0.0.1:1" };
  expect(stacksOf({ ...emulator, PLATFORM: "ecs" }).names).toContain("staging-services");
  expect(stacksOf({ ...emulator, PLATFORM: "none" }).names).not.toContain("staging-services");
});

it("LITERAL_VALUES gives an estimate other values", () => {
  const { text } = stacksOf({
    ENVIRONMENTS: "dev",
    EMULATOR_ENDPOINT: "http://127.0.0.1:9",
    LITERAL_VALUES: '{"windows.instanceType":"t3.large"}',
  });
  expect(text("dev-trading")).toContain('"instance_type": "t3.large"');
});

it("what was bundled once is not bundled again: commands/start/app.mjs knows all folders that sources come from", () => {
  const { names } = stacksOf({ ENVIRONMENTS: "dev" });
  // Were esbuild started, there would be an error.
  expect(stacksOf({ ENVIRONMENTS: "dev", ESBUILD_BINARY_PATH: process.execPath }).names).toEqual(names);
});

it.each([
  [{ PLATFORM: "none" }, "PLATFORM is for rehearsals; to deploy another platform, write it into the environment's literal."],
  [
    { LITERAL_VALUES: '{"windows.instanceType":"t3.large"}' },
    "LITERAL_VALUES is for estimates (npm run cost); to deploy a value, write it into the environment's literal.",
  ],
  [{ PLATFORM: "swarm" }, 'PLATFORM is "swarm". Valid values: as-written, ecs, eks, none.'],
  [{ ENVIRONMENTS: "dev", IMAGES: "ml" }, 'Image "ml" is not <service>=<tag> or <service>=sha256:<digest>, such as ml=1.4.2'],
  [{ ENVIRONMENTS: "dev", IMAGES: "ml=latest" }, 'services.ml.image = "day-trade-ml-dev:latest"'],
])("%j is refused, and nothing is written", (own, message) => {
  const env = variables(own);
  const { status, stderr } = spawnSync(process.execPath, [app], { cwd: root, env, encoding: "utf8" });
  expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  expect(readdirSync(env.CDKTF_OUTDIR)).toEqual([]);
});
