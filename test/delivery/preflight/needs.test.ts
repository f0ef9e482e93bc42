/** What is asked for is what the synthesised stacks say; how AWS's refusals are told. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { rowsText, wouldFail } from "../../../commands/preflight/rows";
import { Aws } from "../../../delivery/aws";
import { needsOf, preflight } from "../../../delivery/preflight";
import type { Row } from "../../../delivery/preflight/need";
import type { Environment } from "../../../environments/schema";
import type { StackJson, SynthesisedStack } from "../../../terraform/assembly";
import { environment, type Base, type Edits } from "../../environments/edits";
import { synthEnvironments } from "../../helpers/synth";

const stack = (name: string, json: StackJson): SynthesisedStack => ({ name, json, folder: "", dependencies: [], digest: "" });

function needs(literal: Environment, only: (stack: string) => boolean = () => true): string[] {
  const stacks = synthEnvironments({ environments: [literal], target: { kind: "aws" } });
  const subject = {
    environment: literal,
    stacks: Object.entries(stacks)
      .filter(([name]) => only(name))
      .map(([name, json]) => stack(name, json as StackJson)),
    aws: () => {
      throw new Error("nobody is asked here");
    },
  };
  const all = subject.stacks.length;
  return needsOf(subject).map(
    ({ kind, name, stacks: by }) => `${kind} ${name}: ${by.length === all ? "all" : by.map((one) => one.replace(/^\w+-/, "")).join(", ")}`,
  );
}
const of = (base: Base, edits: Edits = {}, only?: (stack: string) => boolean) => needs(environment(base, edits), only);

describe("what is asked for", () => {
  it("of an environment on EKS", () => {
    expect(of("prod")).toMatchInlineSnapshot(`
     [
       "state bucket tss-terraform-state-777788889999: all",
       "service-linked role arn:aws:iam::777788889999:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling: services",
       "service-linked role arn:aws:iam::777788889999:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing: trading, web",
       "service-linked role arn:aws:iam::777788889999:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS: web",
       "certificate arn:aws:acm:ap-northeast-1:777788889999:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000003: trading",
       "hosted zone example.com.: web",
       "availability zone ap-northeast-1a: network",
       "availability zone ap-northeast-1c: network",
       "parameter /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64: trading",
       "parameter /aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base: trading",
       "container image day-trade-data:0.1.0: services",
       "container image day-trade-ml:0.1.0: services",
       "container image day-trade-scheduler:0.1.0: services",
       "container image kabu-trade-api:0.1.0: web",
       "quota Elastic IP addresses, ap-northeast-1: network",
       "quota VPCs per region, ap-northeast-1: network",
       "quota vCPUs of standard instances (A, C, D, H, I, M, R, T, Z), ap-northeast-1: services, trading",
       "quota concurrent executions of functions, ap-northeast-1: events, trading",
       "secret TSS/mt5/live: data",
       "secret TSS/windows/logon: data",
       "secret TSS/slack/webhook: events",
       "secret kabu-trade/database: web",
       "cost allocation tag Environment: account",
       "cost allocation tag Project: account",
       "program aws: workloads",
       "trail tss-trail: account",
       "recorder tss-recorder in ap-northeast-3: account",
       "recorder tss-recorder in ap-northeast-1: account",
       "recorder tss-recorder in us-east-1: account",
       "detector ap-northeast-3: account",
       "detector ap-northeast-1: account",
       "detector us-east-1: account",
     ]
    `);
  });
  it("of one on ECS in the default VPC", () => {
    expect(of("dev")).toMatchInlineSnapshot(`
     [
       "state bucket tss-terraform-state-111122223333: all",
       "service-linked role arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS: services",
       "service-linked role arn:aws:iam::111122223333:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing: services",
       "certificate arn:aws:acm:ap-northeast-1:111122223333:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000011: services",
       "default VPC ap-northeast-1: network",
       "availability zone ap-northeast-1a: network",
       "availability zone ap-northeast-1c: network",
       "parameter /aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base: trading",
       "parameter /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64: web",
       "container image day-trade-data-dev:0.1.0: services",
       "container image day-trade-ml-dev:0.1.0: services",
       "container image day-trade-scheduler-dev:0.1.0: services",
       "quota Elastic IP addresses, ap-northeast-1: web",
       "quota vCPUs of standard instances (A, C, D, H, I, M, R, T, Z), ap-northeast-1: trading, web",
       "quota concurrent executions of functions, ap-northeast-1: events",
       "secret TSS/mt5/demo-dev: data",
       "secret TSS/windows/logon-dev: data",
       "secret TSS/slack/webhook-dev: events",
       "secret kabu-trade/database-dev: web",
     ]
    `);
  });
  it("is nothing of services that are switched off, and nothing of their images that nobody pushed yet", () => {
    expect(of("dev", { platform: "none" }).join()).not.toMatch(/container image|certificate|service-linked/);
    expect(of("prod", { platform: "none" }).join()).not.toMatch(/AutoScaling|container image day-trade|program/);
  });
  it("is nothing of functions that reserve none", () => {
    expect(of("dev", { "events.functions.reservedConcurrency": null }).join()).not.toContain("concurrent executions");
  });
  it("is what the chosen stacks need; the boundary of their roles, once the bootstrap is not among them", () => {
    const found = of("prod", {}, (name) => name === "prod-events");
    expect(found).toEqual(expect.arrayContaining(["state bucket tss-terraform-state-777788889999: all", "secret TSS/slack/webhook: all"]));
    expect(found.join()).not.toMatch(/certificate|image|vCPUs|mt5/);
    expect(of("prod", {}, (name) => name === "prod-trading")).toContain("policy arn:aws:iam::777788889999:policy/tss-boundary-prod: all");
  });
  it("changes with a literal's image, zone, principal", () => {
    const found = of("prod", {
      "windows.image": { id: "ami-0dafcef159b1fc745", architecture: "x86_64" },
      "cluster.eks.access.operations": ["trading-operations"],
    });
    expect(found).toContain("machine image ami-0dafcef159b1fc745: trading");
    expect(found).toContain("principal arn:aws:iam::777788889999:role/trading-operations: services");
    expect(found.join()).not.toContain("Windows_Server");
  });
});

describe("an answer that is none", () => {
  let server: Server;
  let endpoint: string;
  let status = 403;
  let body = "";
  let asked = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked += 1;
      request.resume();
      response.writeHead(status).end(body);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  const aws = () => new Aws({ region: "ap-northeast-1", endpoint, credentials: { accessKeyId: "k", secretAccessKey: "s" } });
  beforeEach(() => {
    asked = 0;
    status = 403;
  });

  const DENIED: readonly (readonly [string, string, (client: Aws) => Promise<unknown>, string])[] = [
    [
      "JSON",
      '{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}',
      (client) => client.json("acm", "DescribeCertificate", {}),
      "acm:DescribeCertificate",
    ],
    [
      "EC2's",
      "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>",
      (client) => client.query("ec2", "DescribeVpcs"),
      "ec2:DescribeVpcs",
    ],
    [
      "IAM's",
      "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
      (client) => client.query("iam", "GetRole", { RoleName: "r" }),
      "iam:GetRole",
    ],
  ];
  it.each(DENIED)("names the right that is missing: %s", async (_, text, ask, action) => {
    body = text;
    await expect(ask(aws())).rejects.toMatchObject({ isDenied: true, action, message: "no" });
    expect(asked).toBe(1);
  });
  it("is a row that blocks nothing, with the right's name", async () => {
    const identity =
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>100000000001</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    const json: StackJson = {
      provider: { aws: [{ region: "ap-northeast-1", access_key: "k", secret_key: "s", endpoints: [{ ec2: endpoint }] }] },
      resource: { aws_secretsmanager_secret: { one: { name: "TSS/x" } } },
    };
    const answers: readonly (readonly [number, string])[] = [
      [200, identity],
      [400, '{"__type":"AccessDeniedException","message":"User is not authorized"}'],
    ];
    [status, body] = answers[0]!;
    server.once("request", () => {
      setImmediate(() => ([status, body] = answers[1]!));
    });
    const rows = await preflight({
      environment: { name: "dev", account: "100000000001", region: "ap-northeast-1", bootstrap: undefined },
      stacks: [stack("dev-data", json)],
    });
    expect(rows).toEqual([
      expect.objectContaining({ kind: "account", state: "there" }),
      expect.objectContaining({ kind: "secret", state: "unknown", why: "the right secretsmanager:DescribeSecret is missing" }),
    ]);
    expect(wouldFail(rows)).toBe(false);
  });
  it("is asked for again where AWS is only busy", async () => {
    [status, body] = [400, '{"__type":"ThrottlingException"}'];
    server.once("request", () => {
      setImmediate(() => ([status, body] = [200, '{"ok":true}']));
    });
    expect(await aws().json("ecr", "DescribeImages", {})).toEqual({ ok: true });
    expect(asked).toBe(2);
  });
  it("is asked for again where the connection is reset; where it always is, the message names the proxy that Node does not take", async () => {
    const resets = (times: number) => {
      server.prependListener("request", function reset(request: IncomingMessage) {
        if (times === 0) server.off("request", reset);
        else request.socket.destroy();
        times -= 1;
      });
    };
    [status, body] = [200, '{"ok":true}'];
    resets(1);
    expect(await aws().json("ecr", "DescribeImages", {})).toEqual({ ok: true });
    expect(asked).toBe(2);
    resets(4);
    await expect(aws().json("ecr", "DescribeImages", {})).rejects.toThrow(
      `${new URL(endpoint).host} does not answer; behind a proxy, Node 22.21 or newer takes HTTPS_PROXY only with NODE_USE_ENV_PROXY=1`,
    );
    expect(asked).toBe(6);
  });
  it("of the account itself is an error: nothing could be asked", async () => {
    body =
      "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token is invalid.</Message></Error></ErrorResponse>";
    const json: StackJson = {
      provider: { aws: [{ region: "ap-northeast-1", access_key: "k", secret_key: "s", endpoints: [{ ec2: endpoint }] }] },
    };
    await expect(
      preflight({
        environment: { name: "dev", account: "100000000001", region: "ap-northeast-1", bootstrap: undefined },
        stacks: [stack("dev-data", json)],
      }),
    ).rejects.toThrow(
      "AWS does not say whose credentials these are: sts:GetCallerIdentity: The security token is invalid. Without credentials nothing can be asked of the account 100000000001.",
    );
  });
});

it("the table says of all what it is, and below it what to do about the rest", () => {
  const rows: Row[] = [
    { kind: "account", name: "100000000001", stacks: [], state: "there" },
    {
      kind: "certificate",
      name: "arn:aws:acm:r:1:certificate/0a1b",
      stacks: ["dev-services"],
      state: "missing",
      why: "there is none",
      make: "aws acm …",
    },
    { kind: "secret", name: "TSS/x", stacks: ["dev-data"], state: "later", why: "it is empty", make: "aws secretsmanager …" },
  ];
  expect(rowsText("dev", rows)).toMatchInlineSnapshot(`
   "state             what         which         for
   ─────────────────────────────────────────────────────
   there             account      100000000001  all
   MISSING           certificate  …0a1b         services
   after the deploy  secret       TSS/x         data

   MISSING: certificate arn:aws:acm:r:1:certificate/0a1b: there is none
     aws acm …
   after the deploy: secret TSS/x: it is empty
     aws secretsmanager …

   A deploy would fail: 1 of 3 missing. Nothing was made."
  `);
  expect([wouldFail(rows), wouldFail(rows.filter(({ state }) => state !== "missing"))]).toEqual([true, false]);
  expect(rowsText("dev", rows.slice(0, 1))).toContain("Nothing is missing that a deploy needs.");
});
