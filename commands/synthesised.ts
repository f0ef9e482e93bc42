/** The synthesised stacks in cdktf.out, as the commands look at them. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNames } from "../environments";

export interface SynthesisedResource {
  /** Terraform's address, such as `aws_s3_bucket.raw_bucket_1A2B3C4D`. */
  readonly address: string;
  /** Whether Terraform refuses to destroy it. */
  readonly isProtected: boolean;
}

export interface SynthesisedStack {
  readonly name: string;
  readonly environment: string;
  /** Relative to the repository. */
  readonly folder: string;
  readonly resources: readonly SynthesisedResource[];
}

/** Runs the app, as `cdktf synth` would. @throws when it refuses, with its message */
export function synthesise(root: string, environments: readonly string[], variables: Readonly<Record<string, string>> = {}): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "commands", "synth-app.mjs")], {
    cwd: root, encoding: "utf8", env: { ...process.env, ENVIRONMENTS: environments.join(","), ...variables },
  });
  if (status !== 0) throw new Error(stderr.trim());
}

interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, { readonly lifecycle?: { readonly prevent_destroy?: boolean } }>>>>;
}

export function readStacks(root: string): SynthesisedStack[] {
  const folder = join("cdktf.out", "stacks");
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder)).sort().flatMap((name) => {
    const environment = environmentNames.find((candidate) => name.startsWith(`${candidate}-`));
    const file = join(root, folder, name, "cdk.tf.json");
    if (!environment || !existsSync(file)) return [];
    const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
    const resources = Object.entries(json.resource ?? {}).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([id, { lifecycle }]) => ({ address: `${type}.${id}`, isProtected: lifecycle?.prevent_destroy === true })));
    return [{ name, environment, folder: join(folder, name), resources }];
  });
}
