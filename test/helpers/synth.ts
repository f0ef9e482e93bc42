/** Builders for tests: synthesise constructs or whole environments and look at the Terraform JSON. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, Testing } from "cdktf";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp, type AppOptions } from "../../stacks/environment";

/** Attributes of one resource, data source, provider or backend. */
export type Block = Readonly<Record<string, unknown>>;

/** One `cdk.tf.json`, as far as tests look at it. */
export interface StackJson {
  readonly terraform: { readonly backend: Readonly<Record<string, Block>> };
  readonly provider: Readonly<Record<string, readonly Block[]>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output?: Readonly<Record<string, Block>>;
  readonly import?: readonly { readonly to: string; readonly id: string }[];
}

/** All resources of a type, in the order of their addresses. */
export const resourcesOf = (json: StackJson, type: string): Block[] => Object.values(json.resource?.[type] ?? {});

/** The only resource of a type. @throws when there are none or several */
export function onlyResource(json: StackJson, type: string): Block {
  const found = resourcesOf(json, type);
  if (found.length !== 1)
    throw new Error(`expected one ${type}, found ${found.length}: ${Object.keys(json.resource?.[type] ?? {}).join(", ")}`);
  return found[0]!;
}

/** A JSON policy, parsed: `policyOf(block, "policy").Statement`. */
export const policyOf = (block: Block, attribute: string) =>
  JSON.parse(block[attribute] as string) as { Version: string; Statement: Record<string, unknown>[] };

/** References without type and hash: `${aws_s3_bucket.raw_bucket_1234ABCD.arn}/*` → `raw_bucket.arn/*`. */
export const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/\$\{aws_\w+\.([\w-]+)_[0-9A-F]{8}\.(\w+)\}/g, "$1.$2"));

/** Synthesises constructs in a stack of their own. */
export function synthConstructs(build: (stack: TerraformStack) => void): StackJson {
  // Not Testing.app: it leaves a temporary folder behind for each.
  const stack = new TerraformStack(
    new App({ context: { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" } }),
    "test",
  );
  new AwsProvider(stack, "aws", { region: "ap-northeast-1" });
  build(stack);
  return JSON.parse(Testing.synth(stack, true)) as StackJson;
}

/** Synthesises environments as the app does: stack name → its JSON. */
export function synthEnvironments(options: Omit<AppOptions, "outdir">): Readonly<Record<string, StackJson>> {
  const outdir = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    createApp({ ...options, outdir }).synth();
    const stacks = readdirSync(join(outdir, "stacks")).sort();
    return Object.fromEntries(
      stacks.map((stack) => [stack, JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as StackJson]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
