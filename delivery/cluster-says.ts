/**
 * What the cluster knows of a deploy that failed: releases of Helm that a killed command left in the middle, and the warnings of the services'
 * namespace. Terraform says no more than "context deadline exceeded", or "another operation (install/upgrade/rollback) is in progress".
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "../environments/schema";

type Clustered = Pick<Environment, "name" | "region" | "platform" | "cluster">;

/** Helm keeps each revision in a Secret with these labels; the Secrets themselves are large. https://helm.sh/docs/topics/advanced/#storage-backends */
const REVISIONS = [
  "get",
  "secrets",
  "--all-namespaces",
  "--selector",
  "owner=helm",
  "--no-headers",
  "--output",
  `custom-columns=${["namespace", "labels.name", "labels.version", "labels.status"].map((field) => `X:.metadata.${field}`).join(",")}`,
];
const events = z.object({
  items: z.array(
    z.object({
      involvedObject: z.object({ kind: z.string(), name: z.string() }),
      reason: z.string().optional(),
      message: z.string().optional(),
      lastTimestamp: z.string().nullish(),
      eventTime: z.string().nullish(),
    }),
  ),
});

/** Of one kind of warning one is enough. */
const MOST_WARNINGS = 10;
/** As long as a release waits, and some. */
const RECENT_MILLISECONDS = 30 * 60_000;
/** Random ends of names, and the pods that a ReplicaSet tried under. */
const RANDOM = /-[a-z0-9]{8,10}(-[a-z0-9]{5})?\b/g;

/**
 * Releases whose newest revision is in the middle; one before it stays `pending-…` for ever.
 * @param text a line for each revision: namespace, name, number, status
 */
export function pendingReleases(text: string): readonly string[] {
  const newest = new Map<
    string,
    { readonly name: string; readonly namespace: string; readonly revision: number; readonly status: string }
  >();
  for (const [namespace, name, number, status] of text.split("\n").map((line) => line.trim().split(/\s+/))) {
    if (!namespace || !name || !number || !status) continue;
    const before = newest.get(`${namespace} ${name}`);
    if (!before || before.revision < Number(number))
      newest.set(`${namespace} ${name}`, { name, namespace, revision: Number(number), status });
  }
  return [...newest.values()]
    .filter(({ status }) => status.startsWith("pending-"))
    .map(
      ({ name, namespace, revision, status }) =>
        `The release ${name} is ${status} since a command was killed, and refuses every other one: ${
          revision === 1
            ? `helm uninstall ${name} --namespace ${namespace}, and deploy again.`
            : `helm rollback ${name} --namespace ${namespace} (helm history ${name} --namespace ${namespace} shows to what), and deploy again.`
        }`,
    );
}

/** @param text events, as `kubectl --output json` writes them @returns the newest of each kind, the newest first */
export function warnings(text: string, now: Date): readonly string[] {
  const found = events
    .parse(JSON.parse(text))
    .items.map(({ involvedObject: { kind, name }, reason = "", message = "", lastTimestamp, eventTime }) => ({
      at: lastTimestamp ?? eventTime ?? "",
      line: `${kind} ${name}: ${reason}: ${message}`,
    }))
    .filter(({ at }) => now.getTime() - Date.parse(at) < RECENT_MILLISECONDS)
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  const kinds = new Map<string, string>();
  for (const { line } of found) {
    const kind = line.replace(RANDOM, "").replace(/\(combined from similar events\): |\d+/g, "");
    if (!kinds.has(kind)) kinds.set(kind, line);
  }
  return [...kinds.values()].slice(0, MOST_WARNINGS);
}

/** Whether a cluster runs the services at all. */
const hasCluster = ({ platform }: Pick<Environment, "platform">): boolean => platform === "eks" || typeof platform === "object";

/** How kubectl reaches the cluster. @throws with the words of whoever refuses */
function connection({ platform, region, cluster: { name } }: Clustered, folder: string): readonly string[] {
  if (typeof platform === "object")
    return ["--kubeconfig", platform.kubeconfig.replace(/^~(?=\/)/, homedir()), "--context", platform.context];
  const kubeconfig = join(folder, "kubeconfig");
  call("aws", ["eks", "update-kubeconfig", "--name", name, "--region", region, "--kubeconfig", kubeconfig]);
  return ["--kubeconfig", kubeconfig];
}

function call(program: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: process.env,
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new Error(`${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program}: ${stderr.trim()}`);
  return stdout;
}

/** What to look at by hand where kubectl does not get there. */
const byHand = (
  {
    cluster: {
      kubernetes: { namespace },
    },
  }: Clustered,
  reason: string,
): readonly string[] => [
  `What the cluster says could not be asked (${reason}). With a way to it: helm list --all --namespace ${namespace}; kubectl --namespace ${namespace} get events --field-selector type=Warning`,
];

type Kubectl = (args: readonly string[]) => string;

const pending = (kubectl: Kubectl): readonly string[] => pendingReleases(kubectl(REVISIONS));

/** @returns releases that are in the middle; nothing where there is no cluster */
export const pendingIn = (environment: Clustered): readonly string[] => asked(environment, pending);

/** @returns releases that are in the middle, and the newest warnings of the services' namespace; nothing where there is no cluster */
export const clusterSays = (environment: Clustered): readonly string[] =>
  asked(environment, (kubectl) => {
    const { namespace } = environment.cluster.kubernetes;
    const found = warnings(
      kubectl(["get", "events", "--namespace", namespace, "--field-selector", "type=Warning", "--output", "json"]),
      new Date(),
    );
    return [
      ...pending(kubectl),
      ...(found.length === 0 ? [] : [`Warnings of the namespace ${namespace}:`, ...found.map((line) => `  ${line}`)]),
    ];
  });

function asked(environment: Clustered, ask: (kubectl: Kubectl) => readonly string[]): readonly string[] {
  if (!hasCluster(environment) || process.env.EMULATOR_ENDPOINT) return [];
  const folder = mkdtempSync(join(tmpdir(), "trading-kubeconfig-"));
  try {
    const way = connection(environment, folder);
    return ask((args) => call("kubectl", [...way, "--request-timeout", "15s", ...args]));
  } catch (error) {
    return byHand(environment, (error as Error).message.split("\n")[0]!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
