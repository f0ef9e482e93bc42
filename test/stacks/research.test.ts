/** The notebook (RES-001 … RES-007, SEC-018, SEC-022, SEC-043): what is made of it, whom it reaches, when it stops, who is told. */
import { environment } from "../environments/edits";
import { loadEnvironments } from "../fixtures/environments";
import { onlyResource, policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";

const synth = (...environments: ReturnType<typeof environment>[]) => synthEnvironments({ environments, target: { kind: "aws" } });
const written = synth(...loadEnvironments());
const prod = written["prod-research"]!;
const withAccess = synth(
  environment("prod", {
    "research.engineSsh": true,
    "research.codeRepository": "strategies",
    "network.interfaceEndpoints": ["git-codecommit", "logs", "sagemaker.api"],
  }),
)["prod-research"]!;
const closed = synth(environment("prod", { "research.cache": false }))["prod-research"]!;

const notebook = (json: StackJson) => onlyResource(json, "aws_sagemaker_notebook_instance");
/** Ports and descriptions of a direction's rules, by what stands on the other side. */
const rules = (json: StackJson, direction: "ingress" | "egress") =>
  Object.entries(json.resource?.[`aws_vpc_security_group_${direction}_rule`] ?? {})
    .map(([id, { from_port: from, to_port: to, ip_protocol: protocol }]) => [id.replace(/_[0-9A-F]{8}$/, ""), from, to, protocol])
    .sort();

it("there is one where the literal says so, and nowhere else", () => {
  expect(Object.keys(written).filter((name) => name.endsWith("-research"))).toEqual(["prod-research"]);
  const without = synth(environment("prod", { research: undefined }));
  expect(Object.keys(without)).not.toContain("prod-research");
  expect(JSON.stringify(without)).not.toContain("NotebookIdleMinutes");
});

it("stands in the private subnet of the first zone, without the Internet and without root, encrypted by its stack's key", () => {
  const { instance_type, volume_size, platform_identifier, subnet_id, ...rest } = notebook(prod);
  expect([instance_type, volume_size, platform_identifier]).toEqual(["ml.t3.medium", 20, "notebook-al2-v3"]);
  expect(subnet_id).toMatch(/subnetnetwork_private-a_/);
  expect(rest).toMatchObject({
    name: "tss-research",
    direct_internet_access: "Disabled",
    root_access: "Disabled",
    kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.key_\w+\.arn\}$/) as string,
    instance_metadata_service_configuration: { minimum_instance_metadata_service_version: "2" },
  });
  expect(rest).not.toHaveProperty("default_code_repository");
});

it("is made when its role has its rights and its group its way out, because a start that fails leaves no notebook", () => {
  const first = notebook(prod).depends_on as string[];
  expect(first).toContainEqual(expect.stringMatching(/^aws_iam_role_policy\.notebook_role_grants_/));
  for (const to of ["endpoints", "s3", "dynamodb"])
    expect(first).toContainEqual(expect.stringMatching(`^aws_vpc_security_group_egress_rule\\.notebook_security-group_to-${to}-443_`));
  const lifecycle = onlyResource(prod, "aws_sagemaker_notebook_instance_lifecycle_configuration");
  expect((lifecycle.depends_on as string[]).map((id) => id.replace(/_[0-9A-F]{8}$/, "")).sort()).toEqual([
    "aws_cloudwatch_log_group.log_log-group",
    "aws_s3_object.notebook_bundle_object",
    "aws_s3_object.notebook_settings",
  ]);
});

it("reaches endpoints, S3, DynamoDB and the cache; nothing opens a connection to it", () => {
  expect(onlyResource(prod, "aws_security_group")).toMatchObject({ name: "sagemaker", tags: { Name: "sg-sagemaker" } });
  const always = [
    ["notebook_security-group_to-dynamodb-443", 443, 443, "tcp"],
    ["notebook_security-group_to-endpoints-443", 443, 443, "tcp"],
    ["notebook_security-group_to-s3-443", 443, 443, "tcp"],
  ];
  const cache = ["notebook_security-group_to-cache-6379", 6379, 6379, "tcp"];
  expect(rules(prod, "egress")).toEqual([cache, ...always]);
  // In the cache's group, but of this stack, which is the later one.
  expect(rules(prod, "ingress")).toEqual([["notebook_security-group_cache-security-group-from-notebook-6379", 6379, 6379, "tcp"]]);
  expect(rules(closed, "egress")).toEqual(always);
  expect(rules(closed, "ingress")).toEqual([]);
  // Of networks the VPC alone.
  const networks = resourcesOf(prod, "aws_vpc_security_group_egress_rule").flatMap(({ cidr_ipv4: cidr }) =>
    cidr === undefined ? [] : [cidr],
  );
  expect(networks).toEqual(["10.0.0.0/16"]);
});

it("reaches the engine by SSH only where the literal says so (SEC-018)", () => {
  expect(rules(withAccess, "egress")).toContainEqual(["notebook_security-group_to-engine-22", 22, 22, "tcp"]);
  expect(rules(withAccess, "ingress")).toContainEqual(["notebook_security-group_engine-security-group-from-notebook-22", 22, 22, "tcp"]);
  const elsewhere = Object.values(written).flatMap((json) => resourcesOf(json, "aws_vpc_security_group_ingress_rule"));
  expect(elsewhere.filter(({ from_port: from, to_port: to }) => Number(from) <= 22 && Number(to) >= 22)).toEqual([]);
});

