/** The hosts of every environment, and of variants that no literal has: exact where a person would look twice. */
import { unzipSync } from "fflate";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostFolder, hostText } from "../../constructs/hosts/host-files";
import { USER_DATA_LIMIT } from "../../constructs/hosts/boot";
import type { Environment } from "../../environments/schema";
import { createApp } from "../../stacks/environment";
import { environment, GONE } from "../environments/edits";
import { onlyResource, policyOf, resourcesOf, type Block, type StackJson } from "../helpers/synth";

interface Synthesised {
  readonly trading: StackJson;
  readonly data: StackJson;
  /** Files of a bundle, by kind. */
  readonly bundle: (kind: string) => Readonly<Record<string, Uint8Array>>;
}

function synth(literal: Environment): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), "trading-"));
  try {
    createApp({ environments: [literal], target: { kind: "aws" }, outdir }).synth();
    const folder = (stack: string) => join(outdir, "stacks", `${literal.name}-${stack}`);
    const json = (stack: string) => JSON.parse(readFileSync(join(folder(stack), "cdk.tf.json"), "utf8")) as StackJson;
    const trading = json("trading");
    const zips = Object.fromEntries(resourcesOf(trading, "aws_s3_object").map(({ key, source }) => [/bundles\/(\w+)-/.exec(key as string)![1]!, unzipSync(readFileSync(join(folder("trading"), source as string)))]));
    return { trading, data: json("data"), bundle: (kind) => zips[kind]! };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const of = { dev: synth(environment("dev")), staging: synth(environment("staging")), prod: synth(environment("prod")) };
const { dev, staging, prod } = of;
const scaled = synth(environment("prod", { "windows.scaling": { min: 1, max: 3, desired: 1 } }));

const named = (json: StackJson, type: string, part: string): Block => {
  const found = Object.entries(json.resource?.[type] ?? {}).filter(([id]) => id.startsWith(part));
  expect([type, part, found.length]).toEqual([type, part, 1]);
  return found[0]![1];
};
const windowsInstance = ({ trading }: Synthesised) => named(trading, "aws_instance", "windows_");
const alarm = ({ trading }: Synthesised, name: string): Block => {
  const found = resourcesOf(trading, "aws_cloudwatch_metric_alarm").filter(({ alarm_name }) => alarm_name === name);
  expect([name, found.length]).toEqual([name, 1]);
  return found[0]!;
};
const manifest = ({ trading }: Synthesised, kind: string) =>
  JSON.parse(named(trading, "aws_ssm_parameter", `${kind}-bundle`).insecure_value as string) as { bundle: Record<string, string>; settings: Record<string, unknown> };
/** A security group of this stack by its construct, or `cache` of the data stack. */
const group = (reference: unknown) => /^\$\{aws_security_group\.(.*?)(?:_group)?_[0-9A-F]{8}\.id\}$/.exec(String(reference))?.[1] ?? (/cross-stack-reference-input-\w+-data.*cache/.test(String(reference)) ? "cache" : reference);
/** Rules in a direction: whose, port or "all", and the other side. */
const rules = ({ trading }: Synthesised, direction: "ingress" | "egress") => resourcesOf(trading, `aws_vpc_security_group_${direction}_rule`)
  .map(({ security_group_id, from_port, cidr_ipv4, referenced_security_group_id }) => [group(security_group_id), from_port ?? "all", cidr_ipv4 ?? group(referenced_security_group_id)]);

describe("the Windows host (WIN-001 … WIN-010)", () => {
  it.each([["dev", "t3.small"], ["staging", "t3.medium"], ["prod", "t3.medium"]] as const)("of %s is exactly this machine", (name, instanceType) => {
    const isDev = name === "dev";
    const tags = { Name: `axia-windows${isDev ? "-dev" : name === "staging" ? "-staging" : ""}`, Converge: `axia-windows${isDev ? "-dev" : name === "staging" ? "-staging" : ""}` };
    expect(windowsInstance(of[name])).toEqual({
      "//": expect.anything() as unknown,
      ami: "ami-0dafcef159b1fc745",
      associate_public_ip_address: isDev,
      depends_on: [expect.stringMatching(/^aws_ssm_parameter\.windows-bundle_manifest/) as unknown],
      disable_api_termination: !isDev,
      ebs_optimized: true,
      iam_instance_profile: expect.stringMatching(/aws_iam_instance_profile\.windows_/) as unknown,
      instance_type: instanceType,
      lifecycle: { ignore_changes: ["user_data"] },
      metadata_options: { http_endpoint: "enabled", http_put_response_hop_limit: 1, http_tokens: "required" },
      monitoring: true,
      root_block_device: {
        delete_on_termination: true, encrypted: true, iops: 3000, throughput: 125, volume_size: 30, volume_type: "gp3", tags,
        ...(!isDev && { kms_key_id: expect.stringMatching(/aws_kms_key\.key_/) as unknown }),
      },
      subnet_id: expect.stringMatching(isDev ? /first-subnet/ : /network_private-a_/) as unknown,
      tags,
      user_data: expect.stringMatching(/^<powershell>\n& \{\n/) as unknown,
      vpc_security_group_ids: [expect.stringMatching(/windows-security-group/) as unknown],
    });
  });

  it("has no key pair and keeps its way in to Session Manager", () => {
    for (const json of Object.values(of)) {
      expect(JSON.stringify(json.trading)).not.toMatch(/key_name|aws_key_pair/);
      expect(rules(json, "ingress").filter(([, port]) => port === 22)).toEqual([]);
    }
  });

  it("starts from small user data that only fetches the bundle (design 12)", () => {
    const userData = windowsInstance(prod).user_data as string;
    expect(Buffer.byteLength(userData)).toBeLessThanOrEqual(USER_DATA_LIMIT);
    expect(userData).toContain(hostText("windows/fetch.ps1").split("\n").find((line) => line.includes("Get-FileHash"))!);
    expect(userData.trimEnd().split("\n").slice(-2)).toEqual(["} -ParameterName '/tss/prod/windows' -Region 'ap-northeast-1'", "</powershell>"]);
  });

  it("opens RDP and UI to the world in dev, and only the UI's load balancer elsewhere (SEC-001 … SEC-006, SEC-011, SEC-012, C-12, C-13)", () => {
    expect(rules(dev, "ingress").sort()).toEqual([["cache", 6379, "windows-security-group"], ["windows-security-group", 3389, "0.0.0.0/0"], ["windows-security-group", 8501, "0.0.0.0/0"]]);
    for (const json of [staging, prod]) {
      expect(rules(json, "ingress").filter(([owner]) => owner === "windows-security-group")).toEqual([["windows-security-group", 8501, "ui_security-group"]]);
      expect(rules(json, "ingress").filter(([owner]) => owner === "ui_security-group").sort()).toEqual([["ui_security-group", 443, "203.0.113.0/24"], ["ui_security-group", 80, "203.0.113.0/24"]]);
      expect(rules(json, "ingress").filter(([owner]) => owner === "cache").sort()).toEqual([["cache", 6379, "engine-security-group"], ["cache", 6379, "windows-security-group"]]);
    }
  });

  it("has the documented group's name as its tag (C-11)", () => {
    const groups = ({ trading }: Synthesised) => resourcesOf(trading, "aws_security_group").map(({ name, tags }) => [name, (tags as Block).Name]).sort();
    expect(groups(dev)).toEqual([["axia-ec2-dev", "sg-axia-ec2"]]);
    expect(groups(staging)).toEqual([["alb-staging", "sg-alb"], ["ec2-private-staging", "sg-ec2-private"], ["ec2-trading-engine-staging", "sg-ec2-trading-engine"]]);
    expect(groups(prod)).toEqual([["alb", "sg-alb"], ["ec2-private", "sg-ec2-private"], ["ec2-trading-engine", "sg-ec2-trading-engine"]]);
  });

  it("reaches the broker's ports and the cache, and in dev whatever it likes (SEC-006, SEC-009, SEC-010, C-15)", () => {
    const out = (json: Synthesised) => rules(json, "egress").filter(([owner]) => owner === "windows-security-group").map(([, port, peer]) => [port, peer]).sort();
    expect(out(dev)).toEqual([["all", "0.0.0.0/0"], [6379, "cache"]].sort());
    for (const json of [staging, prod]) expect(out(json)).toEqual([[443, "0.0.0.0/0"], [6379, "cache"], [80, "0.0.0.0/0"], [993, "0.0.0.0/0"]].sort());
  });
});

describe("bundles", () => {
  const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content);

  it("of Windows holds the files as they stand, the tasks and the Python of both hosts, and not what fetches it", () => {
    const files = dev.bundle("windows");
    const expected = [
      ...Object.keys(hostFolder("windows")).filter((file) => file !== "fetch.ps1"),
      ...Object.keys(hostFolder("common/tss_host")).map((file) => `python/tss_host/${file}`),
      ...["AXIA_Data_Collector", "AXIA_MT5", "AXIA_Monitor", "AXIA_Order_Manager", "AXIA_Streamlit"].map((task) => `tasks/${task}.xml`),
    ];
    expect(Object.keys(files).sort()).toEqual(expected.sort());
    expect(text(files["converge.ps1"])).toBe(hostText("windows/converge.ps1"));
    expect(Object.keys(files).filter((file) => /test|\.pyc$|__pycache__/i.test(file) && file !== "test_system_performance.ps1")).toEqual([]);
  });

  it("of Linux holds the files as they stand, with the times of the timers filled in (LNX-014, LNX-015)", () => {
    const files = prod.bundle("engine");
    expect(text(files["converge.sh"])).toBe(hostText("linux/engine/converge.sh"));
    const timers = Object.entries(files).filter(([file]) => file.endsWith(".timer")).map(([, content]) => text(content)).join("\n");
    expect(timers).toContain("OnCalendar=*-*-* 18:00:00 UTC\n");
    expect(timers).toContain("OnCalendar=Sat *-*-* 00:00:00 UTC\n");
    for (const [file, content] of Object.entries(files)) expect([file, /@[A-Z_]{3,}@/.exec(text(content))]).toEqual([file, null]);
  });

  it("are named by their content in bucket and manifest", () => {
    for (const json of Object.values(of)) {
      for (const { key } of resourcesOf(json.trading, "aws_s3_object")) expect(key).toMatch(/^bundles\/(windows|engine|worker)-[0-9a-f]{64}\.zip$/);
      const { key, sha256 } = manifest(json, "windows").bundle;
      expect(key).toMatch(/^\$\{aws_s3_object\.windows-bundle_object_[0-9A-F]{8}\.key\}$/);
      expect(named(json.trading, "aws_s3_object", "windows-bundle").key).toBe(`bundles/windows-${sha256}.zip`);
    }
  });
});

describe("settings", () => {
  it("name what the stacks made (windows-baseline.md, open points)", () => {
    const { settings } = manifest(prod, "windows");
    expect(settings).toMatchObject({
      environment: "prod", host: "windows", region: "ap-northeast-1", metricNamespace: "AXIA/TradingSystem",
      cache: { port: 6379, tls: true, clusterMode: true },
      logGroups: { application: "/aws/ec2/axia-tss/application", system: "/aws/ec2/axia-tss/system" },
      watchdog: { intervalSeconds: 300 },
      leaderGuard: { leaseSeconds: 60, renewSeconds: 15 },
      application: { cacheExpiry: { ohlcv: "new-york-close", positionsSeconds: null }, retentionDays: { closedPositions: 365, tradingRecords: 90 } },
    });
    expect(Object.keys(settings.buckets as object)).toEqual(["rawMarketData", "processedMarketData", "backtestResults"]);
    expect(Object.keys(settings.secrets as object)).toEqual(["mt5", "windowsLogon"]);
    expect(manifest(dev, "windows").settings).not.toHaveProperty("leaderGuard");
  });

  it("fit into a parameter of 4096 characters, also with the longest names", () => {
    for (const json of [dev, staging, prod]) {
      for (const { insecure_value, tier } of resourcesOf(json.trading, "aws_ssm_parameter")) {
        expect(tier).toBe("Standard");
        // A token stands for an ARN, a URL or a name of up to some 130 characters.
        expect((insecure_value as string).replace(/\$\{[^}]*\}/g, "x".repeat(130)).length).toBeLessThanOrEqual(4096);
      }
    }
  });

  it("hold names of secrets and never a value (design 11)", () => {
    for (const json of Object.values(of)) {
      expect(JSON.stringify(json.trading)).not.toMatch(/secret_string|"password"\s*:/);
    }
  });
});

