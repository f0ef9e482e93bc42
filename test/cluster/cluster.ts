/** The cluster that the tests run on, and the chart's release on it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { mergeValues } from "../../commands/manifests/releases";
import { chart, endpoints, missing as missingHelm, helm as helmOnPath, release, type Values, type ValuesFile } from "../charts/helm";
import { ensureCustomResources } from "./custom-resources";
import { workloadsStack, type WorkloadsStack } from "./stacks";
import { apply, helm, kubectl, list, startHelm, tryKubectl, type Output } from "./kubectl";

const FILES = { dev: "development", staging: "staging", prod: "production" } as const;
/** By namespace. */
const stacks = new Map(
  (["dev", "staging", "prod"] as const)
    .map((name) => [name, workloadsStack(name)] as const)
    .map(([name, stack]) => [stack.namespace, { ...stack, file: FILES[name] as ValuesFile }]),
);
export const environments: readonly (readonly [namespace: string, file: ValuesFile])[] = [...stacks].map(([namespace, { file }]) => [
  namespace,
  file,
]);
/** @throws when there is none */
export function stackOf(namespace: string): WorkloadsStack {
  const stack = stacks.get(namespace);
  if (!stack) throw new Error(`no environment has the namespace ${namespace}, only ${[...stacks.keys()].join(", ")}`);
  return stack;
}

/** Of what the tests make outside the releases: they delete nothing else. */
const MARK = "trading-system/made-by";

/** What is not there, if anything. */
export const missing: string | undefined = !process.env.KUBECONFIG
  ? "KUBECONFIG names no cluster"
  : !helmOnPath
    ? missingHelm
    : spawnSync("kubectl", ["version", "--output", "json"], { env: process.env }).status !== 0
      ? "kubectl does not reach the cluster that KUBECONFIG names, or is not on the PATH"
      : undefined;

/** Tests that need a cluster: left out on a person's machine that has none (cluster.test.ts says so), failed in CI and by `npm run test:cluster`. */
export function describeOnCluster(name: string, body: () => void): void {
  if (!missing) describe(name, body);
  else if (process.env.CI || process.env.CLUSTER_REQUIRED)
    it(name, () => {
      throw new Error(missing);
    });
  else it.todo(name);
}

/** Gives a test file the namespaces and kinds that it needs, and takes them away. */
export function withNamespaces(namespaces: readonly string[]): void {
  let removeCustomResources: (() => void) | undefined;
  beforeAll(() => {
    const foreign = list("namespaces")
      .filter(({ metadata: { name, labels } }) => namespaces.includes(name) && labels[MARK] === undefined)
      .map(({ metadata }) => metadata.name);
    if (foreign.length > 0)
      throw new Error(
        `The cluster has namespaces that these tests did not make: ${foreign.join(", ")}. They would install into them; name a cluster without.`,
      );
    removeNamespaces(); // what a run before this one left
    removeCustomResources = ensureCustomResources();
    for (const namespace of namespaces) apply(...foundationOf(namespace));
  }, 300_000);
  afterAll(() => {
    removeNamespaces();
    removeCustomResources?.();
  }, 300_000);
}

/** What the stack makes around its services: their namespace, and who may do what. The controllers' own namespaces stay empty here, so they are left out. */
const foundationOf = (namespace: string) =>
  stackOf(namespace)
    .manifests.filter(({ kind, metadata }) => kind !== "StorageClass" && (kind !== "Namespace" || metadata.name === namespace))
    .map((manifest) => ({
      ...manifest,
      metadata: { ...manifest.metadata, labels: { ...manifest.metadata.labels, [MARK]: "test-cluster" } },
    }));

/** Those with our mark, and what the releases in them have outside. */
function removeNamespaces(): void {
  const names = list("namespaces", undefined, MARK).map(({ metadata }) => metadata.name);
  kubectl(["delete", "clusterroles,clusterrolebindings", "--selector", MARK]);
  if (names.length === 0) return;
  for (const name of names) helm(["uninstall", release, "--namespace", name, "--ignore-not-found"]);
  kubectl(["delete", "namespace", ...names, "--wait", "--timeout=240s"]);
}

/** What an earlier chart knows already. */
const endpointsAndSecret: Values = {
  ...endpoints,
  image: { registry: "registry.example" },
  services: { ml: { secrets: { MT5_LOGIN: { secret: "TSS/mt5/demo", key: "login" } } } },
};
const ofPerson: Values = process.env.CLUSTER_VALUES ? (parse(readFileSync(process.env.CLUSTER_VALUES, "utf8")) as Values) : {};

export interface Installation {
  readonly namespace: string;
  readonly file: ValuesFile;
  readonly values?: Values;
  /** Another chart than that of the working tree. */
  readonly from?: string;
  readonly timeout?: string;
}

/** An earlier chart comes with the values file that it had; of today's the stack knows all. */
export const upgradeArgs = ({ namespace, file, from, timeout = "180s" }: Installation): readonly string[] => [
  "upgrade",
  "--install",
  release,
  from ?? chart,
  "--namespace",
  namespace,
  "--wait",
  "--atomic",
  "--timeout",
  timeout,
  ...(from ? ["--values", join(from, `values.${file}.yaml`)] : []),
  "--values",
  "-",
];
export const upgradeValues = ({ namespace, from, values = {} }: Installation): string =>
  JSON.stringify([from ? endpointsAndSecret : stackOf(namespace).values, ofPerson, values].reduce<Values>(mergeValues, {}));

export const startUpgrade = (installation: Installation): Promise<Output> =>
  startHelm(upgradeArgs(installation), upgradeValues(installation));
export const tryUpgrade = (installation: Installation): Output => helm(upgradeArgs(installation), upgradeValues(installation));

/** @throws when helm refuses or gives up */
export function upgrade(installation: Installation): void {
  const { status, stderr } = tryUpgrade(installation);
  if (status !== 0) throw new Error(`helm: ${stderr}\n${tryKubectl(["--namespace", installation.namespace, "get", "pods,events"]).stdout}`);
}

/** @throws when anything is left of it */
export function uninstall(namespace: string): void {
  const { status, stderr } = helm(["uninstall", release, "--namespace", namespace, "--wait", "--timeout", "180s"]);
  if (status !== 0) throw new Error(stderr);
}

export const manifestOf = (namespace: string): string => helm(["get", "manifest", release, "--namespace", namespace]).stdout;
export const revisions = (namespace: string) =>
  JSON.parse(helm(["history", release, "--namespace", namespace, "--output", "json"]).stdout) as readonly {
    readonly revision: number;
    readonly status: string;
    readonly description: string;
  }[];

/** Everything that can be listed in the namespace, but for what only tells what happened. */
export function everythingIn(namespace: string): string[] {
  const types = kubectl(["api-resources", "--namespaced", "--verbs=list,get", "--output=name"])
    .trim()
    .split("\n")
    .filter((type) => !/^events|^leases\.|\.metrics\.k8s\.io$/.test(type));
  return list(types.join(","), namespace)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .sort();
}

/** What belongs to no namespace and carries the release's label. */
export function clusterWideOfRelease(): string[] {
  const types = kubectl(["api-resources", "--namespaced=false", "--verbs=list,get", "--output=name"]).trim().split("\n");
  return list(types.join(","), undefined, `app.kubernetes.io/instance=${release}`)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .sort();
}

/** The release's pods that serve or soon will. */
export const podsOf = (namespace: string) => list("pods", namespace, `app.kubernetes.io/instance=${release}`);
