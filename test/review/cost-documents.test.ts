/** The documents' cost tables as data, what the estimator makes of what they describe, and beside the estimate of an environment. */
import { documentedJson, documentedText } from "../../commands/cost/documented-text";
import { documentedCosts } from "../../review/cost/documents";
import { DOCUMENTED } from "../../review/cost/documented";
import { allowed, described, price } from "../../review/cost/documented/table";
import { dollarsFor, TOKYO } from "../../environments/facts/prices";
import { environment, type Edits } from "../environments/edits";
import { estimate } from "../../review/cost/estimate";
import { cents, costOf, prod, resource } from "./cost-cases";

const IDLE: Edits = Object.fromEntries(Object.keys(prod.cost.usage).map((key) => [`cost.usage.${key}`, 0]));
const dev = environment("dev", IDLE);
const tableOf = (id: string) => DOCUMENTED.find((table) => table.id === id)!;
const sum = (id: string) => tableOf(id).lines.reduce((total, { dollars }) => total + dollars, 0);
const alone = documentedCosts([], undefined);
const costsOf = (id: string) => alone.find((table) => table.id === id)!;

describe("the documents' figures", () => {
  it("are those of the specification, with their totals", () => {
    expect(DOCUMENTED.map(({ id, dollars, environment: of }) => [id, dollars, of])).toEqual([
      ["CST-008", 43.5, "dev"],
      ["CST-009", 34.06, "dev"],
      ["CST-010", 37.49, "prod"],
      ["CST-015", 0, undefined],
      ["CST-011…CST-014", 0, undefined],
      ["CST-016…CST-019", 86, undefined],
    ]);
  });
  it.each([
    ["CST-008", 43.5],
    ["CST-015", 0],
    ["CST-011…CST-014", 0],
    ["CST-016…CST-019", 86],
  ])("%s: the lines add up to $%d, the document's total", (id, dollars) => expect(sum(id)).toBe(dollars));
  it.each(["CST-009", "CST-010"])("%s has no line to add up, which is said with C-61", (id) => {
    expect(tableOf(id).lines).toEqual([]);
    expect(tableOf("CST-010").reasons[0]).toContain("it has no room for any of them.");
    expect(tableOf("CST-010").contradictions).toContain("C-61");
  });
  it("stand line by line", () => {
    expect(tableOf("CST-008").lines.map(({ id, dollars }) => [id, dollars])).toEqual([
      ["CST-001", 24],
      ["CST-002", 3],
      ["CST-003", 8],
      ["CST-004", 2],
      ["CST-005", 1],
      ["CST-006", 3],
      ["CST-007", 2.5],
    ]);
    expect(tableOf("CST-016…CST-019").lines.map(({ id, dollars }) => [id, dollars])).toEqual([
      ["CST-016", 16],
      ["CST-017", 30],
      ["CST-018", 25],
      ["CST-019", 15],
    ]);
  });
  it("of the free tier have the documents' shares", () => {
    expect(tableOf("CST-015").lines.map(({ id, allowance }) => [id, allowed(allowance!)])).toEqual([
      ["CST-011", "730 of 750 hours free, 97 %"],
      ["CST-012", "730 of 750 hours free, 97 %"],
      ["CST-013", "1 of 5 GB free, 20 %"],
      ["CST-014", "3 of 50 GB free, 6 %"],
    ]);
    expect(tableOf("CST-011…CST-014").lines.at(-1)).toMatchObject({ id: "OBS-012", allowance: { used: 10, free: 10, unit: "metrics" } });
  });
});

