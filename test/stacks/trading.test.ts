/** The hosts of every environment: machines, bundles, settings, rights, logs; exact where a person would look twice. */
import { hostFolder, hostText } from "../../constructs/hosts/host-files";
import { USER_DATA_LIMIT } from "../../constructs/hosts/boot";
import { environment } from "../environments/edits";
import { policyOf, resourcesOf, type Block } from "../helpers/synth";
import { manifest, named, rules, synthAll, synthTrading, type Synthesised } from "../helpers/trading";

const of = synthAll();
const { dev, staging, prod } = of;
const windowsInstance = ({ trading }: Synthesised) => named(trading, "aws_instance", "windows_");

describe("the Windows host (WIN-001 … WIN-010)", () => {
  it.each([
    ["dev", "t3.small"],
    ["staging", "t3.medium"],
    ["prod", "t3.medium"],
  ] as const)("of %s is exactly this machine", (name, instanceType) => {
    const isDev = name === "dev";
    const tags = {
      Name: `axia-windows${isDev ? "-dev" : name === "staging" ? "-staging" : ""}`,
      Converge: `axia-windows${isDev ? "-dev" : name === "staging" ? "-staging" : ""}`,
      PatchGroup: `tss-windows${isDev ? "-dev" : name === "staging" ? "-staging" : ""}`,
    };
    expect(windowsInstance(of[name])).toEqual({
      "//": expect.anything() as unknown,
      ami: expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.windows_machine_image_\w+\.insecure_value\}$/) as unknown,
      associate_public_ip_address: isDev,
      depends_on: [expect.stringMatching(/^aws_ssm_parameter\.windows-bundle_manifest/) as unknown],
      disable_api_termination: !isDev,
      ebs_optimized: true,
      iam_instance_profile: expect.stringMatching(/aws_iam_instance_profile\.windows_/) as unknown,
      instance_type: instanceType,
      lifecycle: { ignore_changes: ["user_data", "ami"] },
      metadata_options: { http_endpoint: "enabled", http_put_response_hop_limit: 1, http_tokens: "required" },
      monitoring: true,
      root_block_device: {
        delete_on_termination: true,
        encrypted: true,
        iops: 3000,
        throughput: 125,
        volume_size: 30,
        volume_type: "gp3",
        tags,
        ...(!isDev && { kms_key_id: expect.stringMatching(/aws_kms_key\.key_/) as unknown }),
      },
      subnet_id: expect.stringMatching(isDev ? /network_subnet-a/ : /network_private-a_/) as unknown,
      tags,
      user_data: expect.stringMatching(/^<powershell>\n& \{\n/) as unknown,
      vpc_security_group_ids: [expect.stringMatching(/windows-security-group/) as unknown],
    });
  });

  it("starts from the image that AWS names when it is made; a pinned one is exactly that, and another one replaces the host (C-03, WIN-004)", () => {
    for (const { trading } of Object.values(of))
      expect(Object.values(trading.data!.aws_ssm_parameter!).map(({ name }) => name)).toContain(
        "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
      );
    const pinned = windowsInstance(
      synthTrading(environment("prod", { "windows.image": { id: "ami-0dafcef159b1fc745", architecture: "x86_64" } })),
    );
    expect(pinned.ami).toBe("ami-0dafcef159b1fc745");
    expect(pinned.lifecycle).toEqual({ ignore_changes: ["user_data"] });
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
    expect(userData).toContain(
      hostText("windows/fetch.ps1")
        .split("\n")
        .find((line) => line.includes("Get-FileHash"))!,
    );
    // What Terraform would take for a template is escaped.
    expect(userData).toContain("$${Path}");
    expect(userData).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
    expect(userData.trimEnd().split("\n").slice(-2)).toEqual([
      "} -ParameterName '/tss/prod/windows' -Region 'ap-northeast-1'",
      "</powershell>",
    ]);
  });

  it("opens RDP and UI to the world in dev, and only the UI's load balancer elsewhere (SEC-001 … SEC-006, SEC-011, SEC-012, C-12, C-13)", () => {
    expect(rules(dev, "ingress").sort()).toEqual([
      ["cache", 6379, "windows-security-group"],
      ["windows-security-group", 3389, "0.0.0.0/0"],
      ["windows-security-group", 8501, "0.0.0.0/0"],
    ]);
    for (const json of [staging, prod]) {
      expect(rules(json, "ingress").filter(([owner]) => owner === "windows-security-group")).toEqual([
        ["windows-security-group", 8501, "ui_security-group"],
      ]);
      expect(
        rules(json, "ingress")
          .filter(([owner]) => owner === "ui_security-group")
          .sort(),
      ).toEqual([
        ["ui_security-group", 443, "203.0.113.0/24"],
        ["ui_security-group", 80, "203.0.113.0/24"],
      ]);
      expect(
        rules(json, "ingress")
          .filter(([owner]) => owner === "cache")
          .sort(),
      ).toEqual([
        ["cache", 6379, "engine-security-group"],
        ["cache", 6379, "windows-security-group"],
      ]);
    }
  });

  it("has the documented group's name as its tag (C-11)", () => {
    const groups = ({ trading }: Synthesised) =>
      resourcesOf(trading, "aws_security_group")
        .map(({ name, tags }) => [name, (tags as Block).Name])
        .sort();
    expect(groups(dev)).toEqual([["axia-ec2-dev", "sg-axia-ec2"]]);
    expect(groups(staging)).toEqual([
      ["alb-staging", "sg-alb"],
      ["ec2-private-staging", "sg-ec2-private"],
      ["ec2-trading-engine-staging", "sg-ec2-trading-engine"],
      ["lambda-WindowsLogonRotation-staging", "lambda-WindowsLogonRotation-staging"],
    ]);
    expect(groups(prod)).toEqual([
      ["alb", "sg-alb"],
      ["ec2-private", "sg-ec2-private"],
      ["ec2-trading-engine", "sg-ec2-trading-engine"],
      ["lambda-WindowsLogonRotation", "lambda-WindowsLogonRotation"],
    ]);
  });

  it("reaches the broker's ports and the cache, and in dev whatever it likes (SEC-006, SEC-009, SEC-010, C-15)", () => {
    const out = (json: Synthesised) =>
      rules(json, "egress")
        .filter(([owner]) => owner === "windows-security-group")
        .map(([, port, peer]) => [port, peer])
        .sort();
    expect(out(dev)).toEqual(
      [
        ["all", "0.0.0.0/0"],
        [6379, "cache"],
      ].sort(),
    );
    for (const json of [staging, prod])
      expect(out(json)).toEqual(
        [
          [443, "0.0.0.0/0"],
          [6379, "cache"],
          [80, "0.0.0.0/0"],
          [993, "0.0.0.0/0"],
        ].sort(),
      );
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
    expect(Object.keys(files).filter((file) => /test|\.pyc$|__pycache__/i.test(file) && file !== "test_system_performance.ps1")).toEqual(
      [],
    );
  });

  it("of Linux holds the files as they stand, with the times of the timers filled in (LNX-014, LNX-015)", () => {
    const files = prod.bundle("engine");
    expect(text(files["converge.sh"])).toBe(hostText("linux/engine/converge.sh"));
    const timers = Object.entries(files)
      .filter(([file]) => file.endsWith(".timer"))
      .map(([, content]) => text(content))
      .join("\n");
    expect(timers).toContain("OnCalendar=*-*-* 18:00:00 UTC\n");
    expect(timers).toContain("OnCalendar=Sat *-*-* 00:00:00 UTC\n");
    for (const [file, content] of Object.entries(files)) expect([file, /@[A-Z_]{3,}@/.exec(text(content))]).toEqual([file, null]);
  });

  it("are the same bytes on any day: they say the earliest date that a zip can", () => {
    // The time and the date of the first file's header, in MS-DOS's form.
    for (const kind of ["windows", "engine"])
      expect([prod.archive(kind).readUInt16LE(10), prod.archive(kind).readUInt16LE(12)]).toEqual([0, (1 << 5) | 1]);
  });

  it("are named by their content in bucket and manifest", () => {
    for (const json of Object.values(of)) {
      for (const { key } of resourcesOf(json.trading, "aws_s3_object"))
        expect(key).toMatch(/^bundles\/(windows|engine|worker)-[0-9a-f]{64}\.zip$/);
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
      environment: "prod",
      host: "windows",
      region: "ap-northeast-1",
      metricNamespace: "AXIA/TradingSystem",
      cache: { port: 6379, tls: true, clusterMode: true },
      logGroups: { application: "/aws/ec2/axia-tss/application", system: "/aws/ec2/axia-tss/system" },
      watchdog: { intervalSeconds: 300 },
      ui: { port: 8501 },
      leaderGuard: { leaseSeconds: 60, renewSeconds: 15 },
      application: {
        cacheExpiry: { ohlcv: "new-york-close", positionsSeconds: null },
        retentionDays: { closedPositions: 365, tradingRecords: 90 },
      },
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
      association_name: "axia-windows",
      name: expect.stringMatching(/^\$\{aws_ssm_document\.windows_converge_document_\w+\.name\}$/),
      schedule_expression: "rate(1 hour)",
      compliance_severity: "HIGH",
      targets: [{ key: "tag:Converge", values: ["axia-windows"] }],
    });
    expect((association.parameters as { manifest: string }).manifest).toMatch(
      /^\$\{sha256\(aws_ssm_parameter\.windows-bundle_manifest_[0-9A-F]{8}\.insecure_value\)\}$/,
    );
    expect(named(prod.trading, "aws_ssm_association", "engine_")).toMatchObject({
      targets: [{ key: "tag:Converge", values: ["trading-engine"] }],
    });
  });

  it.each([
    ["windows", "aws:runPowerShellScript", "& {"],
    ["engine", "aws:runShellScript", "bash -s -- '/tss/prod/engine' 'ap-northeast-1' <<'FETCH_SH'"],
  ])("of %s is a document of its own, which runs its lines and takes no others", (kind, action, first) => {
    const document = named(prod.trading, "aws_ssm_document", `${kind}_`);
    expect(document).toMatchObject({ name: `tss-prod.${kind}`, document_type: "Command" });
    const { parameters, mainSteps } = JSON.parse(document.content as string) as {
      parameters: object;
      mainSteps: { action: string; inputs: { runCommand: string[] } }[];
    };
    expect(Object.keys(parameters)).toEqual(["manifest"]);
    expect(mainSteps.map((step) => [step.action, step.inputs.runCommand[0]])).toEqual([[action, first]]);
    expect(JSON.stringify(mainSteps)).not.toContain("{{");
  });
});

