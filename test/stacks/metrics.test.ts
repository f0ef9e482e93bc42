/**
 * Every metric that an alarm or the dashboard looks at is published by somebody, under this name and with these dimensions: by AWS, by a host's
 * own files as they are installed, or by the application as the contract in constructs/hosts/host-metrics.ts says.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HOST_METRICS } from "../../constructs/hosts/host-metrics";
import { loadEnvironments } from "../fixtures/environments";
import { resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
/**
 * What AWS publishes, as CloudWatch's own console knows it: metric → sets of dimensions. From lib/canned-metrics/services.json of
 * https://www.npmjs.com/package/@aws-cdk/cfnspec 2.72.1 (Apache-2.0), where AWS's CDK has it from CloudWatch; without what no stack uses.
 */
import listed from "./aws-metrics.json";

const AWS_METRICS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ...listed,
  // Newer than the list: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  "AWS/Lambda": { ...listed["AWS/Lambda"], AsyncEventAge: ["FunctionName"] },
  // https://docs.aws.amazon.com/eks/latest/userguide/cloudwatch.html
  "AWS/EKS": { scheduler_pending_pods_UNSCHEDULABLE: ["ClusterName"] },
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html; the console's list has none of AWS Backup
  "AWS/Backup": Object.fromEntries(
    ["Aborted", "Completed", "Expired", "Failed"].map((state) => [`NumberOfBackupJobs${state}`, ["BackupVaultName"]]),
  ),
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
  "AWS/CloudFront": { "5xxErrorRate": ["DistributionId,Region"] },
  // Of the account as a whole: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
  "AWS/Billing": { EstimatedCharges: ["Currency"] },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html#s3-cloudwatch-replication-metrics
  "AWS/S3": { OperationsFailedReplication: ["DestinationBucket,RuleId,SourceBucket"] },
};