describe("what they describe", () => {
  const hours = 730;
  /** Worked out by hand from the price table: what has a price and an amount, and what has not. */
  it.each<[table: string, line: string, dollars: number | undefined, missing: readonly string[] | undefined]>([
    ["CST-008", "CST-001 EC2 t3.small (Windows)", hours * (0.0272 + 0.0184), undefined],
    ["CST-008", "CST-002 DynamoDB on demand", undefined, ["dynamodb.gigabyte", "dynamodb.read", "dynamodb.recovery", "dynamodb.write"]],
    ["CST-008", "CST-003 ElastiCache cache.t3.micro", hours * 0.026, undefined],
    ["CST-008", "CST-004 S3 Standard, 10 GB", 10 * 0.025, ["s3.read", "s3.write"]],
    ["CST-008", "CST-005 SQS standard queue", undefined, ["sqs.request"]],
    ["CST-008", "CST-006 CloudWatch logs and metrics", 3 * 0.1, ["logs.in", "logs.kept"]],
    ["CST-008", "CST-007 Secrets Manager, 5 secrets (being set up)", 5 * 0.4, undefined],
    ["CST-008", "volumes", 30 * 0.096, undefined],
    ["CST-008", "public addresses", hours * 0.005, undefined],
    ["CST-008", "transfer", undefined, ["transfer.internet"]],
    ["CST-009", "machines", hours * 0.0216, undefined],
    ["CST-009", "cache", hours * 0.025, undefined],
    ["CST-009", "volumes", 10 * 0.096, undefined],
    ["CST-009", "public addresses", hours * 0.005, undefined],
    ["CST-009", "CloudWatch", 6 * 0.1 + 5 * 0.3, ["logs.in", "logs.kept"]],
    ["CST-009", "secrets", 3 * 0.4, undefined],
    ["CST-009", "dashboards", 3, undefined],
    ["CST-009", "SQS", undefined, ["sqs.request"]],
    ["CST-009", "notebooks", undefined, ["sagemaker"]],
    ["CST-010", "machines", hours * 0.0216, ["ec2.unknown"]],
    ["CST-010", "public addresses", hours * 0.005, undefined],
    ["CST-010", "volumes", (10 + 8) * 0.096, undefined],
    ["CST-015", "CST-011 EC2 t3.micro", hours * 0.0136, undefined],
    ["CST-015", "CST-012 RDS db.t3.micro", 20 * 0.138, ["rds.postgres.db.t3.micro"]],
    ["CST-015", "CST-013 S3", 0.025, ["s3.read", "s3.write"]],
    ["CST-015", "CST-014 CloudFront", 3 * 0.114, ["cloudfront.request"]],
    ["CST-011…CST-014", "CST-014 CloudFront", 50 * 0.114, ["cloudfront.request"]],
    ["CST-011…CST-014", "OBS-012 CloudWatch, basic monitoring", 10 * 0.3, undefined],
    ["CST-016…CST-019", "CST-016 Application Load Balancer", hours * 0.0243, ["alb.unit"]],
    ["CST-016…CST-019", "CST-017 ECS Fargate 0.5 vCPU, 1 GB × 2", 2 * hours * (0.5 * 0.05056 + 0.00553), undefined],
    ["CST-016…CST-019", "CST-018 RDS db.t3.small", undefined, ["rds.gp3", "rds.postgres.db.t3.small"]],
    ["CST-016…CST-019", "CST-019 ElastiCache cache.t3.micro", hours * 0.026, undefined],
  ])("%s, %s", (table, what, dollars, missing) => {
    const line = costsOf(table).lines.find((found) => found.what === what)!;
    expect([line.described === undefined ? undefined : cents(line.described), line.missing]).toEqual([
      dollars === undefined ? undefined : cents(dollars),
      missing,
    ]);
  });
  it.each([
    ["CST-008", 61.35, 10],
    ["CST-009", 44.93, 14],
    ["CST-010", 45.7, 15],
    ["CST-015", 17.47, 5],
    ["CST-011…CST-014", 25.93, 5],
    ["CST-016…CST-019", 89.0, 9],
  ])("of %s costs at least $%d, and lacks %d charges", (id, dollars, lacking) => {
    const { described: total, missing = [], lines } = costsOf(id);
    expect([cents(total), missing.length]).toEqual([dollars, lacking]);
    expect(lines.reduce((all, line) => all + (line.described ?? 0), 0)).toBeCloseTo(total, 6);
    expect([...new Set(lines.flatMap((line) => line.missing ?? []))].sort()).toEqual(missing);
  });
  it.each(alone.map((table) => [table.id, table] as const))(
    "names and counts what %s lacks, amounts apart from prices",
    (_, { missing = [], reasons }) => {
      const words = (items: readonly string[]) => `${items.length} charge${items.length === 1 ? "" : "s"} (${items.join(", ")}).`;
      const isPriced = (item: string) => dollarsFor(item, TOKYO) !== undefined;
      const [noAmount, noPrice] = [missing.filter(isPriced), missing.filter((item) => !isPriced(item))];
      expect(reasons).toContain(`Not in what it describes, because it has no amount of them: ${words(noAmount)}`);
      expect(noPrice.length).toBeGreaterThan(0);
      expect(reasons).toContain(`Not in what it describes, because no price is known: ${words(noPrice)}`);
    },
  );
  it.each(["CST-015", "CST-011…CST-014"])("of the small tier %s keeps to its checklist (CST-028)", (id) => {
    const { resources } = tableOf(id).configuration;
    expect(resources.map(({ type, values }) => [type, values?.instance_type ?? values?.instance_class])).toEqual([
      ["aws_instance", "t3.micro"],
      ["aws_db_instance", "db.t3.micro"],
      ["aws_s3_bucket", undefined],
      ["aws_cloudfront_distribution", undefined],
    ]);
  });
  it("knows every type of it", () =>
    expect(DOCUMENTED.flatMap(described).filter(({ part }) => part.formula.includes("does not know the type"))).toEqual([]));
  it("rests on prices that are there", () => expect(() => price("ec2.x1")).toThrow("The price table has no ec2.x1"));
});