it("clones a repository of CodeCommit by option, which it may read", () => {
  expect(notebook(withAccess).default_code_repository).toBe("https://git-codecommit.ap-northeast-1.amazonaws.com/v1/repos/strategies");
  const [role] = resourcesOf(withAccess, "aws_iam_role_policy").map((block) => policyOf(block, "policy"));
  expect(JSON.stringify(role)).toContain(
    '{"Effect":"Allow","Action":"codecommit:GitPull","Resource":"arn:aws:codecommit:ap-northeast-1:777788889999:strategies"}',
  );
});

it("has the documented role, which SageMaker alone takes, and whose boundary is the environment's", () => {
  const role = resourcesOf(prod, "aws_iam_role").find(({ name }) => name === "SageMakerExecutionRole")!;
  expect(policyOf(role, "assume_role_policy")).toEqual({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  expect(role.permissions_boundary).toBe("arn:aws:iam::777788889999:policy/tss-boundary-prod");
});

it("tells the people on it the names of things, and no secret", () => {
  const settings = resourcesOf(prod, "aws_s3_object").find(({ key }) => key === "research/settings.json")!;
  expect(Object.keys(JSON.parse(String(settings.content)) as object)).toEqual(["environment", "region", "table", "buckets", "cache"]);
  const { content } = resourcesOf(closed, "aws_s3_object").find(({ key }) => key === "research/settings.json")!;
  expect(Object.keys(JSON.parse(String(content)) as object)).not.toContain("cache");
});

describe("stops", () => {
  const schedules = (json: StackJson) =>
    resourcesOf(json, "aws_scheduler_schedule").map(({ name, schedule_expression: when }) => [name, when]);

  it("on Friday night, whatever runs; a stop that AWS would not take is not tried on the next day", () => {
    expect(schedules(prod)).toEqual([["weekend", "cron(0 14 ? * FRI *)"]]);
    const { target } = onlyResource(prod, "aws_scheduler_schedule") as { target: Block };
    expect(target).toMatchObject({
      arn: "arn:aws:scheduler:::aws-sdk:sagemaker:stopNotebookInstance",
      input: '{"NotebookInstanceName":"tss-research"}',
      retry_policy: { maximum_retry_attempts: 3, maximum_event_age_in_seconds: 900 },
    });
    const policy = resourcesOf(prod, "aws_iam_role_policy").map((block) => policyOf(block, "policy"));
    expect(policy).toContainEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sagemaker:StopNotebookInstance",
          Resource: "arn:aws:sagemaker:ap-northeast-1:777788889999:notebook-instance/tss-research",
        },
      ],
    });
  });

  it("where the environment rests, with all else too (design 36)", () => {
    const staging = environment("staging", {
      research: { instanceType: "ml.t3.medium", securityGroup: "sagemaker-staging", weekendStop: "30 10 * * SAT" },
      "network.interfaceEndpoints": ["logs", "sagemaker.api"],
      schedule: { stop: "0 23 * * FRI", start: "0 20 * * SUN" },
    });
    expect(schedules(synth(staging)["staging-research"]!).sort()).toEqual([
      ["rest", "cron(0 23 ? * FRI *)"],
      ["weekend", "cron(30 10 ? * SAT *)"],
    ]);
  });
});

describe("tells", () => {
  const alarm = (json: StackJson, name: string) => resourcesOf(json, "aws_cloudwatch_metric_alarm").find((one) => one.alarm_name === name)!;

  it("of a notebook that is idle and runs on, after the minutes of the literal", () => {
    expect(alarm(prod, "Notebook-Not-Stopped")).toMatchObject({
      namespace: "AXIA/TradingSystem",
      metric_name: "NotebookIdleMinutes",
      dimensions: { Environment: "prod", Host: "notebook" },
      statistic: "Maximum",
      threshold: 80,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      treat_missing_data: "notBreaching",
    });
    const patient = synth(environment("prod", { "research.idleMinutes": 120 }))["prod-research"]!;
    expect(alarm(patient, "Notebook-Not-Stopped").threshold).toBe(140);
    const lifecycle = onlyResource(patient, "aws_sagemaker_notebook_instance_lifecycle_configuration");
    expect(Buffer.from(String(lifecycle.on_start), "base64").toString()).toContain('"idleMinutes":120');
  });

  it("of its programs' faults, and of a start that failed", () => {
    expect(alarm(prod, "Notebook-Faults")).toMatchObject({ metric_name: "NotebookFaults", statistic: "Sum", threshold: 0 });
    expect(JSON.parse(String(onlyResource(prod, "aws_cloudwatch_event_rule").event_pattern))).toEqual({
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Notebook Instance State Change"],
      detail: { NotebookInstanceName: ["tss-research"], NotebookInstanceStatus: ["Failed"] },
    });
  });

  it("on the dashboard of its environment alone", () => {
    const shown = (name: string) => String(onlyResource(written[`${name}-operations`]!, "aws_cloudwatch_dashboard").dashboard_body);
    expect(shown("prod")).toContain("NotebookIdleMinutes");
    expect(shown("staging")).not.toContain("NotebookIdleMinutes");
  });
});
