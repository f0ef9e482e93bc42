/**
 * The road of a change to an account, which an emulator stands in for: reviewed against it, deployed from that review and nothing else.
 * The first deploy of an environment has the most that is not known yet; the second is a change of one value.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeployResult } from "../../delivery/result";
import { loadEnvironment } from "../fixtures/environments";
import { refusals, type Report } from "../../review/model";
import { EmulatedAccount } from "../helpers/emulated-account";
import { OPENED, openToAnOffice } from "../helpers/first-deploy";
import { ProjectCopy } from "../helpers/project-copy";

const environment = loadEnvironment("dev");
/** Without the services, whose load balancer alone takes a minute. */
const STACKS = "network,events,data,trading";
jest.setTimeout(20 * 60_000);

describe("a change that goes to an account", () => {
  const copy = new ProjectCopy();
  let account: EmulatedAccount;

  const review = () => {
    const { status, stdout, stderr } = copy.run("review", "dev", "--account");
    const report = JSON.parse(copy.read("review.out/review.json")) as Report;
    const refused = [
      ...refusals(report).map(({ rule, construct }) => `${rule} ${construct}`),
      ...report.exceptionErrors,
      ...report.environments[0]!.stacks.flatMap(({ stack, state, why }) => (state === "failed" ? [`${stack}: ${why}`] : [])),
    ];
    return {
      status,
      refused,
      output: stdout + stderr,
      report,
      states: Object.fromEntries(report.environments[0]!.stacks.map(({ stack, state }) => [stack, state])),
    };
  };
  const deploy = () => {
    const { status, stdout, stderr } = copy.run(
      "deploy",
      "dev",
      "--reviewed",
      "review.out/review.json",
      "--stacks",
      STACKS,
      "--json",
      join(account.folder, "result.json"),
    );
    return { status, output: stdout + stderr };
  };
  const outcomes = () =>
    Object.fromEntries(
      (JSON.parse(readFileSync(join(account.folder, "result.json"), "utf8")) as DeployResult).stacks.map(({ stack, outcome }) => [
        stack,
        outcome,
      ]),
    );

  beforeAll(async () => {
    openToAnOffice(copy);
    account = await EmulatedAccount.open(environment);
    await account.createStateBucket(environment);
    copy.variables = account.variables;
  });
  afterAll(async () => {
    await account.close();
    copy.remove();
  });

  it("is reviewed before anything is there: each stack that reads of another is planned with what is not known yet", () => {
    const { status, refused, states, report } = review();
    expect({ status, refused }).toEqual({ status: 0, refused: [] });
    expect(report.source).toMatchObject({ kind: "account", images: "" });
    expect(states).toEqual({
      "dev-bootstrap": "planned",
      "dev-network": "planned",
      "dev-events": "planned",
      "dev-data": "deferred",
      "dev-services": "deferred",
      "dev-trading": "deferred",
      "dev-web": "deferred",
      "dev-operations": "deferred",
    });
  });

  it("is deployed from that review, though most was not known when it was made", () => {
    const { status, output } = deploy();
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(outcomes()).toEqual({
      "dev-bootstrap": "left out",
      "dev-network": "applied",
      "dev-events": "applied",
      "dev-data": "applied",
      "dev-trading": "applied",
      "dev-services": "left out",
      "dev-web": "left out",
      "dev-operations": "left out",
    });
  });

  it("is a review of that change alone the second time", () => {
    copy.edit("environments/dev.ts", "deadLetterAlarmPeriodSeconds: 300", "deadLetterAlarmPeriodSeconds: 60");
    copy.edit("review/exceptions.yaml", OPENED, ""); // an exception that nothing needs any more is an error
    copy.commit("A shorter period");
    const { status: reviewed, refused, states, report } = review();
    expect({ reviewed, refused }).toEqual({ reviewed: 0, refused: [] });
    expect(states).toMatchObject({ "dev-network": "planned", "dev-events": "planned", "dev-data": "planned", "dev-trading": "planned" });
    const deployed = STACKS.split(",").map((name) => `dev-${name}`);
    const changes = report.environments[0]!.stacks.filter(({ stack }) => deployed.includes(stack)).flatMap(({ plan }) => plan.changes);
    const alarm = "update aws_cloudwatch_metric_alarm period";
    expect(changes.map(({ action, type, attributes }) => `${action} ${type} ${attributes.map(({ path }) => path).join(" ")}`)).toEqual([
      alarm, // of the orders' dead letters
      alarm, // of the notifications'
    ]);
  });
});
