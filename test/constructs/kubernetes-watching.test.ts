/** How one learns that something is wrong in a cluster, or that nobody would tell. */
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { Role } from "../../constructs/identity/role";
import { PodLogs, type PodLogsProps } from "../../constructs/kubernetes/pod-logs";
import { fluentBit, type FluentBitProps } from "../../constructs/kubernetes/releases";
import { Watchdog } from "../../constructs/kubernetes/watchdog";
import { account, bare, rightsOf } from "../helpers/containers";
import { synthCluster } from "../helpers/kubernetes";
import { onlyResource, policyOf, resourcesOf, synthConstructs } from "../helpers/synth";
import { named } from "../helpers/trading";

const alerts = { arn: "arn:aws:sns:ap-northeast-1:111122223333:alerts" };

describe("Watchdog", () => {
  const json = synthConstructs((stack) => {
    const key = new EncryptionKey(stack, "key", { account, alias: "services", description: "Services" });
    const watchdog = new Watchdog(stack, "watchdog", { name: "trading-watchdog", account, key });
    watchdog.grantBeat(new Role(stack, "beats", { name: "beats", description: "Beats", assumedBy: "pods.eks.amazonaws.com" }));
    watchdog.alarmOnSilence(alerts, { name: "Silent" });
  });

  it("alarms when no message was counted for a quarter of an hour, and when nothing was counted at all", () => {
    expect(bare(onlyResource(json, "aws_cloudwatch_metric_alarm"))).toMatchObject({
      alarm_name: "Silent",
      alarm_description: expect.stringContaining("\nseverity=critical owner=SRE runbook=docs/runbooks/cluster-silent.md") as unknown,
      namespace: "AWS/SNS",
      metric_name: "NumberOfMessagesPublished",
      dimensions: { TopicName: "watchdog_topic.name" },
      statistic: "Sum",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      period: 300,
      evaluation_periods: 3,
      treat_missing_data: "breaching",
      alarm_actions: [alerts.arn],
      ok_actions: [alerts.arn],
    });
  });

  it("is a topic that nobody reads and only grantees write to", () => {
    expect(onlyResource(json, "aws_sns_topic")).toMatchObject({ name: "trading-watchdog" });
    expect(json.resource).not.toHaveProperty("aws_sns_topic_subscription");
    expect(policyOf(onlyResource(json, "aws_sns_topic_policy"), "policy").Statement.map(({ Effect }) => Effect)).toEqual(["Deny"]);
    expect(rightsOf(named(json, "aws_iam_role_policy", "beats"))).toEqual([
      { Effect: "Allow", Action: "sns:Publish", Resource: "watchdog_topic.arn" },
      { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "key.arn" },
    ]);
  });
});

it("a cluster alarms when pods have found no node for 15 minutes, and not while one starts", () => {
  const json = synthCluster({}, ({ cluster }) => {
    cluster.alarmOnWaitingPods(alerts, { name: "Waiting" });
  });
  expect(bare(onlyResource(json, "aws_cloudwatch_metric_alarm"))).toMatchObject({
    alarm_name: "Waiting",
    alarm_description: expect.stringContaining("\nseverity=critical owner=SRE runbook=docs/runbooks/waiting-pods.md") as unknown,
    namespace: "AWS/EKS",
    metric_name: "scheduler_pending_pods_UNSCHEDULABLE",
    dimensions: { ClusterName: "cluster.name" },
    statistic: "Sum",
    comparison_operator: "GreaterThanThreshold",
    threshold: 0,
    period: 60,
    evaluation_periods: 15,
    treat_missing_data: "notBreaching",
    alarm_actions: [alerts.arn],
  });
});

