/** The documents' cost tables as data, and beside the estimate. */
import { DOCUMENTED } from "../../review/cost/documents";
import { environment, type Edits } from "../environments/edits";
import { estimate } from "../../review/cost/estimate";
import { costOf, prod, resource } from "./cost-cases";

const IDLE: Edits = Object.fromEntries(Object.keys(prod.cost.usage).map((key) => [`cost.usage.${key}`, 0]));
const dev = environment("dev", IDLE);
const tableOf = (id: string) => DOCUMENTED.find((table) => table.id === id)!;
const sum = (id: string) => tableOf(id).lines.reduce((total, { dollars }) => total + dollars, 0);

it("are those of the specification, with their totals", () => {
  expect(DOCUMENTED.map(({ id, dollars, environment: of }) => [id, dollars, of])).toEqual([
    ["CST-008", 43.5, "dev"],
    ["CST-009", 34.06, "dev"],
    ["CST-010", 37.49, "prod"],
    ["CST-015", 0, undefined],
    ["CST-016…CST-019", 86, undefined],
  ]);
});
it.each([
  ["CST-008", 43.5],
  ["CST-015", 0],
  ["CST-016…CST-019", 86],
])("the lines of %s add up to $%d", (id, dollars) => expect(sum(id)).toBe(dollars));
it("have the documented lines", () => {
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
  expect(tableOf("CST-015").lines.map(({ id }) => id)).toEqual(["CST-011", "CST-012", "CST-013", "CST-014"]);
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
      estimated: expect.closeTo(hours * 0.0456, 4) as number,
      reason:
        "$24.00 over 730 hours are $0.0329 an hour; t3.small with Windows costs $0.0456 here, and the host runs 534 hours, being stopped at the weekend.",
    });
  });
  it("say what is not built, and how many secrets are", () => {
    expect(baseline.lines[2]).toEqual({
      what: "CST-003 ElastiCache cache.t3.micro",
      documented: 8,
      estimated: undefined,
      reason: "Not built.",
    });
    expect(baseline.lines[6]).toEqual({
      what: "CST-007 Secrets Manager, 5 secrets (being set up)",
      documented: 2.5,
      estimated: 0.8,
      reason: "$2.50 are five secrets at $0.50; 2 are built, at $0.40.",
    });
  });
  it("list what the table leaves out, computed, and what has no price", () => {
    const addresses = hours * 0.005 + 3.65;
    expect(baseline.lines.slice(7)).toEqual([
      { what: "public addresses", estimated: expect.closeTo(addresses, 4) as number, reason: "Not in the document's table." },
      { what: "volumes", estimated: 2.88, reason: "Not in the document's table." },
    ]);
    expect(baseline.reasons).toContain(`Built beside what it lists: public addresses $${addresses.toFixed(2)}, volumes $2.88.`);
    expect(baseline.reasons).toContain("Not in the estimate, because no price is known: sns.request.");
    expect(baseline.reasons).toContain("CloudTrail, Config and GuardDuty are in neither.");
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
  it("say why there is none", () => {
    const elsewhere = costOf([], prod).documented;
    expect(elsewhere.map(({ id, reasons }) => [id, reasons[0]])).toEqual([
      ["CST-008", "It describes dev."],
      ["CST-009", "It describes dev."],
      [
        "CST-010",
        "The document gives the total (about 5,700 yen) without lines; NAT gateways, a load balancer and RDS in two zones stand in its diagrams, and it has no room for any of them.",
      ],
      ["CST-015", "No environment builds this tier, so there is nothing to estimate."],
      ["CST-016…CST-019", "No environment builds this tier, so there is nothing to estimate."],
    ]);
  });
  it("give no reason where they agree", () => {
    const cache = resource("aws_elasticache_cluster", { node_type: "cache.t3.micro", num_cache_nodes: 1 });
    expect(costOf([cache], dev).documented[0]!.lines[2]).toEqual({
      what: "CST-003 ElastiCache cache.t3.micro",
      documented: 8,
      estimated: 18.98,
      reason: "$8.00 over 730 hours are $0.0110 an hour; cache.t3.micro costs $0.0260 here. D4 has $15 for the same node.",
    });
    // 2.5 million requests are a dollar.
    const queue = resource("aws_sqs_queue", { name: "orders" });
    const busy = environment("dev", { ...IDLE, "cost.usage.queueRequests": 2_500_000 });
    expect(costOf([queue], busy).documented[0]!.lines[4]).toEqual({
      what: "CST-005 SQS standard queue",
      documented: 1,
      estimated: 1,
      reason: undefined,
    });
  });
});
