import { loadEnvironments } from "../../fixtures/environments";
import type { Environment } from "../../../environments/schema";
import { shapesIn, type Box, type Picture } from "../../../review/pictures/graph";
import { layout } from "../../../review/pictures/layout";
import { overview } from "../../../review/pictures/overview";
import { Stacks } from "../../../review/pictures/synthesised-stacks";
import { Rights } from "../../../review/pictures/rights";
import { stackPicture } from "../../../review/pictures/stack";
import { textWidth, wrapped } from "../../../review/pictures/text-width";
import { Components, type Component } from "../../../review/pictures/components";
import { Tiers } from "../../../review/pictures/tiers";
import { geometryErrors } from "../../helpers/geometry";
import { synthEnvironments, type StackJson } from "../../helpers/synth";

const environments = loadEnvironments();
const prod = environments.find(({ name }) => name === "prod")!;
/** Every environment as it is, and prod on each other platform. */
const cases: Readonly<Record<string, Environment>> = {
  ...Object.fromEntries(environments.map((environment) => [environment.name, environment])),
  "prod on ecs": { ...prod, platform: "ecs" },
  "prod without services": { ...prod, platform: "none" },
  "prod on another cluster": { ...prod, platform: { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "office" } },
};
const synthesised = new Map<string, Readonly<Record<string, StackJson>>>();
const stacksOf = (name: string) => {
  if (!synthesised.has(name)) synthesised.set(name, synthEnvironments({ environments: [cases[name]!], target: { kind: "aws" } }));
  return synthesised.get(name)!;
};
const overviewOf = (name: string) => overview(cases[name]!.name, stacksOf(name));
const boxesOf = ({ shapes }: Picture) => [...shapesIn(shapes)].filter((shape): shape is Box => shape.kind === "box");
const resources = (stacks: Readonly<Record<string, StackJson>>, type: string) =>
  Object.entries(stacks).flatMap(([stack, { resource = {} }]) =>
    Object.values(resource[type] ?? {}).map((block) => ({
      stack,
      block,
      path: (block["//"] as { metadata: { path: string } }).metadata.path.split("/"),
    })),
  );

