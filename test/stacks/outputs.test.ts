/** What a person and a script find in `terraform output`: names are a contract, like addresses. */
import { loadEnvironments } from "../../environments";
import { synthEnvironments, type StackJson } from "../helpers/synth";

const environments = loadEnvironments();
const synthesised = synthEnvironments({ environments, target: { kind: "aws" } });
const onEcs = synthEnvironments({
  environments: environments.map((own) => ({ ...own, platform: "ecs" as const })),
  target: { kind: "aws" },
});
const named = Object.entries(synthesised);

/** cdktf's own, which other stacks read, have names that nobody types. */
const outputsOf = ({ output = {} }: StackJson) =>
  Object.entries(output).filter(([name]) => !name.startsWith("cross-stack-output-")) as [
    string,
    { readonly value: string; readonly description?: string; readonly sensitive?: boolean },
  ][];
const namesOf = (all: Readonly<Record<string, StackJson>>, stacks: RegExp) =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([stack]) => stacks.test(stack))
      .map(([stack, json]) => [stack, outputsOf(json).map(([name]) => name)]),
  );

it("keeps their names", () => {
  expect(namesOf(synthesised, /./)).toMatchSnapshot("as the literals are");
  expect(namesOf(onEcs, /-services$/)).toMatchSnapshot("services on ECS");
});

it.each(named)("%s says what each is", (_, json) => {
  const outputs = outputsOf(json);
  expect(outputs).not.toEqual([]);
  for (const [name, { description }] of outputs) {
    expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/);
    expect(description).toMatch(/^[A-Z].{5,}[^.]$/);
  }
});

it.each(named)("%s shows no secret, and nothing that changes without a deploy", (_, json) => {
  for (const [, { sensitive, value }] of outputsOf(json)) {
    expect(sensitive).toBeUndefined();
    expect(value).not.toMatch(/secretsmanager|password|auth_token|public_(ip|dns)|\.latest/);
  }
});

it("names the group in place of the instance where the hosts scale", () => {
  const [own] = environments;
  const scaling = {
    ...own!,
    windows: {
      ...own!.windows,
      scaling: { min: 1, max: 2, desired: 1, addAboveCpuPercent: 70, removeBelowCpuPercent: 30 },
      schedule: undefined,
    },
  };
  const { output } = synthEnvironments({ environments: [scaling], target: { kind: "aws" } })[`${own!.name}-trading`]!;
  expect(output).toMatchObject({
    windows_group_name: { value: expect.stringMatching(/^\$\{aws_autoscaling_group\..*\.name\}$/) as string },
  });
  expect(output).not.toHaveProperty("windows_instance_id");
});
