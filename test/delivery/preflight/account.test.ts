/** Each kind of row, asked of an account that an emulator stands in for: missing once, there once. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { hostSoftware } from "../../../commands/preflight/software";
import { LOCK_FILES, objectKey, readLockFile, writeLockFile, type LockedEntry } from "../../../commands/software/lock-files";
import { Aws, textAt, type Answered } from "../../../delivery/aws";
import { PREFLIGHT_ACTIONS } from "../../../constructs/identity/preflight-rights";
import { preflight } from "../../../delivery/preflight";
import type { Need, Row, Subject } from "../../../delivery/preflight/need";
import type { StackJson, SynthesisedStack } from "../../../terraform/assembly";
import { EmulatedAccount } from "../../helpers/emulated-account";

const ACCOUNT = "100000000001";
const REGION = "ap-northeast-1";
const environment = { name: "dev", account: ACCOUNT, region: REGION };
const TAGS = { Environment: "dev", ManagedBy: "cdktf" };
jest.setTimeout(120_000);

/** Calls that are made here, to fill the account; all others are the preflight's. */
const filling = new Set<unknown>();
const calls = (["json", "query", "get"] as const).map((method) => jest.spyOn(Aws.prototype, method));

let emulated: EmulatedAccount;
let aws: Aws;
const credentials = { accessKeyId: ACCOUNT, secretAccessKey: "rehearsal" };
function connect(region: string): Aws {
  const client = new Aws({ region, endpoint: emulated.emulator.endpoint, credentials });
  filling.add(client);
  return client;
}

beforeAll(async () => {
  emulated = await EmulatedAccount.open({ account: ACCOUNT });
  aws = connect(REGION);
});
afterAll(async () => {
  aws.dispose();
  await emulated.close();
});

/** A stack as cdktf writes one. */
function stack(json: StackJson, name = "dev-data"): SynthesisedStack {
  const provider = (region: string, alias?: string) => ({
    ...(alias && { alias }),
    region,
    access_key: ACCOUNT,
    secret_key: "rehearsal",
    endpoints: [{ ec2: emulated.emulator.endpoint }],
    default_tags: [{ tags: TAGS }],
  });
  return {
    name,
    folder: "",
    dependencies: [],
    digest: "",
    json: { ...json, provider: { aws: [provider(REGION), provider("us-east-1", "us-east-1")], ...json.provider } },
  };
}
const resource = (type: string, block: Answered, id = "one"): StackJson => ({ resource: { [type]: { [id]: block } } });
const data = (type: string, block: Answered): StackJson => ({ data: { [type]: { one: block } } });

