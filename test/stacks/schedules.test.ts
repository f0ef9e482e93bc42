/** What rests by schedule, in which order, and who is told nothing meanwhile (OPS-034, CST-025). */
import { environment } from "../environments/edits";
import { loadEnvironments } from "../fixtures/environments";
import { onlyResource, policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";
import { faultsOf } from "../runbooks/runs";

jest.setTimeout(120_000);

const synth = (...environments: ReturnType<typeof environment>[]) => synthEnvironments({ environments, target: { kind: "aws" } });
const written = synth(...loadEnvironments());
/** Expression, call and input by name; references by what they name. */
const schedules = (json: StackJson) =>
  Object.fromEntries(
    resourcesOf(json, "aws_scheduler_schedule").map(({ name, group_name, schedule_expression, target }) => [
      `${/scheduler_schedule_group\.(.*)_group/.exec(String(group_name))![1]!}/${String(name)}`,
      [
        schedule_expression,
        String((target as Block).arn).replace("arn:aws:scheduler:::aws-sdk:", ""),
        JSON.parse(
          ((target as Block).input as string).replaceAll(
            /\$\{[^}]*?outputs\.([^}]*)\}|\$\{([^}]*)\}/g,
            (_, output?: string, own?: string) => output ?? own!,
          ),
        ) as unknown,
      ],
    ]),
  );
/** Those of the rest, and not of what is tried by schedule. */
const calls = (json: StackJson) =>
  Object.entries(schedules(json))
    .filter(([name]) => !name.startsWith("recovery-test"))
    .map(([name, [expression, call]]) => `${name} ${String(expression)} ${String(call)}`);