describe.each(Object.keys(cases))("the overview of %s", (name) => {
  it("has boxes inside frames, texts inside boxes, and nothing that overlaps or is run through", async () => {
    const picture = overviewOf(name);
    expect(geometryErrors(picture, await layout(picture))).toEqual([]);
  });

  it("draws every rule of a security group between two components as a line between them, with its port", () => {
    const { edges, shapes } = overviewOf(name);
    const stacks = new Stacks(stacksOf(name));
    const components = new Components(stacks, new Tiers(stacks), new Rights(stacks));
    const notes = (id: string) => [...shapesIn(shapes)].find((shape) => shape.id === id)!.lines ?? [];
    const rules = stacks
      .of("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
      .filter(({ block }) => block.referenced_security_group_id !== undefined);
    expect(rules.length).toBeGreaterThan(1);
    for (const rule of rules) {
      const [own, peer] = [rule.block.security_group_id, rule.block.referenced_security_group_id].map((value) =>
        components.withGroup(stacks.references(rule, value)[0]!.key),
      ) as [Component[], Component[]];
      expect([rule.key, own.length > 0, peer.length > 0]).toEqual([rule.key, true, true]);
      const [from, to] = rule.type.includes("ingress") ? [peer, own] : [own, peer];
      const port = rule.block.from_port === undefined ? "all ports" : String(rule.block.from_port);
      for (const [source, target] of from.flatMap((source) => to.map((target) => [source, target] as const))) {
        const labels =
          source === target
            ? notes(source.id).map((line) => line.replace("among each other: ", ""))
            : edges
                .filter((edge) => edge.kind === "traffic" && edge.from === source.id && edge.to === target.id)
                .map(({ label = "" }) => label);
        expect([rule.key, labels.some((label) => label === port || label.split(/[ ,]+/).includes(port))]).toEqual([rule.key, true]);
      }
    }
  });

  it("draws everything that keeps something", () => {
    const stacks = stacksOf(name);
    const texts = boxesOf(overviewOf(name)).map(({ title, lines }) => [title, ...lines].join("\n"));
    const inBox = (title: string, word: string) => texts.filter((text) => text.startsWith(title)).some((text) => text.includes(word));
    for (const [type, title] of [
      ["aws_s3_bucket", "S3 buckets"],
      ["aws_dynamodb_table", "DynamoDB tables"],
      ["aws_sqs_queue", "SQS queues"],
      ["aws_secretsmanager_secret", "Secrets Manager"],
      ["aws_sns_topic", "SNS topics"],
    ] as const) {
      for (const { path } of resources(stacks, type))
        // Dead letters of a function are named by it, as it is where one looks.
        expect([type, path.join("/"), inBox(title, path.at(-2) === "dead-letters" ? path.at(-3)! : path.at(-2)!)]).toEqual([
          type,
          path.join("/"),
          true,
        ]);
    }
    for (const { path } of resources(stacks, "aws_ecr_repository"))
      expect(inBox("ECR repositories", path[1]!.replace("service-", ""))).toBe(true);
    for (const [type, title] of [
      ["aws_db_instance", "RDS database"],
      ["aws_elasticache_replication_group", "ElastiCache"],
      ["aws_elasticache_cluster", "ElastiCache"],
      ["aws_eks_cluster", "Kubernetes API"],
    ] as const) {
      expect([type, texts.filter((text) => text.startsWith(title)).length]).toEqual([
        type,
        Math.max(resources(stacks, type).length, texts.filter((text) => text.startsWith(title)).length),
      ]);
      if (resources(stacks, type).length > 0) expect(texts.some((text) => text.startsWith(title))).toBe(true);
    }
  });
});

describe("what the overview of prod says", () => {
  const find = (title: string, word = "") =>
    boxesOf(overviewOf("prod")).find((box) => box.title === title && [...box.lines].join(" ").includes(word))!;
  const between = (from: Box, to: Box) =>
    overviewOf("prod")
      .edges.filter((edge) => edge.from === from.id && edge.to === to.id)
      .map(({ label }) => label);

  it("traders reach the Windows host through the load balancer, it the cache, and the broker through NAT", () => {
    const [traders, balancer, host, cache] = [find("Traders"), find("Load balancer", "ui"), find("Windows host"), find("ElastiCache")];
    expect(between(traders, balancer)).toEqual(["80, 443"]);
    expect(between(balancer, host)).toEqual(["8501 Streamlit"]);
    expect(between(host, cache)).toEqual(["6379 Redis"]);
    expect(between(host, find("NAT gateways"))).toEqual(["80, 443, 993"]);
    expect(between(find("NAT gateways"), find("MT5 broker"))).toHaveLength(1);
  });

  it("shows who calls which service, and the copies in the second region", () => {
    const callsOf = (box: Box) =>
      overviewOf("prod")
        .edges.filter(({ from, kind }) => from === box.id && kind === "right")
        .map(({ to }) => to.replace(/^\S+ /, ""))
        .sort();
    expect(callsOf(find("Windows host"))).toEqual(["DynamoDB tables", "S3 buckets", "SNS topics", "SQS queues", "Secrets Manager"]);
    expect(callsOf(find("data", "pods"))).toEqual(["S3 buckets"]);
    expect(overviewOf("prod").edges).toContainEqual({
      from: "ap-northeast-1 S3 buckets",
      to: "ap-northeast-3 S3 buckets",
      kind: "flow",
      label: "replication",
    });
  });

  it("counts what is many, in words that fit a single one", () => {
    const { lines } = boxesOf(overviewOf("prod")).find(({ title }) => title === "CloudWatch")!;
    expect(lines).toEqual(
      expect.arrayContaining(["1 alarm on alarms", "1 dashboard", "4 saved queries", expect.stringMatching(/^\d+ alarms$/)]),
    );
  });

  it("gives a type that nobody described a plain box with a name made of its own", () => {
    const stacks = {
      ...stacksOf("prod"),
      "prod-new": {
        resource: {
          aws_sfn_state_machine: { machine: { "//": { metadata: { path: "prod-new/nightly/state-machine" } }, name: "nightly" } },
        },
        provider: stacksOf("prod")["prod-data"]!.provider,
      },
    };
    const box = boxesOf(overview("prod", stacks)).find(({ title }) => title === "Step Functions state machine");
    expect(box).toMatchObject({ lines: ["nightly state-machine"], icon: undefined });
  });
});

describe("the pictures of stacks", () => {
  it.each([...environments.map(({ name }) => name), "prod on ecs"])(
    "of %s have nothing that overlaps or is run through, and each part of the stack",
    async (name) => {
      const stacks = stacksOf(name);
      for (const stack of Object.keys(stacks)) {
        const picture = stackPicture(stack, stacks);
        expect([stack, geometryErrors(picture, await layout(picture))]).toEqual([stack, []]);
        const parts = new Set(
          Object.values(stacks[stack]!.resource ?? {})
            .flatMap((blocks) => Object.values(blocks))
            .map((block) => (block["//"] as { metadata: { path: string } }).metadata.path.split("/").slice(0, 2).join("/")),
        );
        expect(boxesOf(picture).map(({ id }) => id)).toEqual(expect.arrayContaining([...parts]));
      }
    },
  );
});

describe("widths of texts", () => {
  it("are Helvetica's, and wider than wide for what the table does not have", () => {
    expect(textWidth("Windows host", 1000)).toBe(944 + 222 + 556 + 556 + 556 + 722 + 500 + 278 + 556 + 556 + 500 + 278);
    expect(textWidth("il", 1000, true)).toBe(278 + 278);
    expect(textWidth("東", 12)).toBe(12);
  });

  it("wrap lines at words; a word that is too long stands alone", () => {
    expect(wrapped("a b", 1000, 1500)).toEqual(["a b"]);
    expect(wrapped("a b", 1000, 1300)).toEqual(["a", "b"]);
    expect(wrapped("abcdefgh b", 1000, 100)).toEqual(["abcdefgh", "b"]);
  });
});
