/** The workloads stacks that the tests install: as they are synthesised for EKS, with answers in place of what other stacks would say. */
import { releases, type Release, type Values } from "../../commands/manifests/releases";
import { stackManifests, type Manifest } from "../../commands/manifests/stack-manifests";
import { environment, type Base, type Edits } from "../environments/edits";
import { release } from "../charts/helm";
import { synthEnvironments, type StackJson } from "../helpers/synth";

/** A secret, so that no part of the chart is left out; dev on EKS, as one word makes it. */
const EVERYTHING: Edits = { platform: "eks", "services.ml.secrets": { MT5_LOGIN: { secret: "mt5", key: "login" } } };

/** What a stack's output is, by the attribute that its name ends with. */
const ANSWERS: readonly (readonly [attribute: RegExp, answer: string])[] = [
  [/wafv2.*arn$/, "arn:aws:wafv2:ap-northeast-1:777788889999:regional/webacl/services/0a1b2c3d"],
  [/arn$/, "arn:aws:sns:ap-northeast-1:777788889999:events"],
  [/security_group.*id$/, "sg-0123456789abcdef0"],
  [/vpc.*id$/, "vpc-0123456789abcdef0"],
  [/url$/, "https://sqs.ap-northeast-1.amazonaws.com/777788889999/orders"],
  [/(address|endpoint|endpoint_address)$/, "store.example"],
  [/certificate_authority/, "bW9jaw=="],
  [/(bucket|name|id)$/, "name"],
];

/** Answers to all references of a stack. @throws for one of a kind that ANSWERS does not know */
export function answersFor(stack: StackJson): Record<string, string> {
  const names = [...JSON.stringify(stack).matchAll(/\.outputs\.([\w-]+)/g)].map(([, name]) => name!);
  return Object.fromEntries(
    names.map((name) => {
      const answer = ANSWERS.find(([attribute]) => attribute.test(name))?.[1];
      if (answer === undefined) throw new Error(`stacks.ts has no answer for ${name}`);
      return [name, answer];
    }),
  );
}

export interface WorkloadsStack {
  readonly namespace: string;
  /** All that the provider of Kubernetes would make. */
  readonly manifests: readonly Manifest[];
  /** Of our chart, merged as helm merges them. */
  readonly values: Values;
  readonly releases: readonly Release[];
}

/** @param edits beyond a secret and EKS */
export function workloadsStack(base: Base, edits: Edits = {}): WorkloadsStack {
  const own = environment(base, { ...EVERYTHING, ...edits });
  const json = synthEnvironments({ environments: [own], target: { kind: "aws" } })[`${base}-workloads`]!;
  const answers = answersFor(json);
  const found = releases(json, answers);
  const resolved = JSON.parse(
    JSON.stringify(json).replace(/\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.([\w-]+)\}/g, (_, name: string) => answers[name]!),
  ) as StackJson;
  return {
    namespace: own.cluster.kubernetes.namespace,
    manifests: stackManifests(resolved),
    values: found.find(({ name }) => name === release)!.values,
    releases: found,
  };
}