describe("beside the estimate", () => {
  const windows = resource(
    "aws_instance",
    { instance_type: "t3.small", associate_public_ip_address: true, root_block_device: { volume_type: "gp3", volume_size: 30 } },
    "dev-trading/windows/machine/instance",
  );
  const secrets = [1, 2].map((index) => resource("aws_secretsmanager_secret", {}, `dev-data/secret-${index}/secret`));
  const { documented, after } = costOf([windows, ...secrets, resource("aws_sns_topic"), resource("aws_eip")], dev);
  const baseline = documented.find(({ id }) => id === "CST-008")!;
  const hours = (730 * 123) / 168;

  it("take the machine and its licence for the documented machine, at the hours that it runs", () => {
    expect(baseline.lines[0]).toEqual({
      what: "CST-001 EC2 t3.small (Windows)",
      documented: 24,
      described: expect.closeTo(730 * 0.0456, 4) as number,
      estimated: expect.closeTo(hours * 0.0456, 4) as number,
      reason:
        "$24.00 over 730 hours are $0.0329 an hour; t3.small costs $0.0272 here, and $0.0184 more with Windows. The host of dev runs 534 hours, being stopped while it rests.",
    });
  });
  it("say what is not built, and how many secrets are", () => {
    expect(baseline.lines[2]).toEqual({
      what: "CST-003 ElastiCache cache.t3.micro",
      documented: 8,
      described: 18.98,
      reason: "$8.00 over 730 hours are $0.0110 an hour; cache.t3.micro costs $0.026 here. D4 has $15 for the same node. Not built.",
    });
    expect(baseline.lines[6]).toEqual({
      what: "CST-007 Secrets Manager, 5 secrets (being set up)",
      documented: 2.5,
      described: 2,
      estimated: 0.8,
      reason: "$2.50 are five secrets at $0.50; one costs $0.40. 2 are built.",
    });
  });
  it("list what the table leaves out, computed, and what has no price", () => {
    const addresses = hours * 0.005 + 3.65;
    const rest = { reason: "Not in the document's table." };
    expect(baseline.lines.slice(7)).toEqual([
      { what: "public addresses", described: 3.65, estimated: expect.closeTo(addresses, 4) as number, ...rest },
      { what: "volumes", described: 2.88, estimated: 2.88, ...rest },
      { what: "transfer", described: undefined, missing: ["transfer.internet"], ...rest },
      // Built, and without a price: no $0.
      { what: "SNS", described: undefined, reason: "Not in the document's table. What is built of it has no known price." },
    ]);
    expect(baseline.reasons).toContain(`Built beside what it lists: public addresses $${addresses.toFixed(2)}, volumes $2.88.`);
    expect(baseline.reasons).toContain("Not in the estimate, because no price is known: sns.request.");
    expect(baseline.reasons.at(-1)).toBe(
      "CloudTrail, Config and GuardDuty are in no document's table; an estimate names them, and has no amounts.",
    );
  });
  it("say what is left without the container services, which the documents' tables do not know", () => {
    const plans = [
      { stack: "dev-trading", before: [], after: [windows] },
      { stack: "dev-services", before: [], after: secrets },
    ];
    const { after: all, documented: tables } = estimate({ plans, environment: dev });
    expect(tables[0]!.reasons).toContain(
      `With the container services and what carries them apart ($0.80), the estimate is $${(all - 0.8).toFixed(2)}.`,
    );
    expect(baseline.reasons.join()).not.toContain("container services and what carries them apart");
  });
  it("add up to the estimate", () => {
    expect(baseline.estimated).toBeCloseTo(after, 6);
    expect(baseline.lines.reduce((total, { estimated = 0 }) => total + estimated, 0)).toBeCloseTo(after, 6);
    const phase = documented.find(({ id }) => id === "CST-009")!;
    expect(phase.lines.reduce((total, { estimated = 0 }) => total + estimated, 0)).toBeCloseTo(after, 6);
  });
  it("have an estimate only where the environment builds it", () => {
    const has = (environmentCost: typeof documented) =>
      environmentCost.filter(({ estimated }) => estimated !== undefined).map(({ id }) => id);
    expect(has(documented)).toEqual(["CST-008", "CST-009"]);
    expect(has(costOf([windows], prod).documented)).toEqual(["CST-010"]);
    expect(has(costOf([windows], environment("staging")).documented)).toEqual([]);
    expect(has(estimate({ plans: [] }).documented)).toEqual([]);
  });
  it("say what builds it elsewhere, and what nothing builds", () => {
    const elsewhere = costOf([], prod).documented;
    for (const id of ["CST-015", "CST-011…CST-014"])
      expect(elsewhere.find((table) => table.id === id)!.reasons[0]).toContain("its shares of the allowances stand there");
    expect(elsewhere.map(({ id, reasons }) => [id, reasons.filter((reason) => /builds/.test(reason))])).toEqual([
      ["CST-008", ["dev builds it, and more."]],
      ["CST-009", ["dev builds it, and more."]],
      ["CST-010", []],
      ["CST-015", []],
      ["CST-011…CST-014", []],
      ["CST-016…CST-019", ["No environment builds this tier: it is priced as the document describes it."]],
    ]);
  });
  it("have a reason where they differ on one side, and a part without a price is said", () => {
    // 2.5 million requests are a dollar: the estimate agrees, and the document's own amount stays unknown.
    const queue = resource("aws_sqs_queue", { name: "orders" });
    const busy = environment("dev", { ...IDLE, "cost.usage.queueRequests": 2_500_000 });
    expect(costOf([queue], busy).documented[0]!.lines[4]).toEqual({
      what: "CST-005 SQS standard queue",
      documented: 1,
      described: undefined,
      missing: ["sqs.request"],
      estimated: 1,
      reason:
        "The document has no requests: $1.00 are 2,500,000 requests at $0.0000004; a reader that waits 20 s at a time makes 131,400 a month. By the assumptions in the literal: 2500000 requests × $0.0000004 (requests).",
    });
    const table = resource("aws_dynamodb_table", { billing_mode: "PAY_PER_REQUEST", point_in_time_recovery: { enabled: true } });
    const kept = environment("dev", { ...IDLE, "cost.usage.tableGigabytes": 1 });
    expect(costOf([table], kept).documented[0]!.lines[1]).toMatchObject({
      estimated: 0.285,
      reason: expect.stringMatching(/ A part of it has no known price\.$/) as string,
    });
  });
});

describe("on the terminal", () => {
  it("stand beside what they describe, with what is lacking marked", () => {
    const text = documentedText(alone);
    expect(text).toMatch(/^CST-001 EC2 t3\.small \(Windows\) +\$24\.00 +\$33\.29 +\+\$9\.29$/m);
    expect(text).toMatch(/^CST-004 S3 Standard, 10 GB +\$2\.00 +≥ \$0\.25 +≥ −\$1\.75$/m);
    expect(text).toMatch(/^CST-005 SQS standard queue +\$1\.00 +– +–$/m);
    expect(text).toMatch(/^Total +\$43\.50 +≥ \$61\.35 +≥ \+\$17\.85$/m);
    expect(text).toContain("  CST-005 SQS standard queue: The document has no requests:");
  });
  it("have the estimate of an environment as a last column", () => {
    const { documented } = costOf([resource("aws_eip")], dev);
    expect(documentedText(documented, "dev")).toMatch(/^Total +\$43\.50 +≥ \$61\.35 +≥ \+\$17\.85 +\$3\.65$/m);
    expect(documentedJson(documented, "dev")).toMatchObject({ version: 1, environment: "dev", tables: { length: 6 } });
    expect(documentedJson(alone)).not.toHaveProperty("environment");
  });
});