describe("PodLogs", () => {
  const synth = (props: Partial<PodLogsProps> = {}) =>
    synthConstructs((stack) => {
      const podLogs = new PodLogs(stack, "logs", {
        cluster: "trading",
        services: ["ml", "others", "data"],
        others: false,
        retentionDays: 30,
        ...props,
      });
      podLogs.grantAppend(new Role(stack, "writer", { name: "writer", description: "Writes", assumedBy: "pods.eks.amazonaws.com" }));
    });
  const groups = (json: ReturnType<typeof synth>) =>
    resourcesOf(json, "aws_cloudwatch_log_group").map(({ name, retention_in_days }) => [name, retention_in_days]);

  it("are a group for each service, and one for all others where they are kept", () => {
    const services = ["data", "ml", "others"].map((service) => [`/aws/eks/trading/pods/${service}`, 30]);
    expect(groups(synth())).toEqual(services);
    expect(groups(synth({ others: true }))).toEqual([["/aws/eks/trading/others", 30], ...services]);
  });

  it("let their writer write to these groups, and make none", () => {
    expect(rightsOf(named(synth({ services: ["ml"], others: true }), "aws_iam_role_policy", "writer"))).toEqual(
      ["logs_service-ml_log-group", "logs_others_log-group"].map((group) => ({
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${group}.arn:*`,
      })),
    );
  });
});

describe("Fluent Bit", () => {
  const props: FluentBitProps = {
    region: "ap-northeast-1",
    namespace: "day-trade",
    services: new Map(["ml", "ml-x"].map((service) => [service, `/logs/${service}`])),
    monitored: false,
  };
  const valuesOf = (more: Partial<FluentBitProps> = {}) =>
    fluentBit({ ...props, ...more }).values as Record<string, Record<string, string>>;
  const configured = (more?: Partial<FluentBitProps>) => valuesOf(more).config as { inputs: string; outputs: string };
  const setting = (text: string, key: string) => new RegExp(`^ {4}${key.replace(".", "\\.")} (.*)$`, "m").exec(text)?.[1];
  const tagOf = (file: string, inputs: string) => {
    const parts = new RegExp(setting(inputs, "Tag_Regex")!).exec(file)!.groups!;
    return setting(inputs, "Tag")!.replaceAll(/<(\w+)>/g, (_, part: string) => parts[part]!);
  };
  /** The groups that a line of a file reaches, by Fluent Bit's own way: file → tag → outputs that match. */
  const reached = (file: string, more?: Partial<FluentBitProps>) => {
    const { inputs, outputs } = configured(more);
    const glob = (text: string) => new RegExp(`^${text.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
    if (!glob(setting(inputs, "Path")!).test(file)) return undefined;
    if (setting(inputs, "Exclude_Path") !== undefined && glob(setting(inputs, "Exclude_Path")!).test(file)) return undefined;
    const tag = tagOf(file, inputs);
    return outputs
      .split("[OUTPUT]")
      .filter((output) => {
        const regex = setting(output, "Match_Regex");
        const match = setting(output, "Match");
        return (match !== undefined && glob(match).test(tag)) || (regex !== undefined && new RegExp(regex).test(tag));
      })
      .map((output) => setting(output, "log_group_name"));
  };
  const file = (pod: string, namespace: string, container: string) =>
    `/var/log/containers/${pod}_${namespace}_${container}-${"0a".repeat(32)}.log`;
  const all = { others: "/logs/others" };

  it.each<[string, string, readonly string[] | undefined, readonly string[] | undefined]>([
    ["a service", file("day-trade-ml-ml-1", "day-trade", "ml"), ["/logs/ml"], ["/logs/ml"]],
    ["a service whose name begins as another's", file("day-trade-ml-ml-x-1", "day-trade", "ml-x"), ["/logs/ml-x"], ["/logs/ml-x"]],
    ["a service of the same name elsewhere", file("ml-1", "day-trade-b", "ml"), undefined, ["/logs/others"]],
    ["a store in the services' namespace", file("postgresql-1", "day-trade", "postgres"), [], ["/logs/others"]],
    ["a pod with a dotted name", file("kube-proxy-ip-10.0.0.1", "kube-system", "kube-proxy"), undefined, ["/logs/others"]],
    ["itself", file("fluent-bit-1", "logging", "fluent-bit"), undefined, undefined],
  ])("brings a line of %s to one group or none", (_, path, services, everything) => {
    expect([reached(path), reached(path, all)]).toEqual([services, everything]);
  });

  it("keeps the lines of each pod in a stream of its own, by namespace, container and pod", () => {
    const path = file("day-trade-ml-ml-x-1", "day-trade", "ml-x");
    expect(tagOf(path, configured().inputs)).toBe("day-trade.ml-x.day-trade-ml-ml-x-1");
  });

  it("sends lines as they were printed, to groups that are there", () => {
    expect(configured(all).outputs.split("\n\n")).toEqual(
      [
        ["Match day-trade.ml.*", "/logs/ml"],
        ["Match day-trade.ml-x.*", "/logs/ml-x"],
        [String.raw`Match_Regex ^(?!day-trade\.(ml|ml-x)\.)`, "/logs/others"],
      ].map(([match, group]) =>
        [
          "[OUTPUT]",
          ...["Name cloudwatch_logs", match!, "region ap-northeast-1", `log_group_name ${group!}`, "log_stream_prefix pod/"].map(
            (line) => `    ${line}`,
          ),
          "    log_key log",
          "    auto_create_group Off",
          `    Retry_Limit 10${group === "/logs/others" ? "\n" : ""}`,
        ].join("\n"),
      ),
    );
  });

  it("asks nothing of the API, reads the node's logs, and runs on every node without any capability", () => {
    expect(valuesOf()).toMatchObject({
      rbac: { create: false },
      serviceAccount: { create: true, name: "fluent-bit", automountServiceAccountToken: false },
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
      daemonSetVolumeMounts: [
        { mountPath: "/var/log", readOnly: true },
        { name: "state", mountPath: "/var/lib/fluent-bit" },
      ],
      tolerations: [{ operator: "Exists" }],
    });
  });

  it("is watched where Prometheus is", () => {
    expect(valuesOf()).not.toHaveProperty("serviceMonitor");
    expect(valuesOf({ monitored: true })).toMatchObject({
      serviceMonitor: { enabled: true },
      prometheusRule: { enabled: true, rules: [{ alert: "PodLogsLost", labels: { severity: "warning" } }] },
    });
  });
});
