/** The chart, rendered by the real helm. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { mergeValues, parseValues, type Values } from "../../commands/manifests/releases";
import { chartValues } from "../../constructs/kubernetes/chart-values";
import { environment } from "../environments/edits";

export const chart = resolve(__dirname, "..", "..", "charts", "day-trade-ml");
export const release = "day-trade-ml";
export const namespace = "day-trade";
export const valuesFiles = ["development", "staging", "production", "azure"] as const;
export type ValuesFile = (typeof valuesFiles)[number];

/** By the stage's first environment. */
const BASES = { development: "dev", staging: "staging", production: "prod" } as const;
/** What a values file says: Azure's as it stands, the others as they are generated from the tests' own literals. */
export const valuesOf = (file: ValuesFile): Values =>
  file === "azure" ? parseValues(readFileSync(join(chart, "values.azure.yaml"), "utf8"), file) : chartValues(environment(BASES[file]));

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

export type { Values };

/** Older ones word their errors in another way; the chart itself does with 3.8 (K8S-001). */
const VERSION = /^v(3\.(1[89]|[2-9]\d)|[4-9]\.\d+)\./;
/** On the PATH. */
export const helm = VERSION.test(spawnSync("helm", ["version", "--template", "{{.Version}}"], { encoding: "utf8" }).stdout ?? "")
  ? "helm"
  : undefined;

export const missing = "helm 3.18 or newer is not on the PATH";

/** Tests that need helm: left out on a person's machine that has none (helm.test.ts says so), failed in CI. */
export function describeWithHelm(name: string, body: () => void): void {
  if (helm) describe(name, body);
  else if (process.env.CI)
    it(name, () => {
      throw new Error(missing);
    });
  else it.todo(name);
}

interface Output {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function runHelm(args: readonly string[], values: Values = {}): Output {
  const { status, stdout, stderr } = spawnSync(helm!, [...args, "--values", "-"], {
    encoding: "utf8",
    input: JSON.stringify(values),
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

const template = (file: ValuesFile | undefined, values: Values = {}, into = namespace): Output =>
  runHelm(["template", release, chart, "--namespace", into], file ? mergeValues(valuesOf(file), values) : values);

/** @param file none: values.yaml alone */
export function render(file?: ValuesFile, values?: Values, into?: string): Manifest[] {
  const { status, stdout, stderr } = template(file, values, into);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** What helm says when it refuses the values. */
export function refusal(file?: ValuesFile, values?: Values): string {
  const { status, stderr } = template(file, values);
  if (status === 0) throw new Error("helm took the values");
  return stderr;
}

/** What a deploy adds: the endpoints. */
export const endpoints: Values = { backends: { cache: { host: "cache.example" }, database: { host: "database.example" } } };

/** What makes KEDA scale a service. */
export const scaledByKeda = {
  enabled: true,
  minReplicas: 3,
  queue: { url: "https://sqs.ap-northeast-1.amazonaws.com/777788889999/tss-orders", messagesPerPod: 10, region: "ap-northeast-1" },
  schedule: [{ start: "30 8 * * MON-FRI", end: "0 16 * * MON-FRI", minReplicas: 6 }],
};

/** Everything optional at once. */
export const everything: Values = {
  ...endpoints,
  image: { pullSecrets: ["login"] },
  services: {
    ml: {
      secrets: { TOKEN: { secret: "a", key: "b" } },
      ports: { grpc: 50051 },
      podLabels: { a: "b" },
      serviceAccount: { annotations: { a: "b" } },
      podDisruptionBudget: { maxUnavailable: "25%" },
    },
    data: { route: { hosts: ["a.example.com"] }, startSeconds: 0, autoscaling: scaledByKeda, env: { NUMBER: "5", TEXT: 'a: {b} "c"\nd' } },
  },
  externalSecrets: { store: { aws: { region: "ap-northeast-1" } } },
  networkPolicy: { dnsCidrs: ["169.254.20.10/32"], egress: [{ cidr: "169.254.170.23/32", port: 80 }] },
};

const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
/** Names of all of a kind. */
export const names = (manifests: readonly Manifest[], kind: string): string[] =>
  ofKind(manifests, kind)
    .map(({ metadata }) => metadata.name)
    .sort();
export const find = (manifests: readonly Manifest[], kind: string, name: string): Manifest | undefined =>
  ofKind(manifests, kind).find(({ metadata }) => metadata.name === name);

/** @throws when there is none */
export function get(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = find(manifests, kind, name);
  if (!found) throw new Error(`there is no ${kind} ${name}, only ${names(manifests, kind).join(", ")}`);
  return found;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}
interface Quantities {
  readonly cpu: string;
  readonly memory: string;
}
export interface Container {
  readonly image: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
}
export interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly [Container];
    readonly terminationGracePeriodSeconds: number;
    readonly nodeSelector: Readonly<Record<string, string>>;
    readonly serviceAccountName: string;
  };
}
export interface Deployment extends Manifest {
  readonly spec: { readonly replicas?: number; readonly strategy: { readonly type: string }; readonly template: PodTemplate };
}

export const deployment = (manifests: readonly Manifest[], service: string): Deployment =>
  get(manifests, "Deployment", `${release}-${service}`) as Deployment;
/** The services, by the names that they have in the values. */
export const serviceNames = (manifests: readonly Manifest[]): string[] =>
  names(manifests, "Deployment").map((name) => name.slice(release.length + 1));