describe("convergence", () => {
  it("runs the bundle on new hosts, after a change and every hour", () => {
    const association = named(prod.trading, "aws_ssm_association", "windows_");
    expect(association).toMatchObject({
      association_name: "axia-windows", name: "AWS-RunPowerShellScript", schedule_expression: "rate(1 hour)", compliance_severity: "HIGH",
      targets: [{ key: "tag:Converge", values: ["axia-windows"] }],
    });
    const { commands } = association.parameters as { commands: string };
    expect(commands).toMatch(/^# manifest \$\{sha256\(aws_ssm_parameter\.windows-bundle_manifest_[0-9A-F]{8}\.insecure_value\)\}\n& \{\n/);
    expect(named(prod.trading, "aws_ssm_association", "engine_")).toMatchObject({ name: "AWS-RunShellScript", targets: [{ key: "tag:Converge", values: ["trading-engine"] }] });
  });
});

describe("rights (C-39)", () => {
  const statements = (json: Synthesised, role: string) => policyOf(named(json.trading, "aws_iam_role_policy", role), "policy").Statement;
  const actions = (json: Synthesised, role: string) => [...new Set(statements(json, role).flatMap(({ Action }) => [Action].flat() as string[]))].sort();

  it("of the Windows host are exactly the documented ones, what its agents need, and its two secrets", () => {
    const expected = [
      "cloudwatch:PutMetricData",
      "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem",
      "ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:GetEndpoint", "ec2messages:GetMessages", "ec2messages:SendReply",
      "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents",
      "s3:GetObject", "s3:ListBucket", "s3:PutObject",
      "secretsmanager:GetSecretValue", "sns:Publish",
      "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage", "sqs:SendMessage",
      "ssm:DescribeAssociation", "ssm:DescribeDocument", "ssm:GetDocument", "ssm:GetParameter", "ssm:ListAssociations", "ssm:ListInstanceAssociations",
      "ssm:PutComplianceItems", "ssm:UpdateAssociationStatus", "ssm:UpdateInstanceAssociationStatus", "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
    ];
    expect(actions(dev, "windows_")).toEqual(expected);
    expect(actions(prod, "windows_")).toEqual([...expected, "kms:Decrypt", "kms:GenerateDataKey"].sort());
    expect(statements(dev, "windows_").filter(({ Action }) => Action === "secretsmanager:GetSecretValue")).toHaveLength(2);
  });

  it("of the Linux hosts are the same without secrets: they have no account at the broker", () => {
    for (const role of ["engine_", "worker_"]) {
      expect(actions(prod, role)).toEqual(actions(prod, "windows_").filter((action) => action !== "secretsmanager:GetSecretValue"));
    }
  });

  it("keep metrics to the project's namespace (C-44)", () => {
    for (const role of ["windows_", "engine_", "worker_"]) {
      expect(statements(staging, role).find(({ Action }) => Action === "cloudwatch:PutMetricData")).toMatchObject({ Resource: "*", Condition: { StringEquals: { "cloudwatch:namespace": "AXIA/TradingSystem" } } });
    }
  });

  it("belong to the documented role (SEC-030)", () => {
    expect(resourcesOf(prod.trading, "aws_iam_role").map(({ name }) => name).sort()).toEqual(["EC2InstanceRole", "TradingEngineRole", "TradingWorkerRole"]);
    expect(named(dev.trading, "aws_iam_instance_profile", "windows_").name).toBe("EC2InstanceRole-dev");
  });
});

describe("alarms", () => {
  const host = { Environment: "prod", Host: "windows" };
  const target = [expect.stringContaining("system-alerts") as unknown];

  it("on CPU: above 80%, two periods of 300 s in dev, one elsewhere (OBS-024, OBS-025, C-41)", () => {
    const figures = { namespace: "AWS/EC2", metric_name: "CPUUtilization", statistic: "Average", comparison_operator: "GreaterThanThreshold", threshold: 80, period: 300, treat_missing_data: "notBreaching", alarm_actions: target, ok_actions: target };
    expect(alarm(dev, "EC2-High-CPU-dev")).toMatchObject({ ...figures, evaluation_periods: 2, dimensions: { InstanceId: expect.stringContaining("aws_instance.windows_") as unknown } });
    expect(alarm(staging, "EC2-High-CPU-staging")).toMatchObject({ ...figures, evaluation_periods: 1 });
    expect(alarm(prod, "EC2-High-CPU")).toMatchObject({ ...figures, evaluation_periods: 1 });
    expect(alarm(prod, "EC2-High-CPU-engine")).toMatchObject({ ...figures, evaluation_periods: 1, dimensions: { InstanceId: expect.stringContaining("aws_instance.engine_") as unknown } });
  });

  it("on silence: five minutes without a heartbeat, no data included (OBS-029)", () => {
    expect(alarm(prod, "Heartbeat-Missing")).toMatchObject({ namespace: "AXIA/TradingSystem", metric_name: "Heartbeat", dimensions: host, statistic: "Sum", comparison_operator: "LessThanThreshold", threshold: 1, period: 300, evaluation_periods: 1, treat_missing_data: "breaching", alarm_actions: target });
    expect(alarm(prod, "Heartbeat-Missing-engine")).toMatchObject({ dimensions: { Environment: "prod", Host: "engine" }, treat_missing_data: "breaching" });
  });

  it("on MetaTrader 5: one minute without its broker, no data included (OBS-028)", () => {
    expect(alarm(prod, "MT5-Connection-Lost")).toMatchObject({ metric_name: "MT5ConnectionStatus", dimensions: host, statistic: "Maximum", comparison_operator: "LessThanThreshold", threshold: 1, period: 60, evaluation_periods: 1, treat_missing_data: "breaching", alarm_actions: target });
  });

  it("on memory and disk: above 80% (OBS-023, C-05, C-64)", () => {
    expect(alarm(prod, "EC2-High-Memory")).toMatchObject({ metric_name: "MemoryUtilization", dimensions: host, statistic: "Average", comparison_operator: "GreaterThanThreshold", threshold: 80, period: 300, evaluation_periods: 3 });
    expect(alarm(prod, "EC2-Full-Disk")).toMatchObject({ metric_name: "DiskFreePercent", dimensions: host, statistic: "Minimum", comparison_operator: "LessThanThreshold", threshold: 20, period: 300 });
    expect(alarm(prod, "EC2-Full-Disk-worker")).toMatchObject({ metric_name: "DiskUsedPercent", statistic: "Maximum", comparison_operator: "GreaterThanThreshold", threshold: 80 });
  });

  it("of silence stay quiet while the schedule has the host stopped, and only there", () => {
    const leftAlone = { ignore_changes: ["actions_enabled"] };
    for (const name of ["Heartbeat-Missing-dev", "MT5-Connection-Lost-dev"]) expect(alarm(dev, name).lifecycle).toEqual(leftAlone);
    expect(alarm(dev, "EC2-High-CPU-dev").lifecycle).toBeUndefined();
    expect(alarm(prod, "Heartbeat-Missing").lifecycle).toBeUndefined();
    expect(alarm(staging, "Heartbeat-Missing-engine-staging").lifecycle).toBeUndefined();
  });
});

describe("the schedule (OPS-034)", () => {
  const schedules = ({ trading }: Synthesised) => Object.fromEntries(resourcesOf(trading, "aws_scheduler_schedule").map(({ name, schedule_expression, target }) =>
    [name as string, [schedule_expression, (target as Block).arn, JSON.parse((target as Block).input as string) as unknown]]));

  it("stops dev and staging over the weekend with their alarms silenced, and gives the host 15 minutes to come back", () => {
    const instance = expect.stringMatching(/aws_instance\.windows_/) as unknown;
    const alarms = { AlarmNames: [expect.stringMatching(/alarms_heartbeat/) as unknown, expect.stringMatching(/alarms_mt5-connection/) as unknown] };
    const reset = (id: RegExp) => ["cron(16 20 ? * SUN *)", "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState", { AlarmName: expect.stringMatching(id) as unknown, StateValue: "INSUFFICIENT_DATA", StateReason: "The scheduled stop of the host is over" }];
    for (const json of [dev, staging]) {
      expect(schedules(json)).toEqual({
        silence: ["cron(0 23 ? * FRI *)", "arn:aws:scheduler:::aws-sdk:cloudwatch:disableAlarmActions", alarms],
        stop: ["cron(0 23 ? * FRI *)", "arn:aws:scheduler:::aws-sdk:ec2:stopInstances", { InstanceIds: [instance] }],
        start: ["cron(0 20 ? * SUN *)", "arn:aws:scheduler:::aws-sdk:ec2:startInstances", { InstanceIds: [instance] }],
        speak: ["cron(15 20 ? * SUN *)", "arn:aws:scheduler:::aws-sdk:cloudwatch:enableAlarmActions", alarms],
        "reset-heartbeat": reset(/alarms_heartbeat/),
        "reset-mt5-connection": reset(/alarms_mt5-connection/),
      });
    }
  });

  it("is in UTC, and not in production", () => {
    for (const block of resourcesOf(dev.trading, "aws_scheduler_schedule")) expect(block).toMatchObject({ schedule_expression_timezone: "UTC", flexible_time_window: { mode: "OFF" } });
    expect(schedules(prod)).toEqual({});
  });

  it("may stop this host and start it with its encrypted volume, and touch two alarms, nothing else", () => {
    const grants = policyOf(named(staging.trading, "aws_iam_role_policy", "schedule_"), "policy").Statement;
    expect(grants.map(({ Action, Resource, Condition }) => [Action, [Resource].flat().length, Condition !== undefined])).toEqual([
      [["ec2:StartInstances", "ec2:StopInstances"], 1, false],
      ["kms:CreateGrant", 1, true],
      [["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], 1, false],
      [["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions", "cloudwatch:SetAlarmState"], 2, false],
    ]);
  });
});

describe("the UI's load balancer (SEC-011, SEC-012, C-14)", () => {
  it("is internet-facing, protected, logged and drops invalid headers", () => {
    expect(onlyResource(prod.trading, "aws_lb")).toMatchObject({
      name: "axia-ui", internal: false, load_balancer_type: "application", drop_invalid_header_fields: true, enable_deletion_protection: true, desync_mitigation_mode: "defensive",
      access_logs: { enabled: true, prefix: "load-balancer/axia-ui" },
    });
  });

  it("speaks TLS 1.2 or newer, sends HTTP on to HTTPS, and answers 404 to what no rule takes", () => {
    const listeners = resourcesOf(prod.trading, "aws_lb_listener");
    expect(listeners).toHaveLength(2);
    expect(listeners.find(({ port }) => port === 80)).toMatchObject({ protocol: "HTTP", default_action: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } }] });
    expect(listeners.find(({ port }) => port === 443)).toMatchObject({
      protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06", certificate_arn: environment("prod").windows.uiLoadBalancer!.certificateArn,
      default_action: [{ type: "fixed-response", fixed_response: { status_code: "404" } }],
    });
  });

  it("asks Streamlit for its health and keeps a session on one host", () => {
    expect(onlyResource(prod.trading, "aws_lb_target_group")).toMatchObject({
      port: 8501, protocol: "HTTP", target_type: "instance", health_check: { path: "/_stcore/health", matcher: "200" }, stickiness: { enabled: true, type: "lb_cookie" },
    });
    expect(onlyResource(prod.trading, "aws_lb_target_group_attachment")).toMatchObject({ port: 8501, target_id: expect.stringContaining("aws_instance.windows_") as unknown });
  });

  it("stands behind AWS's managed rule groups and a rate limit, which block", () => {
    const acl = onlyResource(prod.trading, "aws_wafv2_web_acl");
    expect(acl).toMatchObject({ scope: "REGIONAL", default_action: { allow: {} } });
    expect((acl.rule as Block[]).map(({ name, priority, action, override_action, statement }) => [name, priority, action ?? override_action, statement])).toEqual([
      ["rate-limit", 0, { block: {} }, { rate_based_statement: { limit: 2000, aggregate_key_type: "IP", evaluation_window_sec: 300 } }],
      ["AWSManagedRulesAmazonIpReputationList", 1, { none: {} }, { managed_rule_group_statement: { vendor_name: "AWS", name: "AWSManagedRulesAmazonIpReputationList" } }],
      ["AWSManagedRulesKnownBadInputsRuleSet", 2, { none: {} }, { managed_rule_group_statement: { vendor_name: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" } }],
      ["AWSManagedRulesCommonRuleSet", 3, { none: {} }, { managed_rule_group_statement: { vendor_name: "AWS", name: "AWSManagedRulesCommonRuleSet" } }],
    ]);
    expect(onlyResource(prod.trading, "aws_wafv2_web_acl_association").resource_arn).toContain("aws_lb.ui_");
  });

  it("may write its log, and only that, into the access-log bucket", () => {
    const statement = policyOf(named(prod.data, "aws_s3_bucket_policy", "access-logs"), "policy").Statement.find(({ Sid }) => Sid === "LoadBalanceraxiaui");
    expect(statement).toEqual({
      Sid: "LoadBalanceraxiaui", Effect: "Allow", Action: "s3:PutObject",
      Principal: { AWS: expect.stringMatching(/^\$\{data\.aws_elb_service_account\./) as unknown },
      Resource: expect.stringMatching(/\/load-balancer\/axia-ui\/AWSLogs\/777788889999\/\*$/) as unknown,
    });
  });

  it("is not there in dev, where the host is reached directly", () => {
    for (const type of ["aws_lb", "aws_wafv2_web_acl"]) expect(resourcesOf(dev.trading, type)).toEqual([]);
  });
});

describe("hosts that scale (WIN-043 … WIN-045, C-62)", () => {
  it("are a group of one to three in both zones, from a template as hard as the single host", () => {
    expect(resourcesOf(scaled.trading, "aws_instance").filter(({ ami }) => ami === "ami-0dafcef159b1fc745")).toEqual([]);
    expect(onlyResource(scaled.trading, "aws_autoscaling_group")).toMatchObject({ min_size: 1, max_size: 3, desired_capacity: 1, health_check_type: "EC2", lifecycle: { ignore_changes: ["desired_capacity"] } });
    const template = onlyResource(scaled.trading, "aws_launch_template");
    expect(template).toMatchObject({
      image_id: "ami-0dafcef159b1fc745", instance_type: "t3.medium", monitoring: { enabled: true },
      metadata_options: { http_endpoint: "enabled", http_put_response_hop_limit: 1, http_tokens: "required" },
      block_device_mappings: [{ device_name: "/dev/sda1", ebs: { encrypted: "true", iops: 3000, throughput: 125, volume_size: 30, volume_type: "gp3", delete_on_termination: "true" } }],
    });
    expect(Buffer.from(template.user_data as string, "base64").toString()).toContain("-ParameterName '/tss/prod/windows'");
    expect(Buffer.from(template.user_data as string, "base64").toString()).toContain("${Path}"); // base64 is no template
  });

  it("are added above 70% over 2 × 300 s and taken away below 30% over 5 × 300 s", () => {
    const figures = { namespace: "AWS/EC2", metric_name: "CPUUtilization", period: 300, statistic: "Average" };
    expect(alarm(scaled, "axia-windows-add")).toMatchObject({ ...figures, comparison_operator: "GreaterThanThreshold", threshold: 70, evaluation_periods: 2, alarm_actions: [expect.stringContaining("add-policy") as unknown] });
    expect(alarm(scaled, "axia-windows-remove")).toMatchObject({ ...figures, comparison_operator: "LessThanThreshold", threshold: 30, evaluation_periods: 5, alarm_actions: [expect.stringContaining("remove-policy") as unknown] });
    expect(alarm(scaled, "axia-windows-add").ok_actions).toBeUndefined();
    expect(resourcesOf(scaled.trading, "aws_autoscaling_policy").map(({ scaling_adjustment }) => scaling_adjustment).sort()).toEqual([-1, 1]);
  });

  it("start their order manager behind the guard, answer the UI together, and alarm as one", () => {
    expect(new TextDecoder().decode(scaled.bundle("windows")["tasks/AXIA_Order_Manager.xml"])).toContain("-m tss_host guard -- ");
    expect(onlyResource(scaled.trading, "aws_autoscaling_group").target_group_arns).toEqual([expect.stringContaining("aws_lb_target_group.ui_")]);
    expect(resourcesOf(scaled.trading, "aws_lb_target_group_attachment")).toEqual([]);
    expect(alarm(scaled, "EC2-High-CPU").dimensions).toEqual({ AutoScalingGroupName: expect.stringContaining("aws_autoscaling_group.windows_") as unknown });
  });

  it("may use the key of their volumes through Auto Scaling's own role", () => {
    const sids = (json: Synthesised) => policyOf(onlyResource(json.trading, "aws_kms_key"), "policy").Statement.map(({ Sid }) => Sid);
    expect(sids(scaled)).toEqual(["AccountUsesIam", "ScalingGroups", "ScalingGroupVolumes", "LogGroups"]);
    expect(sids(prod)).toEqual(["AccountUsesIam", "LogGroups"]);
  });
});

describe("the Linux engine and worker (LNX-001 … LNX-006)", () => {
  it("are hardened arm64 machines of 10 GiB whose image changes on purpose only", () => {
    for (const kind of ["engine", "worker"]) {
      expect(named(prod.trading, "aws_instance", `${kind}_`)).toMatchObject({
        instance_type: "t4g.small", associate_public_ip_address: false, disable_api_termination: true, monitoring: true,
        metadata_options: { http_endpoint: "enabled", http_put_response_hop_limit: 1, http_tokens: "required" },
        root_block_device: { encrypted: true, volume_size: 10, volume_type: "gp3", iops: 3000, throughput: 125 },
        lifecycle: { ignore_changes: ["user_data", "ami"] },
        tags: { Name: `trading-${kind}`, Converge: `trading-${kind}` },
      });
    }
  });

  it("start from cloud-init that holds the fetch script and fits (LNX-007 … LNX-011)", () => {
    const userData = named(prod.trading, "aws_instance", "engine_").user_data as string;
    expect(userData.startsWith("#cloud-config\n")).toBe(true);
    expect(Buffer.byteLength(userData)).toBeLessThanOrEqual(USER_DATA_LIMIT);
    expect(userData).toContain("/tss/prod/engine");
    expect(userData).not.toMatch(/@[A-Z_]{3,}@/);
  });

  it("speak to the VPC and to the ports of HTTP, HTTPS and the broker, and nobody speaks to them (SEC-018, SEC-019)", () => {
    expect(rules(prod, "egress").filter(([owner]) => owner === "engine-security-group").map(([, port]) => port).sort()).toEqual([443, 6379, 80, 993, "all"]);
    expect(rules(prod, "ingress").filter(([owner]) => owner === "engine-security-group")).toEqual([]);
  });

  it("are an option: neither without the block, and no worker where there is none", () => {
    expect(resourcesOf(dev.trading, "aws_instance")).toHaveLength(1);
    const alone = synth(environment("prod", { "linuxEngine.worker": GONE }));
    expect(resourcesOf(alone.trading, "aws_instance")).toHaveLength(2);
    expect(manifest(alone, "engine").settings).toMatchObject({ worker: false });
    expect(manifest(prod, "engine").settings).toMatchObject({ worker: true, logGroups: { application: expect.stringContaining("engine-log") as unknown } });
  });
});

describe("logs (OBS-001 … OBS-003, C-45)", () => {
  it("go to the documented groups, for the documented time, under the stack's key outside dev", () => {
    const groups = ({ trading }: Synthesised) => resourcesOf(trading, "aws_cloudwatch_log_group").map(({ name, retention_in_days, kms_key_id }) => [name, retention_in_days, kms_key_id !== undefined]).sort();
    expect(groups(dev)).toEqual([["/aws/ec2/axia-tss-dev/application", 30, false], ["/aws/ec2/axia-tss-dev/system", 7, false]]);
    expect(groups(prod)).toEqual([["/aws/ec2/axia-tss/application", 30, true], ["/aws/ec2/axia-tss/system", 7, true], ["/aws/ec2/trading-system", 30, true]]);
  });
});