describe("a weekend", () => {
  it("begins with the hosts and ends with NAT and database, which come back first", () => {
    expect(calls(written["staging-operations"]!).filter((call) => !/reset|alarm/i.test(call))).toEqual([
      "schedule/start-database-2 cron(0 20 ? * SUN *) rds:startDBInstance",
      "schedule/start-database cron(0 20 ? * SUN *) rds:startDBInstance",
      "schedule/start-first cron(0 20 ? * SUN *) ec2:startInstances",
      "schedule/start-machines cron(5 20 ? * SUN *) ec2:startInstances",
      "schedule/stop-database-2 cron(5 23 ? * FRI *) rds:stopDBInstance",
      "schedule/stop-database cron(5 23 ? * FRI *) rds:stopDBInstance",
      "schedule/stop-first cron(5 23 ? * FRI *) ec2:stopInstances",
      "schedule/stop-machines cron(0 23 ? * FRI *) ec2:stopInstances",
    ]);
    const input = (name: string) => (schedules(written["staging-operations"]!)[`schedule/${name}`] as unknown[])[2];
    expect(input("stop-first")).toEqual({ InstanceIds: [expect.stringMatching(/nat_instance/)] });
    expect(input("start-machines")).toEqual({
      InstanceIds: ["windows", "engine", "worker", "api"].map((machine) => expect.stringMatching(machine) as unknown),
    });
    expect(input("stop-database")).toEqual({ DbInstanceIdentifier: "tss-database-staging" });
  });

  it("is of the Windows host and the web application where there is nothing else", () => {
    expect(calls(written["dev-operations"]!)).toEqual([
      "schedule/reset-windows-alarms-heartbeat cron(16 20 ? * SUN *) cloudwatch:setAlarmState",
      "schedule/reset-windows-alarms-mt5-connection cron(16 20 ? * SUN *) cloudwatch:setAlarmState",
      "schedule/silence cron(0 23 ? * FRI *) cloudwatch:disableAlarmActions",
      "schedule/speak cron(15 20 ? * SUN *) cloudwatch:enableAlarmActions",
      "schedule/start-database cron(0 20 ? * SUN *) rds:startDBInstance",
      "schedule/start-machines cron(5 20 ? * SUN *) ec2:startInstances",
      "schedule/stop-database cron(5 23 ? * FRI *) rds:stopDBInstance",
      "schedule/stop-machines cron(0 23 ? * FRI *) ec2:stopInstances",
    ]);
  });

  it("is in UTC, and not in production", () => {
    for (const block of resourcesOf(written["dev-operations"]!, "aws_scheduler_schedule"))
      expect(block).toMatchObject({ schedule_expression_timezone: "UTC", flexible_time_window: { mode: "OFF" } });
    // The notebook alone stops there, on Friday night in Tokyo, when nobody works with it (RES-001): it is no part of what trades.
    const stops: Readonly<Record<string, readonly string[]>> = {
      "prod-research": ["stop/weekend cron(0 14 ? * FRI *) sagemaker:stopNotebookInstance"],
    };
    for (const [stack, json] of Object.entries(written).filter(([stack]) => stack.startsWith("prod-")))
      expect([stack, calls(json), resourcesOf(json, "aws_autoscaling_schedule")]).toEqual([stack, stops[stack] ?? [], []]);
  });

  it("silences what has no sign of life then, and sets it back 16 minutes after the start", () => {
    const own = Object.keys(schedules(written["staging-operations"]!)).filter((name) => name.includes("/reset-"));
    expect(own).toEqual([
      "schedule/reset-engine-alarms-heartbeat",
      "schedule/reset-nat-instance-alarms-heartbeat",
      "schedule/reset-windows-alarms-heartbeat",
      "schedule/reset-windows-alarms-mt5-connection",
      "services-schedule/reset-cluster-waiting-pods-alarm",
      "services-schedule/reset-watchdog-silence-alarm",
    ]);
    expect(schedules(written["staging-operations"]!)["schedule/reset-engine-alarms-heartbeat"]).toEqual([
      "cron(16 20 ? * SUN *)",
      "cloudwatch:setAlarmState",
      { AlarmName: expect.stringMatching(/engine/), StateValue: "INSUFFICIENT_DATA", StateReason: "The scheduled rest is over" },
    ]);
  });

  it("may stop these machines and start them with their encrypted volumes, and touch their alarms, nothing else", () => {
    const grants = policyOf(named(written["staging-operations"]!, "aws_iam_role_policy", "schedule_"), "policy").Statement;
    expect(grants.map(({ Action, Resource, Condition }) => [Action, [Resource].flat().length, Condition !== undefined])).toEqual([
      [["ec2:StartInstances", "ec2:StopInstances"], 1, false],
      [["ec2:StartInstances", "ec2:StopInstances"], 4, false],
      [["rds:StartDBInstance", "rds:StopDBInstance"], 1, false],
      [["rds:StartDBInstance", "rds:StopDBInstance"], 1, false],
      [["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions", "cloudwatch:SetAlarmState"], 4, false],
      ...["web", "network", "trading"].flatMap(() => [
        ["kms:CreateGrant", 1, true],
        [["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], 1, false],
      ]),
    ]);
  });
});

describe("what scales", () => {
  const actions = (json: StackJson) =>
    resourcesOf(json, "aws_autoscaling_schedule").map(({ autoscaling_group_name: group, ...action }) => [
      /eks|windows/.exec(String(group))![0],
      action,
    ]);

  it("rests by scheduled actions of its own group, with room for no member, five minutes behind NAT", () => {
    const sizes = { time_zone: "Etc/UTC" };
    expect(actions(written["staging-services"]!)).toEqual([
      [
        "eks",
        expect.objectContaining({
          ...sizes,
          scheduled_action_name: "start",
          recurrence: "5 20 * * 0",
          min_size: 3,
          max_size: 24,
          desired_capacity: 3,
        }),
      ],
      [
        "eks",
        expect.objectContaining({
          ...sizes,
          scheduled_action_name: "stop",
          recurrence: "0 23 * * 5",
          min_size: 0,
          max_size: 0,
          desired_capacity: 0,
        }),
      ],
    ]);
    expect(onlyResource(written["staging-services"]!, "aws_eks_node_group").lifecycle).toEqual({
      ignore_changes: ["scaling_config[0].min_size", "scaling_config[0].max_size", "scaling_config[0].desired_size"],
    });
  });

  it("is no machine that somebody stops: a group of Windows hosts", () => {
    const json = synth(environment("staging", { "windows.scaling": { min: 1, max: 3, desired: 2 } }));
    expect(actions(json["staging-trading"]!)).toMatchObject([
      ["windows", { recurrence: "5 20 * * 0", min_size: 1, max_size: 3, desired_capacity: 2 }],
      ["windows", { recurrence: "0 23 * * 5", min_size: 0, max_size: 0, desired_capacity: 0 }],
    ]);
    expect(onlyResource(json["staging-trading"]!, "aws_autoscaling_group").lifecycle).toEqual({
      ignore_changes: ["desired_capacity", "min_size", "max_size"],
    });
    const stopped = JSON.stringify((schedules(json["staging-operations"]!)["schedule/stop-machines"] as unknown[])[2]);
    expect(stopped).not.toContain("windows");
  });

  it("is held back on a holiday, which its own actions do not know", () => {
    const schedule = { stop: "0 23 * * FRI", start: "0 20 * * SUN-THU", holidays: ["2027-01-11"] };
    const held = calls(synth(environment("staging", { schedule }))["staging-operations"]!).filter((call) => call.includes("/hold-"));
    expect(held).toEqual([
      "services-schedule/hold-group-1-resume-2027-01-10 cron(15 20 10 1 ? 2027) autoscaling:resumeProcesses",
      "services-schedule/hold-group-1-suspend-2027-01-10 cron(0 20 10 1 ? 2027) autoscaling:suspendProcesses",
    ]);
    expect(held.filter((call) => !call.startsWith("services-"))).toEqual([]);
  });
});

it("a holiday leaves out its start, what follows it, and nothing else", () => {
  const schedule = { stop: "0 23 * * FRI", start: "0 20 * * SUN-THU", holidays: ["2027-01-11"] };
  const json = synth(environment("staging", { schedule }))["staging-operations"]!;
  expect(calls(json).filter((call) => /start-machines|speak/.test(call) && call.startsWith("schedule/"))).toEqual(
    ["speak 15", "start-machines 5"].flatMap((call) => {
      const [name, minute] = call.split(" ");
      const cloud = name === "speak" ? "cloudwatch:enableAlarmActions" : "ec2:startInstances";
      return [
        `schedule/${name}-01 cron(${minute} 20 ? 1 SUN,MON,TUE,WED,THU 1970-2026,2028-2199) ${cloud}`,
        `schedule/${name}-2027-01 cron(${minute} 20 3,4,5,6,7,11,12,13,14,17,18,19,20,21,24,25,26,27,28,31 1 ? 2027) ${cloud}`,
        `schedule/${name} cron(${minute} 20 ? 2,3,4,5,6,7,8,9,10,11,12 SUN,MON,TUE,WED,THU *) ${cloud}`,
      ];
    }),
  );
});

it("makes calls that there are, with inputs that they take, by botocore's models", () => {
  const schedule = { stop: "0 23 * * FRI", start: "0 20 * * SUN-THU", holidays: ["2027-01-11"] };
  const made = Object.entries(schedules(synth(environment("staging", { schedule }))["staging-operations"]!)) as [
    string,
    [string, string, object],
  ][];
  // Scheduler writes them as AWS's SDK for Java does, which knows no DB.
  const modelled = (input: object) =>
    Object.fromEntries(Object.entries(input).map(([key, value]: [string, unknown]) => [key.replace(/^Db/, "DB"), value]));
  const steps = ([name, [, call, input]]: (typeof made)[number], more: object = {}) => {
    const [Service, operation = ""] = call.split(":");
    return {
      schemaVersion: "0.3",
      mainSteps: [
        {
          name: name.replace(/\W/g, "_"),
          action: "aws:executeAwsApi",
          inputs: { Service, Api: operation[0]!.toUpperCase() + operation.slice(1), ...modelled(input), ...more },
        },
      ],
    };
  };
  expect(new Set(made.map(([, [, call]]) => call)).size).toBe(10);
  const documents = Object.fromEntries(made.map((own) => [own[0], steps(own)]));
  expect(faultsOf(documents)).toEqual(Object.fromEntries(made.map(([name]) => [name, []])));
  const wrong = made.find(([, [, call]]) => call === "rds:stopDBInstance")!;
  expect(faultsOf({ wrong: steps(wrong, { InstanceId: "x" }) }).wrong).toEqual([
    expect.stringContaining('Unknown parameter in input: "InstanceId"'),
  ]);
});
