/** Security updates: when, of what, on which machines, and that none is restarted for them (OPS-032). */
import { loadEnvironments } from "../fixtures/environments";
import { environment } from "../environments/edits";
import { onlyResource, policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

const synth = (...environments: ReturnType<typeof environment>[]) => synthEnvironments({ environments, target: { kind: "aws" } });
const written = synth(...loadEnvironments());
const operations = (name: string) => written[`${name}-operations`]!;
const groups = (json: StackJson) => resourcesOf(json, "aws_ssm_patch_group").map(({ patch_group: group }) => group);
/** The tag of every machine that an environment makes. */
const tagged = (name: string) =>
  ["network", "trading"].flatMap((stack) =>
    resourcesOf(written[`${name}-${stack}`]!, "aws_instance").map(({ tags }) => (tags as Block).PatchGroup),
  );

it("are installed every week, while no market is open, and a week later in production", () => {
  const of = (name: string) => {
    const { schedule, schedule_timezone, duration, cutoff } = onlyResource(operations(name), "aws_ssm_maintenance_window");
    const [{ approve_after_days }] = resourcesOf(operations(name), "aws_ssm_patch_baseline")[0]!.approval_rule as Block[] as [Block];
    return [schedule, schedule_timezone, duration, cutoff, approve_after_days];
  };
  expect(of("dev")).toEqual(["cron(0 17 ? * THU *)", "Etc/UTC", 3, 1, 0]);
  expect(of("staging")).toEqual(["cron(0 17 ? * THU *)", "Etc/UTC", 3, 1, 0]);
  expect(of("prod")).toEqual(["cron(0 17 ? * SAT *)", "Etc/UTC", 6, 1, 7]);
});

it("are those of each system that there is, critical or important", () => {
  const baselines = resourcesOf(operations("prod"), "aws_ssm_patch_baseline").map(({ operating_system: system, approval_rule: rules }) => [
    system,
    ((rules as Block[])[0]!.patch_filter as Block[]).map(({ key, values }) => [key, values]),
  ]);
  expect(baselines).toEqual([
    [
      "AMAZON_LINUX_2023",
      [
        ["PRODUCT", ["*"]],
        ["CLASSIFICATION", ["Security"]],
        ["SEVERITY", ["Critical", "Important"]],
      ],
    ],
    [
      "WINDOWS",
      [
        ["PRODUCT", ["*"]],
        ["CLASSIFICATION", ["CriticalUpdates", "SecurityUpdates"]],
        ["MSRC_SEVERITY", ["Critical", "Important"]],
      ],
    ],
  ]);
  expect(groups(operations("dev"))).toEqual(["tss-linux-dev", "tss-windows-dev"]);
  expect(groups(operations("staging"))).toEqual(["tss-linux-staging", "tss-windows-staging"]);
});

it("reach every machine by its tag, NAT's too, which may ask for them", () => {
  expect(tagged("dev")).toEqual(["tss-windows-dev"]);
  expect(tagged("staging").sort()).toEqual(["tss-linux-staging", "tss-linux-staging", "tss-linux-staging", "tss-windows-staging"]);
  expect(onlyResource(operations("staging"), "aws_ssm_maintenance_window_target").targets).toEqual([
    { key: "tag:PatchGroup", values: ["tss-windows-staging", "tss-linux-staging"] },
  ]);
  const scaled = synth(environment("prod", { "windows.scaling": { min: 1, max: 2, desired: 1 } }))["prod-trading"]!;
  const template = named(scaled, "aws_launch_template", "windows_machines").tag_specifications as Block[];
  expect(template.map(({ tags }) => (tags as Block).PatchGroup)).toEqual(["tss-windows", "tss-windows"]);
  for (const [stack, role] of [
    ["staging-network", "nat"],
    ["staging-trading", "engine_role"],
    ["dev-trading", "windows_role"],
  ] as const) {
    const rights = policyOf(named(written[stack]!, "aws_iam_role_policy", role), "policy").Statement;
    expect(rights).toContainEqual(
      expect.objectContaining({ Action: ["ssm:GetDeployablePatchSnapshotForInstance", "ssm:PutInventory"], Resource: "*" }),
    );
    expect(rights).toContainEqual(
      expect.objectContaining({
        Action: "s3:GetObject",
        Resource: ["arn:aws:s3:::aws-ssm-ap-northeast-1/*", "arn:aws:s3:::patch-baseline-snapshot-ap-northeast-1/*"],
      }),
    );
  }
});

it("go to one machine after the other, end with the first that fails, and restart none", () => {
  for (const name of ["dev", "staging", "prod"]) {
    const task = onlyResource(operations(name), "aws_ssm_maintenance_window_task");
    expect(task).toMatchObject({ task_arn: "AWS-RunPatchBaseline", task_type: "RUN_COMMAND", max_concurrency: "1", max_errors: "0" });
    const [{ run_command_parameters: command }] = [task.task_invocation_parameters].flat() as [Block];
    expect(([command].flat() as Block[])[0]!.parameter).toEqual([
      { name: "Operation", values: ["Install"] },
      { name: "RebootOption", values: ["NoReboot"] },
    ]);
  }
});

it("are installed by a role that may run this document on machines of the tag and nothing else", () => {
  const grants = policyOf(named(operations("staging"), "aws_iam_role_policy", "patching_"), "policy").Statement;
  expect(grants.map(({ Action, Resource, Condition }) => [Action, Resource, Condition])).toEqual([
    ["ssm:SendCommand", "arn:aws:ssm:ap-northeast-1::document/AWS-RunPatchBaseline", undefined],
    [
      "ssm:SendCommand",
      "arn:aws:ec2:ap-northeast-1:444455556666:instance/*",
      { StringEquals: { "ssm:resourceTag/PatchGroup": ["tss-windows-staging", "tss-linux-staging"] } },
    ],
    [["ssm:GetCommandInvocation", "ssm:ListCommandInvocations"], "*", undefined],
  ]);
});

it("that fail are told, of this window only", () => {
  const rule = named(operations("prod"), "aws_cloudwatch_event_rule", "patching_");
  expect(JSON.parse(rule.event_pattern as string)).toEqual({
    source: ["aws.ssm"],
    "detail-type": ["Maintenance Window Execution State-change Notification"],
    detail: { "window-id": [expect.stringMatching(/aws_ssm_maintenance_window\.patching_window/)], status: ["FAILED", "TIMED_OUT"] },
  });
  expect(named(operations("prod"), "aws_cloudwatch_event_target", "patching_").arn).toEqual(expect.stringContaining("alerts"));
});
