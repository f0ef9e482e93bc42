/** The trading stacks of every environment, synthesised once for a test file, and ways to look at them. */
import { unzipSync } from "fflate";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../environments/schema";
import { createApp } from "../../stacks/environment";
import { environment } from "../environments/edits";
import { resourcesOf, type Block, type StackJson } from "./synth";

export interface Synthesised {
  readonly trading: StackJson;
  readonly data: StackJson;
  /** A bundle as it is uploaded, by kind. */
  readonly archive: (kind: string) => Buffer;
  /** Files of a bundle, by kind. */
  readonly bundle: (kind: string) => Readonly<Record<string, Uint8Array>>;
}

export function synthTrading(literal: Environment): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), "trading-"));
  try {
    createApp({ environments: [literal], target: { kind: "aws" }, outdir }).synth();
    const folder = (stack: string) => join(outdir, "stacks", `${literal.name}-${stack}`);
    const json = (stack: string) => JSON.parse(readFileSync(join(folder(stack), "cdk.tf.json"), "utf8")) as StackJson;
    const trading = json("trading");
    const archives = Object.fromEntries(
      resourcesOf(trading, "aws_s3_object").map(({ key, source }) => [
        /bundles\/(\w+)-/.exec(key as string)![1]!,
        readFileSync(join(folder("trading"), source as string)),
      ]),
    );
    const files = Object.fromEntries(Object.entries(archives).map(([kind, archive]) => [kind, unzipSync(archive)]));
    return { trading, data: json("data"), archive: (kind) => archives[kind]!, bundle: (kind) => files[kind]! };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The three environments as their literals are. */
export const synthAll = () => ({
  dev: synthTrading(environment("dev")),
  staging: synthTrading(environment("staging")),
  prod: synthTrading(environment("prod")),
});

/** The only resource of a type whose address begins like this. */
export function named(json: StackJson, type: string, part: string): Block {
  const found = Object.entries(json.resource?.[type] ?? {}).filter(([id]) => id.startsWith(part));
  expect([type, part, found.length]).toEqual([type, part, 1]);
  return found[0]![1];
}

export function alarm({ trading }: Synthesised, name: string): Block {
  const found = resourcesOf(trading, "aws_cloudwatch_metric_alarm").filter(({ alarm_name }) => alarm_name === name);
  expect([name, found.length]).toEqual([name, 1]);
  return found[0]!;
}

/** What the SSM parameter of a kind of host says. */
export const manifest = ({ trading }: Synthesised, kind: string) =>
  JSON.parse(named(trading, "aws_ssm_parameter", `${kind}-bundle`).insecure_value as string) as {
    bundle: Record<string, string>;
    settings: Record<string, unknown>;
  };

/** A security group of the stack by its construct, or `cache` of the data stack. */
const group = (reference: unknown) =>
  /^\$\{aws_security_group\.(.*?)(?:_group)?_[0-9A-F]{8}\.id\}$/.exec(String(reference))?.[1] ??
  (/cross-stack-reference-input-\w+-data.*cache/.test(String(reference)) ? "cache" : reference);

/** Rules in a direction: whose, port or "all", and the other side. */
export const rules = ({ trading }: Synthesised, direction: "ingress" | "egress") =>
  resourcesOf(trading, `aws_vpc_security_group_${direction}_rule`).map(
    ({ security_group_id, from_port, cidr_ipv4, referenced_security_group_id }) => [
      group(security_group_id),
      from_port ?? "all",
      cidr_ipv4 ?? group(referenced_security_group_id),
    ],
  );
