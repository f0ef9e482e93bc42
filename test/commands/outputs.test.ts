/** `npm run outputs`: what is deployed, where to look at it, how to get in. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOutputs, type StackOutputs } from "../../delivery/outputs";
import { pageOf, waysIn } from "../../delivery/ways-in";
import { outputsCommand, outputsJson, outputsText } from "../../commands/outputs";
import { environmentNames, loadEnvironments } from "../../environments";
import type { Environment } from "../../environments/schema";
import { synthEnvironments } from "../helpers/synth";

const [own] = loadEnvironments();
const environment: Environment = {
  ...own!,
  account: "210987654321",
  region: "ap-northeast-1",
  platform: "ecs",
  cluster: { ...own!.cluster, executeCommand: true },
};
const outputsOf = (stack: string, values: Readonly<Record<string, unknown>>): StackOutputs => ({
  stack,
  outputs: Object.entries(values).map(([name, value]) => ({ name, value, description: `About ${name}` })),
  references: values,
});

describe("a stack's outputs", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "outputs-test-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are read from its state alone, with their descriptions; cdktf's own are for other stacks, and a sensitive one is not shown", async () => {
    const synthesised = join(folder, "stacks", "dev-events");
    mkdirSync(synthesised, { recursive: true });
    const backend = { s3: { bucket: "states", key: "dev/events.tfstate" } };
    writeFileSync(
      join(synthesised, "cdk.tf.json"),
      JSON.stringify({
        terraform: { backend, required_providers: { aws: {} } },
        provider: { aws: [{}] },
        output: { orders_queue_url: { description: "Orders", value: "${x}" } },
      }),
    );
    const asked: unknown[] = [];
    const terraform = {
      init: async (stack: { readonly folder: string }) => {
        asked.push(JSON.parse(readFileSync(join(stack.folder, "cdk.tf.json"), "utf8")));
      },
      outputs: async () => ({
        orders_queue_url: { value: "https://queue" },
        "cross-stack-output-a": { value: "arn", sensitive: true },
        password: { value: "p", sensitive: true },
        gone: { value: 1 },
      }),
    };
    const reference = (name: string) => `data.terraform_remote_state.cross-stack-reference-input-dev-events.outputs.${name}`;
    expect(await readOutputs({ name: "dev-events", folder: synthesised, dependencies: [] }, join(folder, "scratch"), terraform)).toEqual({
      stack: "dev-events",
      outputs: [
        { name: "gone", value: 1 },
        { name: "orders_queue_url", value: "https://queue", description: "Orders" },
      ],
      references: {
        [reference("cross-stack-output-a")]: "arn",
        [reference("gone")]: 1,
        [reference("password")]: "p",
        [reference("orders_queue_url")]: "https://queue",
      },
    });
    expect(asked).toEqual([{ terraform: { backend } }]);
  });

  it("are what the workloads stack refers to, so that manifests can be made of them", async () => {
    const all = synthEnvironments({ environments: [{ ...own!, platform: "eks" }], target: { kind: "aws" } });
    const references = new Set<string>();
    for (const [name, json] of Object.entries(all)) {
      const synthesised = join(folder, name);
      mkdirSync(synthesised);
      writeFileSync(join(synthesised, "cdk.tf.json"), JSON.stringify(json));
      const found = await readOutputs({ name, folder: synthesised, dependencies: [] }, join(folder, "scratch"), {
        init: async () => undefined,
        outputs: async () => (json.output ?? {}) as Readonly<Record<string, { readonly value: unknown }>>,
      });
      for (const reference of Object.keys(found.references)) references.add(reference);
    }
    const wanted = [
      ...JSON.stringify(all[`${own!.name}-workloads`]!.resource).matchAll(/data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+/g),
    ].map(([reference]) => reference);
    expect(wanted).not.toEqual([]);
    expect(wanted.filter((reference) => !references.has(reference))).toEqual([]);
  });
});

describe("the console's pages", () => {
  it.each([
    [
      "orders_queue_url",
      "https://sqs.ap-northeast-1.amazonaws.com/210987654321/orders",
      "https://ap-northeast-1.console.aws.amazon.com/sqs/v3/home?region=ap-northeast-1#/queues/https%3A%2F%2Fsqs.ap-northeast-1.amazonaws.com%2F210987654321%2Forders",
    ],
    [
      "order_state_table_name",
      "orders",
      "https://ap-northeast-1.console.aws.amazon.com/dynamodbv2/home?region=ap-northeast-1#table?name=orders",
    ],
    ["raw_bucket_name", "raw", "https://ap-northeast-1.console.aws.amazon.com/s3/buckets/raw?region=ap-northeast-1"],
    [
      "system_log_group_name",
      "/aws/ec2/system",
      "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#logsV2:log-groups/log-group/$252Faws$252Fec2$252Fsystem",
    ],
    [
      "windows_group_name",
      "axia",
      "https://ap-northeast-1.console.aws.amazon.com/ec2/home?region=ap-northeast-1#AutoScalingGroupDetails:id=axia",
    ],
    [
      "ml_repository_url",
      "210987654321.dkr.ecr.ap-northeast-1.amazonaws.com/team/ml",
      "https://ap-northeast-1.console.aws.amazon.com/ecr/repositories/private/210987654321/team/ml?region=ap-northeast-1",
    ],
    [
      "backup_vault_name",
      "backups",
      "https://ap-northeast-1.console.aws.amazon.com/backup/home?region=ap-northeast-1#/backupvaults/details/backups",
    ],
    ["vpc_id", "vpc-1", "https://ap-northeast-1.console.aws.amazon.com/vpcconsole/home?region=ap-northeast-1#VpcDetails:VpcId=vpc-1"],
    ["cluster_name", "trading", "https://ap-northeast-1.console.aws.amazon.com/ecs/v2/clusters/trading/services?region=ap-northeast-1"],
    [
      "dashboard_name",
      "Trading-System-dev",
      "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#dashboards/dashboard/Trading-System-dev",
    ],
    ["cache_endpoint", "redis:6379", undefined],
    ["windows_instance_id", undefined, undefined],
  ])("%s = %s", (name, value, page) => {
    expect(pageOf(name, value, environment)).toBe(page);
  });

  it("of a cluster is EKS's where the platform is", () => {
    expect(pageOf("cluster_name", "trading", { ...environment, platform: "eks" })).toBe(
      "https://ap-northeast-1.console.aws.amazon.com/eks/clusters/trading?region=ap-northeast-1",
    );
  });

  it.each(
    Object.entries(synthEnvironments({ environments: [own!], target: { kind: "aws" } })).filter(([stack]) =>
      /-(data|events|network|operations|trading)$/.test(stack),
    ),
  )("%s has one for each output but the endpoints", (_, { output = {} }) => {
    const names = Object.keys(output).filter((name) => !name.startsWith("cross-stack-output-"));
    expect(names.filter((name) => pageOf(name, "x/y", environment) === undefined && !name.endsWith("_endpoint"))).toEqual([]);
  });
});

describe("the ways in", () => {
  const stacks = [
    outputsOf("dev-trading", { windows_instance_id: "i-1", engine_instance_id: "i-2", system_log_group_name: "/log" }),
    outputsOf("dev-services", { cluster_name: "trading" }),
  ];

  it("are sessions on each host, RDP to Windows, and a shell in each service's tasks", () => {
    const commands = waysIn(stacks, environment).map(({ command }) => command);
    expect(commands.slice(0, 3)).toEqual([
      "aws ssm start-session --region ap-northeast-1 --target i-1",
      "aws ssm start-session --region ap-northeast-1 --target i-1 --document-name AWS-StartPortForwardingSession --parameters portNumber=3389,localPortNumber=13389",
      "aws ssm start-session --region ap-northeast-1 --target i-2",
    ]);
    expect(commands.slice(3)).toEqual(
      Object.keys(environment.services)
        .sort()
        .map(
          (service) =>
            expect.stringContaining(`aws ecs execute-command --region ap-northeast-1 --cluster trading --container ${service} `) as string,
        ),
    );
  });

  it("are none into tasks that let nobody in, and kubectl's on EKS", () => {
    const of = (changed: Partial<Environment>) => waysIn(stacks.slice(1), { ...environment, ...changed });
    expect(of({ cluster: { ...environment.cluster, executeCommand: false } })).toEqual([]);
    expect(of({ platform: "eks" })).toEqual([
      { title: "kubectl and helm", command: "aws eks update-kubeconfig --region ap-northeast-1 --name trading" },
    ]);
  });

  it("ask for the instances of a group", () => {
    expect(waysIn([outputsOf("dev-trading", { windows_group_name: "axia" })], environment)).toEqual([
      {
        title: expect.stringContaining("windows") as string,
        command: expect.stringContaining("--auto-scaling-group-names axia") as string,
      },
    ]);
  });
});

describe("the report", () => {
  const stacks = [
    outputsOf("dev-events", { orders_queue_url: "https://q" }),
    { stack: "dev-data", outputs: [], references: {} },
    outputsOf("dev-trading", { windows_instance_id: "i-1" }),
  ];

  it("names the account, links pages, and says what is not deployed", () => {
    const lines = outputsText(environment, { kind: "account", words: "in account 210987654321 (ap-northeast-1)" }, stacks).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        `${environment.name}, as it is deployed in account 210987654321 (ap-northeast-1)`,
        "  orders_queue_url = https://q",
        "      About orders_queue_url",
        "Not deployed, or without outputs: dev-data",
        "  aws ssm start-session --region ap-northeast-1 --target i-1",
      ]),
    );
    expect(lines.filter((line) => line.includes("console.aws.amazon.com"))).toHaveLength(2);
    expect(outputsJson(environment, "account", stacks)).toMatchObject({
      from: "account",
      ways: [{}, {}],
      stacks: [{ outputs: [{ console: expect.stringContaining("console.aws") as string }] }, { outputs: [] }, {}],
    });
  });

  it("of a rehearsal has no pages and no ways in, and says so", () => {
    const text = outputsText(environment, { kind: "rehearsal", words: "in the kept rehearsal at http://127.0.0.1:5000" }, stacks);
    expect(text).not.toMatch(/console\.aws|aws ssm/);
    expect(text).toContain("A rehearsal has no pages in AWS's console");
    expect(outputsJson(environment, "rehearsal", stacks)).toMatchObject({ from: "rehearsal", ways: [] });
  });

  it("is refused where nothing could be asked", async () => {
    const root = mkdtempSync(join(tmpdir(), "outputs-root-"));
    await expect(
      outputsCommand({ root, python: "" }).exitOverride().parseAsync([environmentNames[0]!, "--rehearsal"], { from: "user" }),
    ).rejects.toThrow(`npm run rehearse -- ${environmentNames[0]} --keep`);
    rmSync(root, { recursive: true });
  });
});
