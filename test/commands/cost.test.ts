/** `npm run cost`: what it estimates and compares, and that Cost Explorer is asked as its model wants it. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { billText, billJson, type Bill } from "../../commands/cost/bill-text";
import type { Aws } from "../../delivery/aws";
import { billed, lastMonth } from "../../delivery/cost-explorer";
import { comparedWithBill, missedBy, serviceOf } from "../../review/cost/billed";
import { detailedLines } from "../../review/cost/lines";
import { PRICES } from "../../environments/facts/prices";
import { answeringAws } from "../helpers/aws-answers";
import { EmulatedAccount } from "../helpers/emulated-account";
import { ProjectCopy } from "../helpers/project-copy";
import { prod, resource } from "../review/cost-cases";

const root = resolve(__dirname, "..", "..");
const MONTH = { start: "2026-10-01", end: "2026-11-01" };
const ACCOUNT = "111122223333";

describe("the command", () => {
  const copy = new ProjectCopy();
  afterAll(() => {
    copy.remove();
  });

  it("says what other values make of an environment, on both sides, and leaves cdktf.out alone", () => {
    const { status, stdout } = copy.run("cost", "dev", "--with", "services.ml.cpu=512", "--with", "services.ml.memory=1024", "--json");
    expect(status).toBe(0);
    const json = JSON.parse(stdout) as {
      dollars: { before: number; after: number; budget: number };
      constructs: { place: string; before: number; after: number }[];
      resources: { monthly?: number }[];
    };
    const ml = json.constructs.find(({ place }) => place === "dev-services/service-ml")!;
    // Twice the task of the least size: its processor and memory, not its address and metrics.
    const hours = (730 * 60) / 168;
    expect(ml.after - ml.before).toBeCloseTo(hours * (0.25 * 0.05056 + 0.5 * 0.00553), 4);
    expect(json.dollars.after - json.dollars.before).toBeCloseTo(ml.after - ml.before, 6);
    expect(json.dollars.budget).toBe(170);
    expect(json.resources.reduce((sum, { monthly = 0 }) => sum + monthly, 0)).toBeCloseTo(json.dollars.after, 6);
    expect(json.constructs.reduce((sum, { after }) => sum + after, 0)).toBeCloseTo(json.dollars.after, 1);
    expect(copy.git("status", "--short", "--ignored", "cdktf.out")).toBe("");
  });

  it("shows stacks and constructs that differ, and what a review would refuse", () => {
    const { stdout } = copy.run("cost", "dev", "--with", "windows.instanceType=t3.large");
    expect(stdout).toMatch(
      /dev would cost an estimated \$\d+\.\d\d a month of 730 hours.* beside \$\d+\.\d\d as written; its budget is \$170\.00\. With:/,
    );
    expect(stdout).toContain("  windows.instanceType = t3.large");
    expect(stdout).toMatch(/A review would refuse it \(cost\/over-budget\): The change raises the estimate/);
    expect(stdout).toMatch(/^dev-trading +\$\S+ +\$\S+ +\+\$\S+$/m);
    expect(stdout).toMatch(/^dev-trading\/windows +\$\S+ +\$\S+ +\+\$\S+$/m);
    expect(stdout).not.toMatch(/^dev-data/m);
  });

  it.each<[readonly string[], string]>([
    [["devx"], 'There is no environment "devx". Valid names: dev, staging, prod.'],
    [["dev", "--with", "cpu"], '"cpu" is not <path>=<value>, such as services.ml.cpu=512'],
    [["dev", "--with", "services.ml.cpu=513"], "allowed: one of 256, 512, 1024"],
    [[], "Name an environment, such as npm run cost -- dev, or ask for --documented or --plan <file>."],
    [["dev", "--region", "ap-northeast-1"], "--region is for --plan"],
    [["dev", "--plan", "package.json"], "--plan prices a file, and no environment beside it."],
    [["--plan", "package.json"], "package.json"],
    [["--documented", "--with", "a=1"], "cannot be used with option"],
    [["dev", "--account", "--lines"], "cannot be used with option '--lines'"],
    [["dev", "--account"], "111122223333"],
  ])("%j is refused", (words, message) => {
    const { status, stdout, stderr } = copy.run("cost", ...words);
    expect([status, stdout + stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe("a bill", () => {
  it("is of the last month that is over", () => {
    expect(lastMonth(new Date("2026-11-30T02:00:00Z"))).toEqual(MONTH);
    expect(lastMonth(new Date("2027-01-01T00:00:00Z"))).toEqual({ start: "2026-12-01", end: "2027-01-01" });
  });

  const lines = detailedLines(
    [
      {
        stack: "prod-test",
        resources: [
          resource("aws_nat_gateway", {}, "prod-test/nat/gateway"),
          resource("aws_secretsmanager_secret", {}, "prod-test/secret/secret"),
          resource("aws_msk_cluster", {}, "prod-test/kafka/kafka"),
        ],
      },
    ],
    prod,
  );
  const compared = comparedWithBill(lines, [
    { service: "EC2 - Other", usageType: "APN1-NatGateway-Hours", dollars: 46.13 },
    { service: "EC2 - Other", usageType: "APN1-NatGateway-Bytes", dollars: 10 },
    { service: "Amazon GuardDuty", usageType: "APN1-PaidEventsAnalyzed", dollars: 4.72 },
    { service: "Amazon Route 53", usageType: "DNS-Queries", dollars: 0.001 },
  ]);

  it("stands beside the estimate service by service; cents are nothing", () => {
    expect(compared.map(({ service, estimated, billed: dollars, unpriced }) => [service, estimated, dollars, unpriced])).toEqual([
      ["EC2 - Other", 46.5, 56.13, []],
      ["Amazon GuardDuty", 0, 4.72, []],
      ["Amazon Virtual Private Cloud", 3.65, 0, []],
      ["AWS Secrets Manager", 0.4, 0, []],
      ["not known", 0, 0, ["aws_msk_cluster"]],
    ]);
    expect(missedBy(compared).map(({ service }) => service)).toEqual(["Amazon GuardDuty"]);
  });

  const bill: Bill = {
    environment: "prod",
    where: "in account 111122223333 (ap-northeast-1)",
    month: MONTH,
    compared,
    untagged: [{ service: "Tax", usageType: "NoUsageType", dollars: 6 }],
  };
  it("names what the estimate missed, what it has no price for, and what is nobody's", () => {
    const text = billText(bill);
    expect(text).toContain("was billed $60.85 for the 31 days from 2026-10-01 (tag Environment=prod");
    expect(text).toContain("The estimate missed:\n  Amazon GuardDuty $4.72: APN1-PaidEventsAnalyzed $4.72");
    expect(text).toContain("Built, but without a known price:\n  not known: aws_msk_cluster");
    expect(text).toContain("so in nobody's estimate: $6.00\n  Tax $6.00");
    expect(billJson(bill)).toMatchObject({ dollars: { estimated: 50.55, billed: 60.85, untagged: 6 }, missed: ["Amazon GuardDuty"] });
  });
  it("that is empty says why that may be", () =>
    expect(billText({ ...bill, compared: comparedWithBill(lines, []) })).toMatch(
      /nothing of the tag Environment=prod .*not yet active for cost allocation/s,
    ));
});

it("every item of the price table belongs to a service", () =>
  expect(Object.keys(PRICES).filter((item) => serviceOf(item) === undefined)).toEqual([]));

describe("Cost Explorer", () => {
  const group = (service: string, dollars: string) => ({
    Keys: [service, "APN1-Some"],
    Metrics: { UnblendedCost: { Amount: dollars, Unit: "USD" } },
  });
  const answer = (groups: readonly object[], more: object = {}) => ({
    ResultsByTime: [{ TimePeriod: { Start: MONTH.start, End: MONTH.end }, Groups: groups, Total: {}, Estimated: false }],
    ...more,
  });

  /** Answers one after the other, and keeps what was asked. */
  async function standIn(answers: readonly { readonly status?: number; readonly body: object }[], work: (aws: Aws) => Promise<void>) {
    const asked: { target?: string; authorization?: string; members: object }[] = [];
    const explorer = await answeringAws((body, { headers }) => {
      const answered = answers[asked.length]!;
      asked.push({
        target: headers["x-amz-target"] as string,
        authorization: headers.authorization,
        members: JSON.parse(body) as object,
      });
      return answered;
    });
    try {
      await work(explorer.aws);
    } finally {
      explorer.close();
    }
    return asked;
  }

  it("is asked as botocore's model wants it, page after page, in its only region", async () => {
    const asked = await standIn(
      [{ body: answer([group("A", "1.5")], { NextPageToken: "more" }) }, { body: answer([group("B", "2")]) }, { body: answer([]) }],
      async (aws) => {
        expect(await billed(aws, ACCOUNT, MONTH, ["prod"])).toEqual([
          { service: "A", usageType: "APN1-Some", dollars: 1.5 },
          { service: "B", usageType: "APN1-Some", dollars: 2 },
        ]);
        expect(await billed(aws, ACCOUNT, MONTH, undefined)).toEqual([]);
      },
    );
    expect(asked.map(({ target }) => target)).toEqual(Array(3).fill("AWSInsightsIndexService.GetCostAndUsage"));
    expect(asked[0]!.authorization).toContain("/us-east-1/ce/aws4_request");
    expect(asked[1]!.members).toEqual({ ...asked[0]!.members, NextPageToken: "more" });
    const { stdout, stderr } = spawnSync(join(root, ".venv/bin/python"), [join(__dirname, "ask.py"), "ce"], {
      encoding: "utf8",
      input: [...asked.map(({ members }) => members), { ...asked[0]!.members, Granularity: "YEARLY" }]
        .map((members) => JSON.stringify({ operation: "GetCostAndUsage", members }))
        .join("\n"),
    });
    expect(stderr).toBe("");
    // The last one shows that a wrong one would be seen.
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as unknown[]).length),
    ).toEqual([0, 0, 0, 1]);
  });

  it.each([
    ["AccessDeniedException", "they lack ce:GetCostAndUsage"],
    ["DataUnavailableException", "Cost Explorer has no data yet: it is switched on in the console"],
    ["ValidationException", "why"],
  ])("that answers %s is understood", async (code, words) => {
    await standIn([{ status: 400, body: { __type: code, message: "why" } }], async (aws) => {
      await expect(billed(aws, ACCOUNT, MONTH, ["prod"])).rejects.toThrow(words);
    });
  });

  it("is found by the command, on moto's stand-in", async () => {
    const account = await EmulatedAccount.open({ account: ACCOUNT });
    try {
      const results = [answer([group("EC2 - Other", "12.5"), group("Amazon GuardDuty", "3")]), answer([group("Tax", "1")])];
      const queued = await fetch(`${account.emulator.endpoint}/moto-api/static/ce/cost-and-usage-results`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ account_id: ACCOUNT, results }),
      });
      expect(queued.status).toBe(201);
      const copy = new ProjectCopy();
      try {
        copy.variables = account.variables;
        const { status, stdout, stderr } = copy.run("cost", "dev", "--account", "--json");
        expect({ status, stderr }).toMatchObject({ status: 0 });
        const { dollars } = JSON.parse(stdout) as { dollars: { estimated: number; billed: number; untagged: number } };
        expect(dollars.billed + dollars.untagged).toBe(16.5);
        expect(dollars.estimated).toBeGreaterThan(100);
      } finally {
        copy.remove();
      }
    } finally {
      await account.close();
    }
  });
});