interface Asked {
  /** Whose it is, for the message. */
  readonly by: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const root = join(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const environments = loadEnvironments();
const synthesised = (["ecs", "eks", "none"] as const).map((platform) =>
  synthEnvironments({ environments: environments.map((own) => ({ ...own, platform })), target: { kind: "aws" } }),
);
const namespaces = new Set(environments.map(({ metricNamespace }) => metricNamespace));

const asked = (by: string, block: Block): Asked => ({
  by,
  namespace: String(block.namespace),
  metric: String(block.metric_name),
  dimensions: (block.dimensions ?? {}) as Asked["dimensions"],
});

function askedByAlarms(stack: string, json: StackJson): Asked[] {
  return resourcesOf(json, "aws_cloudwatch_metric_alarm").flatMap((alarm) => {
    const by = `${stack}: alarm ${String(alarm.alarm_name)}`;
    const queries = ((alarm.metric_query ?? []) as Block[]).flatMap(({ metric }) => (metric ? [asked(by, metric as Block)] : []));
    return alarm.metric_name === undefined ? queries : [asked(by, alarm)];
  });
}

interface ShownWidget {
  readonly type: string;
  readonly properties: { readonly title?: string; readonly metrics?: readonly (readonly unknown[])[] };
}

function askedByDashboards(stack: string, json: StackJson): Asked[] {
  return resourcesOf(json, "aws_cloudwatch_dashboard").flatMap(({ dashboard_body: body }) =>
    (JSON.parse(String(body)) as { readonly widgets: readonly ShownWidget[] }).widgets.flatMap(({ properties: { metrics = [], title } }) =>
      metrics.flatMap((row) => {
        const [namespace, metric, ...rest] = row.filter((field) => typeof field === "string");
        if (namespace === undefined || metric === undefined) return [];
        const dimensions = Object.fromEntries(rest.flatMap((name, index) => (index % 2 === 0 ? [[name, rest[index + 1]!]] : [])));
        return [{ by: `${stack}: widget ${title}`, namespace, metric, dimensions }];
      }),
    ),
  );
}

const all = synthesised.flatMap((stacks) =>
  Object.entries(stacks).flatMap(([stack, json]) => [...askedByAlarms(stack, json), ...askedByDashboards(stack, json)]),
);

/** The files of hosts, by path. */
type Files = (path: string) => string;

/** What the CloudWatch agent of a host publishes with the dimensions Environment and Host. */
function ofAgent(configuration: string): string[] {
  const { agent, metrics } = JSON.parse(configuration) as {
    readonly agent: { readonly omit_hostname: boolean };
    readonly metrics: {
      readonly namespace: string;
      readonly aggregation_dimensions: readonly (readonly string[])[];
      readonly metrics_collected: Readonly<
        Record<
          string,
          { readonly measurement: readonly { readonly name: string; readonly rename?: string }[]; readonly append_dimensions?: object }
        >
      >;
    };
  };
  const isOurs = metrics.namespace === "{metricNamespace}" && agent.omit_hostname;
  const isSummed = metrics.aggregation_dimensions.some((names) => names.join() === "Environment,Host");
  return Object.values(metrics.metrics_collected).flatMap(({ append_dimensions: own, measurement }) =>
    isOurs && isSummed && JSON.stringify(own) === '{"Environment":"{environment}","Host":"{host}"}'
      ? measurement.map(({ name, rename }) => rename ?? name)
      : [],
  );
}

/** `Heartbeat=1`, in a call of the helper or on its way to one. */
const named = (script: string): string[] => [...script.matchAll(/["' ](\w+)=(?=[\d$])/g)].map(([, name]) => name!);

/** By the dimension Host: what its files and the application publish. */
function ofHosts(files: Files): Readonly<Record<string, readonly string[]>> {
  const application = Object.entries(HOST_METRICS).flatMap(([name, { by }]) => (by === "application" ? [name] : []));
  const watchdog = files("hosts/windows/monitor_services.ps1");
  const publishing = watchdog.slice(watchdog.indexOf("function Publish-Heartbeat"), watchdog.indexOf("function Invoke-WatchdogIteration"));
  const units = readdirSync(join(root, "hosts/linux/engine/units")).map((unit) => files(`hosts/linux/engine/units/${unit}`));
  const calls = units.flatMap((unit) => unit.split("\n").filter((line) => line.includes("-m tss_host metrics ")));
  const nat = files("hosts/linux/nat-instance/user-data.sh");
  const linuxAgent = ofAgent(files("hosts/linux/engine/cloudwatch-agent.json"));
  return {
    windows: [...ofAgent(files("hosts/windows/cloudwatch-agent.json")), ...named(publishing), ...application],
    engine: [...linuxAgent, ...calls.flatMap((call) => named(call))],
    worker: linuxAgent,
    web: ofAgent(files("hosts/linux/web/cloudwatch-agent.json")),
    // With the dimensions that its settings say, by lines that CloudWatch makes metrics of.
    notebook: ["notebook.py", "idle_stop.py"].flatMap((file) =>
      [...files(`hosts/research/${file}`).matchAll(/report\(own, \{"(\w+)":/g)].map(([, name]) => name!),
    ),
    "nat-instance": [...nat.matchAll(/--metric-name (\w+) .*--dimensions "Environment=@ENVIRONMENT@,Host=@HOST@"/g)].map(
      ([, name]) => name!,
    ),
  };
}

const ofNat = (text: string) => text.replaceAll("\\\n", "");

/** What filters of logs count, by namespace and name; they give no dimensions. */
const counted = new Set(
  synthesised.flatMap((stacks) =>
    Object.values(stacks).flatMap((json) =>
      resourcesOf(json, "aws_cloudwatch_log_metric_filter").map(({ metric_transformation: transformation }) => {
        const { name, namespace } = [transformation as Block | readonly Block[]].flat()[0] as {
          readonly name: string;
          readonly namespace: string;
        };
        return `${namespace} ${name}`;
      }),
    ),
  ),
);

/** What is asked for and published by nobody. */
function unpublished(wanted: readonly Asked[], files: Files = read): string[] {
  const hosts = ofHosts((path) => ofNat(files(path)));
  return wanted.flatMap(({ by, dimensions, metric, namespace }) => {
    const names = Object.keys(dimensions).sort().join();
    const isPublished = counted.has(`${namespace} ${metric}`)
      ? names === ""
      : namespaces.has(namespace)
        ? names === "Environment,Host" && (hosts[dimensions.Host!] ?? []).includes(metric)
        : AWS_METRICS[namespace]?.[metric]?.includes(names) === true;
    return isPublished ? [] : [`${by}: nobody publishes ${namespace} ${metric} with ${names || "no dimensions"}`];
  });
}

it("alarms and dashboards ask for something in every environment, and each of ours is for that environment", () => {
  for (const { name } of environments) {
    const own = all.filter(({ by }) => by.startsWith(`${name}-`));
    expect(own.filter(({ by }) => by.includes(": alarm ")).length).toBeGreaterThan(20);
    expect(own.filter(({ by }) => by.includes(": widget ")).length).toBeGreaterThan(40);
    for (const { dimensions } of own) expect(dimensions.Environment ?? name).toBe(name);
  }
});

it("every one of them is published, with these dimensions", () => {
  expect(unpublished(all)).toEqual([]);
});

it("a metric that is renamed where it is published is missed", () => {
  const renamed = (path: string, from: string, to: string): Files => {
    expect(read(path)).toContain(from);
    return (file) => (file === path ? read(file).replaceAll(from, to) : read(file));
  };
  for (const [path, from, to] of [
    ["hosts/windows/cloudwatch-agent.json", '"MemoryUtilization"', '"MemoryUsed"'],
    ["hosts/windows/cloudwatch-agent.json", '"Host": "{host}"', '"Machine": "{host}"'],
    ["hosts/windows/cloudwatch-agent.json", "{metricNamespace}", "CWAgent"],
    ["hosts/linux/engine/cloudwatch-agent.json", '"DiskUsedPercent"', '"disk_used_percent"'],
    ["hosts/linux/web/cloudwatch-agent.json", '"DiskUsedPercent"', '"disk_used_percent"'],
    ["hosts/windows/monitor_services.ps1", "MT5ConnectionStatus=", "Mt5Connected="],
    ["hosts/windows/monitor_services.ps1", "DataSourceHealth=", "DataSource="],
    ["hosts/linux/engine/units/heartbeat.service", "Heartbeat=1", "Alive=1"],
    ["hosts/linux/nat-instance/user-data.sh", "--metric-name Heartbeat", "--metric-name Alive"],
    ["hosts/research/idle_stop.py", "NotebookIdleMinutes", "IdleMinutes"],
    ["hosts/research/notebook.py", "NotebookFaults", "Faults"],
  ] as const)
    expect([path, unpublished(all, renamed(path, from, to))]).not.toEqual([path, []]);
});

it("a metric that AWS has under another name or with other dimensions is missed", () => {
  const base = { by: "x", namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: "q" } };
  expect(unpublished([base])).toEqual([]);
  // OBS-027 as the documents have it.
  expect(unpublished([{ ...base, metric: "ApproximateNumberOfMessages" }])).toHaveLength(1);
  expect(unpublished([{ ...base, dimensions: {} }])).toHaveLength(1);
  expect(unpublished([{ ...base, dimensions: { Queue: "q" } }])).toHaveLength(1);
});

it("every metric of the contract is published by whom it names, and looked at", () => {
  const hosts = ofHosts((path) => ofNat(read(path)));
  const published = new Set(Object.values(hosts).flat());
  expect(Object.keys(HOST_METRICS).filter((name) => !published.has(name))).toEqual([]);
  const looked = new Set(all.filter(({ namespace }) => namespaces.has(namespace)).map(({ metric }) => metric));
  expect(Object.keys(HOST_METRICS).filter((name) => !looked.has(name))).toEqual([]);
});