const rowsOf = (
  stacks: readonly SynthesisedStack[],
  further?: (subject: Subject) => readonly Need[],
  all?: readonly SynthesisedStack[],
): Promise<Row[]> => preflight({ environment, stacks, all, further });
/** The only row of a stack, beside the account's own. */
async function rowOf(json: StackJson, name?: string): Promise<Row> {
  const [account, ...rows] = await rowsOf([stack(json, name)]);
  expect(account).toEqual({ kind: "account", name: ACCOUNT, stacks: [], state: "there" });
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

const certificate = async (at = aws): Promise<string> =>
  textAt(await at.json("acm", "RequestCertificate", { DomainName: "ui.sakura.test", ValidationMethod: "DNS" }), "CertificateArn");
const listener = (arn: string) => resource("aws_lb_listener", { certificate_arn: arn });
/** The emulator issues one after a while. */
async function issued(json: StackJson): Promise<Row> {
  for (let attempt = 0; ; attempt++) {
    const row = await rowOf(json);
    if (row.state === "there" || attempt === 20) return row;
    await new Promise((done) => {
      setTimeout(done, 200);
    });
  }
}

it("the account: others than the literal's are asked for nothing else", async () => {
  const found = await preflight({ environment: { ...environment, account: "200000000002" }, stacks: [stack(listener("${x}"))] });
  expect(found).toEqual([
    expect.objectContaining({ kind: "account", name: "200000000002", state: "missing", why: expect.stringContaining(ACCOUNT) }),
  ]);
});

describe("a certificate", () => {
  const none = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/00000000-0000-4000-8000-000000000000`;

  it("that is not there is missing, with how to make one in its region", async () => {
    expect(await rowOf(listener(none))).toMatchObject({
      kind: "certificate",
      name: none,
      stacks: ["dev-data"],
      state: "missing",
      make: expect.stringContaining(`aws acm request-certificate --region ${REGION}`),
    });
  });
  it("that is not validated is missing until it is", async () => {
    const arn = await certificate();
    expect(await rowOf(listener(arn))).toMatchObject({ state: "missing", why: expect.stringContaining("PENDING_VALIDATION") });
    expect(await issued(listener(arn))).toMatchObject({ state: "there", note: "ui.sakura.test" });
  });
  it("of another region or account is missing", async () => {
    const elsewhere = none.replace(REGION, "us-east-1");
    expect(await rowOf(listener(elsewhere))).toMatchObject({ state: "missing", why: expect.stringContaining("us-east-1") });
    expect(await rowOf(listener(none.replace(ACCOUNT, "200000000002")))).toMatchObject({
      state: "missing",
      why: expect.stringContaining("200000000002"),
    });
  });
  it("of CloudFront is one of us-east-1, whichever region the stack is in", async () => {
    const there = await certificate(connect("us-east-1"));
    const here = await certificate();
    const distribution = (arn: string) => resource("aws_cloudfront_distribution", { viewer_certificate: { acm_certificate_arn: arn } });
    expect(await issued(distribution(there))).toMatchObject({ state: "there" });
    expect(await rowOf(distribution(here))).toMatchObject({ state: "missing", make: expect.stringContaining("--region us-east-1") });
  });
  it("inside a chart's values is found too", async () => {
    expect(await rowOf(resource("helm_release", { values: [`ingress: {"arn":"${none}"}`] }))).toMatchObject({
      name: none,
      state: "missing",
    });
  });
});

it("a state bucket is the bootstrap's", async () => {
  const json: StackJson = {
    terraform: {
      backend: {
        s3: {
          bucket: "sakura-states",
          region: REGION,
          access_key: ACCOUNT,
          secret_key: "x",
          endpoints: { s3: emulated.emulator.endpoint },
        },
      },
    },
  };
  expect(await rowOf(json)).toMatchObject({
    kind: "state bucket",
    state: "missing",
    make: expect.stringContaining("BOOTSTRAP_STATE=local"),
  });
  await emulated.emulator.createBucket("sakura-states", REGION);
  expect(await rowOf(json)).toMatchObject({ state: "there" });
});

it("a machine image that is pinned is there until it is deregistered", async () => {
  const id = "ami-0123456789abcdef0";
  const json = resource("aws_instance", { ami: id });
  expect(await rowOf(json)).toMatchObject({ kind: "machine image", name: id, state: "there" });
  await aws.query("ec2", "DeregisterImage", { ImageId: id });
  expect(await rowOf(json)).toMatchObject({ state: "missing", make: expect.stringContaining("/aws/service/ami-windows-latest") });
});

describe("a parameter", () => {
  it.each<[string, (name: string) => StackJson]>([
    ["that a plan reads", (name) => data("aws_ssm_parameter", { name })],
    ["that EC2 reads at a launch", (name) => resource("aws_launch_template", { image_id: `resolve:ssm:${name}` })],
  ])("%s", async (_, jsonOf) => {
    expect(await rowOf(jsonOf("/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base"))).toMatchObject({ state: "there" });
    expect(await rowOf(jsonOf("/aws/service/ami-windows-latest/Windows_Server-1922-English-Full-Base"))).toMatchObject({
      kind: "parameter",
      state: "missing",
    });
  });
  it("that a stack makes is nobody else's", async () => {
    const made: StackJson = {
      ...resource("aws_ssm_parameter", { name: "/tss/dev/x" }),
      ...data("aws_ssm_parameter", { name: "/tss/dev/x" }),
    };
    expect(await rowsOf([stack(made)])).toHaveLength(1);
  });
});

it("a container image needs a repository, which a deploy without images makes, and somebody who pushes", async () => {
  const json: StackJson = {
    ...resource("aws_ecr_repository", { name: "sakura-ml" }),
    ...data("aws_ecr_image", { repository_name: "${aws_ecr_repository.one.name}", image_tag: "0.1.0" }),
  };
  expect(await rowOf(json)).toMatchObject({
    kind: "container image",
    name: "sakura-ml:0.1.0",
    state: "missing",
    make: `npm run deploy -- dev --image none, then aws ecr get-login-password --region ${REGION} | docker login --username AWS --password-stdin ${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com && docker push ${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/sakura-ml:0.1.0`,
  });
  // The emulator takes every image of a repository as pushed.
  await aws.json("ecr", "CreateRepository", { repositoryName: "sakura-ml" });
  expect(await rowOf(json)).toMatchObject({ state: "there" });
});

describe("a principal", () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/people/trading-operations`;
  const linked = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const boundary = `arn:aws:iam::${ACCOUNT}:policy/tss-boundary-dev`;
  const keyPolicy = (...named: string[]) =>
    resource("aws_kms_key", {
      policy: JSON.stringify({
        Statement: [{ Principal: { AWS: named } }, { Principal: { Service: "s3.amazonaws.com" } }, { Principal: "*" }],
      }),
    });

  it("of an access entry must be there", async () => {
    const json = resource("aws_eks_access_entry", { principal_arn: role });
    expect(await rowOf(json)).toMatchObject({ kind: "principal", name: role, state: "missing" });
    await aws.query("iam", "CreateRole", { RoleName: "trading-operations", Path: "/people/", AssumeRolePolicyDocument: "{}" });
    expect(await rowOf(json)).toMatchObject({ state: "there" });
  });
  it("of a key policy is a service-linked role: AWS makes most others itself", async () => {
    expect(await rowOf(keyPolicy(linked, `arn:aws:iam::${ACCOUNT}:root`))).toMatchObject({
      kind: "service-linked role",
      state: "missing",
      make: "aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com",
    });
    await aws.query("iam", "CreateServiceLinkedRole", { AWSServiceName: "autoscaling.amazonaws.com" });
    expect(await rowOf(keyPolicy(linked))).toMatchObject({ state: "there" });
    expect(await rowsOf([stack(resource("aws_autoscaling_group", { name: "g" }))])).toHaveLength(1);
  });
  it.each([
    ["aws_ecs_cluster", "missing", "ecs.amazonaws.com", "AWSServiceRoleForECS"],
    // ELB waits for its own role, so that only the right to make it may be missing.
    ["aws_lb", "advised", "elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"],
  ])("is the service-linked role that the account's first %s needs", async (type, state, service, name) => {
    expect(await rowOf(resource(type, { name: "first" }))).toEqual({
      kind: "service-linked role",
      name: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/${service}/${name}`,
      stacks: ["dev-data"],
      state,
      why: expect.stringContaining("this account has none"),
      make: `aws iam create-service-linked-role --aws-service-name ${service}`,
    });
    // The emulator does not name these as AWS does.
    await aws.query("iam", "CreateRole", { RoleName: name, Path: `/aws-service-role/${service}/`, AssumeRolePolicyDocument: "{}" });
    expect(await rowOf(resource(type, { name: "first" }))).toMatchObject({ state: "there" });
  });
  it("is a user too; one of another account is asked of nobody", async () => {
    const user = `arn:aws:iam::${ACCOUNT}:user/yamada`;
    expect(await rowOf(keyPolicy(user))).toMatchObject({ kind: "principal", state: "missing" });
    await aws.query("iam", "CreateUser", { UserName: "yamada" });
    expect(await rowOf(keyPolicy(user))).toMatchObject({ state: "there" });
    expect(await rowOf(keyPolicy(user.replace(ACCOUNT, "200000000002")))).toMatchObject({ state: "unknown" });
  });
  it("is the boundary of roles, unless the very same deploy makes it", async () => {
    const bounded = resource("aws_iam_role", { permissions_boundary: boundary });
    expect(await rowOf(bounded)).toMatchObject({ kind: "policy", state: "missing", make: expect.stringContaining("--stacks bootstrap") });
    const bootstrap = stack(resource("aws_iam_policy", { name: "tss-boundary-dev" }), "dev-bootstrap");
    expect(await rowsOf([bootstrap, stack(bounded)])).toHaveLength(1);
    await aws.query("iam", "CreatePolicy", {
      PolicyName: "tss-boundary-dev",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] }),
    });
    expect(await rowOf(bounded)).toMatchObject({ state: "there" });
  });
});

it("the default VPC is made by one command where it is gone", async () => {
  const json = data("aws_vpc", { default: true });
  const row = await rowOf(json);
  expect(row).toMatchObject({ kind: "default VPC", name: REGION, state: "there" });
  const id = (row as { note: string }).note;
  const subnets = await aws.query("ec2", "DescribeSubnets");
  for (const [, subnet] of JSON.stringify(subnets).matchAll(/"subnetId":"(subnet-\w+)"/g))
    await aws.query("ec2", "DeleteSubnet", { SubnetId: subnet! });
  await aws.query("ec2", "DeleteVpc", { VpcId: id });
  expect(await rowOf(json)).toMatchObject({ state: "missing", make: `aws ec2 create-default-vpc --region ${REGION}` });
  await aws.query("ec2", "CreateDefaultVpc");
  expect(await rowOf(json)).toMatchObject({ state: "there" });
});

it("an availability zone is one that the account gets", async () => {
  expect(await rowOf(resource("aws_subnet", { availability_zone: "ap-northeast-1a" }))).toMatchObject({
    kind: "availability zone",
    state: "there",
  });
  expect(await rowOf(resource("aws_subnet", { availability_zone: "ap-northeast-1z" }))).toMatchObject({
    state: "missing",
    why: expect.stringContaining("ap-northeast-1a"),
  });
});

it("a hosted zone is known by its id or by its name", async () => {
  const byName = data("aws_route53_zone", { name: "sakura.test" });
  expect(await rowOf(byName)).toMatchObject({ kind: "hosted zone", name: "sakura.test.", state: "missing" });
  expect(await rowOf(resource("aws_route53_record", { zone_id: "Z0000000000000000000" }))).toMatchObject({ state: "missing" });
  const made = await fetch(`${emulated.emulator.endpoint}/2013-04-01/hostedzone`, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>sakura.test</Name><CallerReference>r</CallerReference></CreateHostedZoneRequest>',
  });
  const id = /\/hostedzone\/(\w+)/.exec(await made.text())![1]!;
  expect(await rowOf(byName)).toMatchObject({ state: "there" });
  expect(await rowOf(resource("aws_route53_record", { zone_id: id }))).toMatchObject({ name: id, state: "there", note: "sakura.test." });
});

describe("a secret", () => {
  const json = resource("aws_secretsmanager_secret", { name: "TSS/mt5/demo", tags: { Keys: "login password" } }, "mt5_secret_1C3802AA");
  const reader = (reference: string) =>
    stack(
      resource("aws_ecs_task_definition", { container_definitions: JSON.stringify([{ secrets: [{ valueFrom: reference }] }]) }, "ml_task"),
      "dev-services",
    );
  const CROSS =
    "${data.terraform_remote_state.cross-stack-reference-input-dev-data.outputs.cross-stack-output-aws_secretsmanager_secretmt5_secret_1C3802AAarn}:login::";

  it("that the deploy makes stops only what reads it; so does an empty one; a filled one is there", async () => {
    const make = `aws secretsmanager put-secret-value --region ${REGION} --secret-id TSS/mt5/demo --secret-string '{"login":"…","password":"…"}'`;
    expect(await rowOf(json)).toMatchObject({ kind: "secret", state: "later", why: "the deploy makes it, empty", make });
    const [, first] = await rowsOf([stack(json), reader(CROSS)]);
    expect(first).toMatchObject({
      state: "missing",
      stacks: ["dev-data"],
      why: "the deploy makes it, empty, and containers that read it do not start: ml_task",
      make: `npm run deploy -- dev --stacks data, then ${make}`,
    });
    const [, elsewhere, ...others] = await rowsOf([reader(CROSS)], undefined, [stack(json), reader(CROSS)]);
    expect([elsewhere, others]).toMatchObject([
      { name: "TSS/mt5/demo", state: "missing", stacks: ["dev-services"], make: `npm run deploy -- dev --stacks data, then ${make}` },
      [],
    ]);
    expect(await rowsOf([stack({}, "dev-network")], undefined, [stack(json), reader(CROSS)])).toHaveLength(1);

    await aws.json("secretsmanager", "CreateSecret", { Name: "TSS/mt5/demo" });
    expect(await rowOf(json)).toMatchObject({ state: "later", why: "it is empty", make });
    const [, read] = await rowsOf([stack(json), reader(CROSS)]);
    expect(read).toMatchObject({ state: "missing", why: expect.stringContaining("ml_task") });
    const [, other] = await rowsOf([stack(json), reader(CROSS.replace("1C3802AA", "00000000"))]);
    expect(other).toMatchObject({ state: "later" });

    await aws.json("secretsmanager", "PutSecretValue", { SecretId: "TSS/mt5/demo", SecretString: "{}" });
    expect(await rowOf(json)).toMatchObject({ state: "there" });

    await aws.json("secretsmanager", "DeleteSecret", { SecretId: "TSS/mt5/demo", RecoveryWindowInDays: 7 });
    expect(await rowOf(json)).toMatchObject({
      state: "missing",
      make: expect.stringContaining(`aws secretsmanager restore-secret --region ${REGION} --secret-id TSS/mt5/demo;`),
    });
    await aws.json("secretsmanager", "RestoreSecret", { SecretId: "TSS/mt5/demo" });
    expect(await rowOf(json)).toMatchObject({ state: "there" });
  });
  it("that code fills is nobody's to fill", async () => {
    const filled: StackJson = {
      resource: {
        ...json.resource,
        aws_secretsmanager_secret_version: { v: { secret_id: "${aws_secretsmanager_secret.mt5_secret_1C3802AA.id}" } },
      },
    };
    expect(await rowsOf([stack(filled)])).toHaveLength(1);
  });
});

describe("a quota", () => {
  const addresses = (count: number): StackJson => ({
    resource: { aws_eip: Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, { domain: "vpc" }])) },
  });

  it("of addresses counts what others have, and what an earlier deploy made but once", async () => {
    expect(await rowOf(addresses(5))).toMatchObject({
      kind: "quota",
      name: `Elastic IP addresses, ${REGION}`,
      state: "there",
      note: "0 of 5 are used, a deploy adds 5",
    });
    expect(await rowOf(addresses(6))).toMatchObject({
      state: "missing",
      why: "0 of 5 are used, a deploy adds 6",
      make: expect.stringContaining("--quota-code L-0263D0A3 --desired-value 6"),
    });
    await aws.query("ec2", "AllocateAddress", { Domain: "vpc" });
    expect(await rowOf(addresses(5))).toMatchObject({ state: "missing", why: "1 of 5 are used, a deploy adds 5" });
    const ours = { Domain: "vpc", "TagSpecification.1.ResourceType": "elastic-ip" };
    const tags = Object.entries(TAGS).flatMap(([key, value], index) => [
      [`TagSpecification.1.Tag.${index + 1}.Key`, key],
      [`TagSpecification.1.Tag.${index + 1}.Value`, value],
    ]);
    await aws.query("ec2", "AllocateAddress", { ...ours, ...(Object.fromEntries(tags) as Record<string, string>) });
    expect(await rowOf(addresses(4))).toMatchObject({ state: "there", note: "2 of 5 are used, a deploy adds 3" });
    expect(await rowOf(addresses(5))).toMatchObject({ state: "missing", why: "2 of 5 are used, a deploy adds 4" });
    await aws.json("servicequotas", "RequestServiceQuotaIncrease", { ServiceCode: "ec2", QuotaCode: "L-0263D0A3", DesiredValue: 6 });
    expect(await rowOf(addresses(5))).toMatchObject({ state: "there", note: "2 of 6 are used, a deploy adds 4" });
  });
  it("of VPCs", async () => {
    const vpcs = (count: number): StackJson => ({
      resource: { aws_vpc: Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, {}])) },
    });
    expect(await rowOf(vpcs(1))).toMatchObject({ state: "there" });
    expect(await rowOf(vpcs(6))).toMatchObject({ name: `VPCs per region, ${REGION}`, state: "missing" });
  });
  it("of processors adds hosts, groups and nodes, by the family of their types", async () => {
    const machines = (nodes: number, type = "m7i.xlarge"): StackJson => ({
      resource: {
        aws_instance: { host: { instance_type: "t3.medium" } },
        aws_launch_template: { t: { instance_type: "t3.small" } },
        aws_autoscaling_group: { g: { name: "windows", min_size: 1, max_size: 3, launch_template: { id: "${aws_launch_template.t.id}" } } },
        aws_eks_node_group: { n: { instance_types: [type, "m6i.xlarge"], scaling_config: { desired_size: nodes, max_size: 24 } } },
      },
    });
    expect(await rowOf(machines(0))).toMatchObject({ state: "there", note: "0 of 5 are used, a deploy adds 4" });
    expect(await rowOf(machines(3))).toMatchObject({
      state: "missing",
      why: "0 of 5 are used, a deploy adds 16",
      make: expect.stringContaining("L-1216C47A --desired-value 16"),
    });
    const image = { ImageId: "ami-0fedcba9876543210", MinCount: "2", MaxCount: "2", InstanceType: "t3.medium" };
    await aws.query("ec2", "RunInstances", image);
    expect(await rowOf(machines(0))).toMatchObject({ state: "missing", why: "4 of 5 are used, a deploy adds 4" });
    await aws.query("ec2", "RunInstances", { ...image, "InstanceMarketOptions.MarketType": "spot" });
    expect(await rowOf(machines(0))).toMatchObject({ why: "4 of 5 are used, a deploy adds 4" });
    const rows = await rowsOf([stack(machines(1, "g5.xlarge"))]);
    expect(rows.filter(({ kind }) => kind === "quota").map(({ name }) => name)).toEqual([
      `vCPUs of standard instances (A, C, D, H, I, M, R, T, Z), ${REGION}`,
      `vCPUs of G and VT instances, ${REGION}`,
    ]);
  });
  it("of functions leaves Lambda's hundred to those that reserve none", async () => {
    const functions = (...reserved: (number | undefined)[]): StackJson => ({
      resource: {
        aws_lambda_function: Object.fromEntries(reserved.map((count, index) => [`f${index}`, { reserved_concurrent_executions: count }])),
      },
    });
    expect(await rowOf(functions(400, undefined, 500))).toMatchObject({
      kind: "quota",
      name: `concurrent executions of functions, ${REGION}`,
      state: "there",
    });
    expect(await rowOf(functions(401, 500))).toMatchObject({ state: "missing", make: expect.stringContaining("--desired-value 1001,") });
    // As AWS gives new accounts.
    await aws.json("servicequotas", "RequestServiceQuotaIncrease", { ServiceCode: "lambda", QuotaCode: "L-B99A9384", DesiredValue: 10 });
    expect(await rowOf(functions(2, 2))).toMatchObject({
      state: "missing",
      why: "functions reserve 4 of 10, and Lambda keeps 100 for those that reserve none",
      make: `aws service-quotas request-service-quota-increase --region ${REGION} --service-code lambda --quota-code L-B99A9384 --desired-value 1000, or events.functions.reservedConcurrency: null in the literal`,
    });
    expect(await rowsOf([stack(functions(undefined, -1))])).toHaveLength(1);
  });
  it("is of no use for a type that the region does not offer, as the emulator's does not these", async () => {
    expect(await rowOf(resource("aws_instance", { instance_type: "p3.2xlarge" }))).toMatchObject({
      state: "missing",
      why: expect.stringContaining("p3.2xlarge"),
    });
  });
  it("is not known where the answer is none", async () => {
    expect(await rowOf(resource("aws_instance", { instance_type: "g5.xlarge" }))).toMatchObject({
      state: "unknown",
      why: expect.stringContaining("servicequotas:GetAWSDefaultServiceQuota"),
    });
  });
});

describe("programs and files", () => {
  const path = process.env.PATH;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "preflight-"));
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  it("the aws CLI is looked for where a provider calls it", async () => {
    const json: StackJson = { provider: { kubernetes: [{ exec: { api_version: "v1beta1", command: "aws", args: [] } }] } };
    process.env.PATH = folder;
    expect(await rowOf(json, "dev-workloads")).toMatchObject({ kind: "program", name: "aws", stacks: ["dev-workloads"], state: "missing" });
    writeFileSync(join(folder, "aws"), "");
    process.env.PATH = ["/nowhere", folder].join(delimiter);
    expect(await rowOf(json)).toMatchObject({ state: "there" });
  });
  it("a kubeconfig is a file", async () => {
    const file = join(folder, "config");
    const json: StackJson = { provider: { helm: [{ kubernetes: { config_path: file } }] } };
    expect(await rowOf(json)).toMatchObject({ kind: "kubeconfig", state: "missing" });
    writeFileSync(file, "");
    expect(await rowOf(json)).toMatchObject({ state: "there" });
  });

  it("host software is locked, and in the bucket once there is one", async () => {
    const literal = { name: "dev", data: { softwareBucket: { name: "sakura-software" } } } as Parameters<typeof hostSoftware>[1];
    const rows = async () => (await rowsOf([stack({}, "dev-trading")], (subject) => hostSoftware(folder, literal, subject))).slice(1);
    const entry = { name: "python", version: "3.11", file: "python.exe", source: null };
    const lock = (sha256: string | null) => {
      for (const file of LOCK_FILES.slice(0, 2)) {
        mkdirSync(join(folder, "hosts/windows"), { recursive: true });
        writeLockFile(folder, file, [{ ...entry, sha256 }]);
      }
    };
    lock(null);
    expect(await rows()).toEqual([
      expect.objectContaining({ kind: "host software", name: LOCK_FILES[0], state: "missing", why: "not locked: python" }),
      expect.objectContaining({ name: LOCK_FILES[1], state: "missing" }),
    ]);
    lock("0".repeat(64));
    expect((await rows()).map(({ state }) => state)).toEqual(["later", "later"]);
    await emulated.emulator.createBucket("sakura-software", REGION);
    expect(await rows()).toEqual([
      expect.objectContaining({ state: "later", why: expect.stringContaining("lacks 1 of 1 file") }),
      expect.objectContaining({ state: "later" }),
    ]);
    const [locked] = readLockFile(folder, LOCK_FILES[0]!) as LockedEntry[];
    await aws.s3.send(new PutObjectCommand({ Bucket: "sakura-software", Key: objectKey(locked!), Body: "x" }));
    expect((await rows()).map(({ state }) => state)).toEqual(["there", "there"]);
    expect(await rowsOf([stack({})], (subject) => hostSoftware(folder, literal, subject))).toHaveLength(1);
  });
});

describe("what an account or a region has once (SEC-072, SEC-074, SEC-075)", () => {
  const trail = resource("aws_cloudtrail", { name: "tss-trail" });
  const recorder = resource("aws_config_configuration_recorder", { name: "tss-recorder" });
  const detector = resource("aws_guardduty_detector", { enable: true });

  it("is missing nowhere in a new account", async () => {
    for (const json of [trail, recorder, detector]) expect(await rowOf(json)).toMatchObject({ state: "there" });
  });

  it("a trail of somebody else is told, the stack's own is not", async () => {
    await emulated.emulator.createBucket("sakura-trail", REGION);
    await aws.json("cloudtrail", "CreateTrail", { Name: "tss-trail", S3BucketName: "sakura-trail" });
    expect(await rowOf(trail)).toMatchObject({ state: "there" });
    await aws.json("cloudtrail", "CreateTrail", { Name: "organisation", S3BucketName: "sakura-trail" });
    expect(await rowOf(trail)).toMatchObject({
      state: "missing",
      why: "this account has the trail organisation already: a second copy of management events is billed",
      make: "accountWide.trail: { existing: true } in the literal",
    });
  });

  it("a recorder of somebody else is told, the stack's own is not", async () => {
    const ConfigurationRecorder = {
      name: "default",
      roleARN: `arn:aws:iam::${ACCOUNT}:role/recorder`,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    };
    await aws.json("config", "PutConfigurationRecorder", { ConfigurationRecorder });
    expect(await rowOf(recorder)).toMatchObject({
      state: "missing",
      why: `this account has the recorder default in ${REGION} already: a region has one`,
      make: "accountWide.config: { existing: true } in the literal",
    });
    expect(await rowOf(resource("aws_config_configuration_recorder", { name: "default" }))).toMatchObject({ state: "there" });
  });

  it("a detector without the stack's tags is told, one that has them is not", async () => {
    const make = (region: string, tags: Readonly<Record<string, string>>) =>
      fetch(`${emulated.emulator.endpoint}/detector`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/${region}/guardduty/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: JSON.stringify({ enable: true, clientToken: "once", tags }),
      });
    await make("us-east-1", TAGS);
    expect(await rowOf(resource("aws_guardduty_detector", { enable: true, provider: "aws.us-east-1" }))).toMatchObject({ state: "there" });
    await make(REGION, { Owner: "somebody" });
    expect(await rowOf(detector)).toMatchObject({
      state: "missing",
      why: expect.stringMatching(new RegExp(`^this account has the detector \\w+ in ${REGION} already: a region has one$`)),
      make: "accountWide.guardDuty: { existing: true } in the literal",
    });
  });
});

it("all that was asked is what the plan role may ask, and the other way round", () => {
  const asked = calls.flatMap(({ mock }) =>
    mock.calls.flatMap(([service, operation], index) => (filling.has(mock.contexts[index]) ? [] : [`${service}:${operation}`])),
  );
  // S3 is asked by its own client; `ssm:GetParameters` has a statement of its own, and whose credentials these are everybody may ask.
  const others = ["s3:ListBucket", "ssm:GetParameters", "sts:GetCallerIdentity"];
  expect([...new Set([...asked, ...others])].sort()).toEqual([...new Set([...PREFLIGHT_ACTIONS, ...others])].sort());
});
