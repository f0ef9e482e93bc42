/** Brings what pods print to CloudWatch. */
import type { ServiceAccount } from "../pod-role";
import { requests, type PublicChart, type ReleaseValues } from "./release-values";

/**
 * Fluent Bit 5.1.1, which takes its rights from Pod Identity (fluent/fluent-bit#10115).
 *
 * Not EKS's add-on `amazon-cloudwatch-observability`: it brings an operator, an agent and Application Signals along, whose observations are paid for,
 * to do what Prometheus does here already. Not the chart `aws-for-fluent-bit`: it always reads pods, nodes and their proxies through the API; this
 * one can do without, because a file's name says whose log it is.
 */
export const FLUENT_BIT_CHART: PublicChart = {
  repository: "https://fluent.github.io/helm-charts",
  name: "fluent-bit",
  version: "0.58.1",
};

/** Who it is in the cluster; by it AWS knows it. */
export const FLUENT_BIT_ACCOUNT = { namespace: "logging", name: "fluent-bit" } as const satisfies ServiceAccount;

export interface FluentBitProps {
  readonly region: string;
  /** Namespace of the services. */
  readonly namespace: string;
  /** Physical names of log groups, by service. */
  readonly services: ReadonlyMap<string, string>;
  /** Physical name of the log group of all other pods. @default they are not read */
  readonly others?: string;
  /** Prometheus is there, and told how it does. */
  readonly monitored: boolean;
}

/** Where it remembers how far it has read: on the node, so that a new pod of it goes on from there. */
const STATE = "/var/lib/fluent-bit";

type Entries = Readonly<Record<string, string | number>>;
const section = (name: string, entries: Entries): string =>
  [`[${name}]`, ...Object.entries(entries).map(([key, value]) => `    ${key} ${value}`), ""].join("\n");

/** https://docs.fluentbit.io/manual/data-pipeline/inputs/tail */
const input = ({ namespace, others }: FluentBitProps): string =>
  section("INPUT", {
    Name: "tail",
    ...(others === undefined
      ? { Path: `/var/log/containers/*_${namespace}_*.log` }
      : // Its own complaints about CloudWatch would be sent there, and complained about.
        { Path: "/var/log/containers/*.log", Exclude_Path: `/var/log/containers/*_${FLUENT_BIT_ACCOUNT.namespace}_*.log` }),
    "multiline.parser": "cri",
    // A container's name has no dots, so that a tag says without doubt whose line it is.
    Tag_Regex: String.raw`(?<pod>[^_/]+)_(?<namespace>[^_]+)_(?<container>.+)-[0-9a-f]{64}\.log$`,
    Tag: "<namespace>.<container>.<pod>",
    DB: `${STATE}/pods.db`,
    Read_from_Head: "On",
    Refresh_Interval: 10,
    Mem_Buf_Limit: "16MB",
    Skip_Long_Lines: "On",
  });

/** https://docs.fluentbit.io/manual/data-pipeline/outputs/cloudwatch */
const output = (region: string, match: Entries, group: string): string =>
  section("OUTPUT", {
    Name: "cloudwatch_logs",
    ...match,
    region,
    log_group_name: group,
    log_stream_prefix: "pod/",
    // The line as it was printed, so that JSON stays JSON.
    log_key: "log",
    auto_create_group: "Off",
    Retry_Limit: 10,
  });

function outputs({ namespace, others, region, services }: FluentBitProps): string {
  const own = [...services].map(([service, group]) => output(region, { Match: `${namespace}.${service}.*` }, group));
  const names = [...services.keys()].join("|");
  const rest = services.size > 0 ? String.raw`^(?!${namespace}\.(${names})\.)` : ".";
  return [...own, ...(others === undefined ? [] : [output(region, { Match_Regex: rest }, others)])].join("\n");
}

/** https://github.com/fluent/helm-charts/tree/main/charts/fluent-bit */
export function fluentBit(props: FluentBitProps): ReleaseValues {
  const { monitored } = props;
  return {
    name: "fluent-bit",
    namespace: FLUENT_BIT_ACCOUNT.namespace,
    podSecurity: "privileged", // the logs are files of the node
    values: {
      fullnameOverride: "fluent-bit",
      serviceAccount: { create: true, name: FLUENT_BIT_ACCOUNT.name, automountServiceAccountToken: false },
      rbac: { create: false },
      testFramework: { enabled: false },
      // Root owns the logs and alone may read them; what else root may do is taken away.
      podSecurityContext: { runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } },
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
      daemonSetVolumes: [
        { name: "logs", hostPath: { path: "/var/log" } },
        { name: "state", hostPath: { path: STATE, type: "DirectoryOrCreate" } },
      ],
      daemonSetVolumeMounts: [
        { name: "logs", mountPath: "/var/log", readOnly: true },
        { name: "state", mountPath: STATE },
      ],
      // On every node, whatever it is kept for.
      tolerations: [{ operator: "Exists" }],
      priorityClassName: "system-node-critical",
      resources: { requests: requests({ milliCpu: 50, memory: 64 }), limits: { memory: "256Mi" } },
      config: { inputs: input(props), filters: "", outputs: outputs(props), customParsers: "" },
      ...(monitored && {
        serviceMonitor: { enabled: true },
        prometheusRule: { enabled: true, rules: [LOGS_LOST] },
      }),
    },
  };
}

/** https://docs.fluentbit.io/manual/administration/monitoring */
const LOGS_LOST = {
  alert: "PodLogsLost",
  expr: ["retries_failed", "dropped_records"]
    .map((what) => `sum by (namespace, pod) (increase(fluentbit_output_${what}_total[15m])) > 0`)
    .join(" or "),
  labels: { severity: "warning" },
  annotations: { summary: "{{ $labels.pod }} gave up lines that CloudWatch did not take" },
};