describe("rights (C-39)", () => {
  const statements = (json: Synthesised, role: string) => policyOf(named(json.trading, "aws_iam_role_policy", role), "policy").Statement;
  const actions = (json: Synthesised, role: string) =>
    [...new Set(statements(json, role).flatMap(({ Action }) => [Action].flat() as string[]))].sort();

  it("of the Windows host are exactly the documented ones, what its agents need, and its two secrets", () => {
    const expected = [
      "cloudwatch:PutMetricData",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
      "ec2messages:AcknowledgeMessage",
      "ec2messages:DeleteMessage",
      "ec2messages:FailMessage",
      "ec2messages:GetEndpoint",
      "ec2messages:GetMessages",
      "ec2messages:SendReply",
      "logs:CreateLogGroup",
      "logs:CreateLogStream",
      "logs:DescribeLogStreams",
      "logs:PutLogEvents",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
      "secretsmanager:GetSecretValue",
      "sns:Publish",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
      "ssm:DescribeAssociation",
      "ssm:DescribeDocument",
      "ssm:GetDeployablePatchSnapshotForInstance",
      "ssm:GetDocument",
      "ssm:GetParameter",
      "ssm:ListAssociations",
      "ssm:ListInstanceAssociations",
      "ssm:PutComplianceItems",
      "ssm:PutInventory",
      "ssm:UpdateAssociationStatus",
      "ssm:UpdateInstanceAssociationStatus",
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ];
    expect(actions(dev, "windows_")).toEqual(expected);
    expect(actions(prod, "windows_")).toEqual([...expected, "kms:Decrypt", "kms:GenerateDataKey"].sort());
    expect(statements(dev, "windows_").filter(({ Action }) => Action === "secretsmanager:GetSecretValue")).toHaveLength(2);
  });

  it("of the Linux hosts are the same without secrets and without taking orders: they have no account at the broker", () => {
    const ofWindowsAlone = ["secretsmanager:GetSecretValue", "sqs:DeleteMessage", "sqs:ReceiveMessage"];
    for (const role of ["engine_", "worker_"]) {
      const ofEngineAlone = role === "engine_" ? ["rds-db:connect"] : [];
      expect(actions(prod, role)).toEqual(
        [...actions(prod, "windows_").filter((action) => !ofWindowsAlone.includes(action)), ...ofEngineAlone].sort(),
      );
    }
  });

  it("write to the log groups of their own kind only (SEC-039, C-69)", () => {
    const written = (role: string) =>
      statements(prod, role)
        .filter(({ Action }) => [Action].flat().includes("logs:PutLogEvents"))
        .map(({ Resource }) =>
          String(Resource).replace(/^\$\{aws_cloudwatch_log_group\.(\w|-)+?_log-group_\w+/, (group) => group.split(/[._]/)[4]!),
        );
    expect(["windows_", "engine_", "worker_"].map(written)).toEqual([
      ["application-log.arn}:*", "system-log.arn}:*"],
      ["engine-log.arn}:*"],
      ["engine-log.arn}:*"],
    ]);
  });

  it("send orders from every host, and set dead ones aside from the Windows host", () => {
    const queues = (role: string) =>
      statements(prod, role)
        .filter(({ Action }) => [Action].flat().includes("sqs:SendMessage"))
        .map(({ Resource }) => /orders_(\w|-)+?_/.exec(String(Resource))?.[0]);
    expect(["windows_", "engine_", "worker_"].map(queues)).toEqual([
      ["orders_queue_", "orders_dead-letter_"],
      ["orders_queue_"],
      ["orders_queue_"],
    ]);
  });

  it("keep metrics to the project's namespace (C-44)", () => {
    for (const role of ["windows_", "engine_", "worker_"]) {
      expect(statements(staging, role).find(({ Action }) => Action === "cloudwatch:PutMetricData")).toMatchObject({
        Resource: "*",
        Condition: { StringEquals: { "cloudwatch:namespace": "AXIA/TradingSystem" } },
      });
    }
  });

  it("belong to the documented role (SEC-030)", () => {
    expect(
      resourcesOf(prod.trading, "aws_iam_role")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      "EC2InstanceRole",
      "LambdaExecutionRole-WindowsLogonRotation",
      "TradingEngineRole",
      "TradingWorkerRole",
      "tss-kill-switch-off",
      "tss-kill-switch-on",
      "tss-recovery-test-host",
    ]);
    expect(named(dev.trading, "aws_iam_instance_profile", "windows_").name).toBe("EC2InstanceRole-dev");
  });
});

describe("logs (OBS-001 … OBS-003, C-45)", () => {
  it("go to the documented groups, for the documented time, under the stack's key outside dev", () => {
    const groups = ({ trading }: Synthesised) =>
      resourcesOf(trading, "aws_cloudwatch_log_group")
        .map(({ name, retention_in_days, kms_key_id }) => [name, retention_in_days, kms_key_id !== undefined])
        .sort();
    expect(groups(dev)).toEqual([
      ["/aws/ec2/axia-tss-dev/application", 30, false],
      ["/aws/ec2/axia-tss-dev/system", 7, false],
    ]);
    expect(groups(prod)).toEqual([
      ["/aws/ec2/axia-tss/application", 30, true],
      ["/aws/ec2/axia-tss/system", 7, true],
      ["/aws/ec2/trading-system", 30, true],
      ["/aws/lambda/WindowsLogonRotation", 30, true],
      ["aws-waf-logs-axia-ui", 30, true],
    ]);
  });
});
