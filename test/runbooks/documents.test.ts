/** Every document that the stacks make, read against botocore's service models: calls, inputs, outputs and the ways between steps. */
import { loadEnvironments } from "../fixtures/environments";
import { resourcesOf, synthEnvironments } from "../helpers/synth";
import { faultsOf } from "./runs";

jest.setTimeout(120_000);

interface Document {
  readonly schemaVersion: string;
  readonly assumeRole?: string;
  readonly parameters?: Readonly<Record<string, { readonly allowedPattern?: string; readonly allowedValues?: readonly string[] }>>;
  readonly mainSteps: readonly { readonly action: string; readonly name: string; readonly inputs: Readonly<Record<string, unknown>> }[];
}

const stacks = synthEnvironments({ environments: loadEnvironments(), target: { kind: "aws" } });
const blocks = Object.entries(stacks)
  .filter(([stack]) => stack.endsWith("-operations"))
  .flatMap(([, json]) => resourcesOf(json, "aws_ssm_document"));
/** References of Terraform stand for some text. */
const text = (content: unknown) => String(content).replace(/(?<!\$)\$\{[^}]*\}/g, "x");
const documents = Object.fromEntries(blocks.map(({ name, content }) => [String(name), JSON.parse(text(content)) as Document]));
const automations = Object.fromEntries(Object.entries(documents).filter(([, { schemaVersion }]) => schemaVersion === "0.3"));

it("every environment has them, but the test of recovery, which development does not run", () => {
  const names = Object.keys(documents).map((name) => name.split("."));
  const of = (environment: string) => names.filter(([prefix]) => prefix === `tss-${environment}`).map(([, name]) => name);
  for (const environment of ["staging", "prod"]) {
    expect(of(environment)).toContain("recovery-test");
    expect(of(environment).filter((name) => name !== "recovery-test")).toEqual(of("dev"));
  }
  expect(Object.keys(automations).length).toBeGreaterThan(2);
});

it("nothing is wrong with them by botocore's models", () => {
  expect(faultsOf(automations)).toEqual(Object.fromEntries(Object.keys(automations).map((name) => [name, []])));
});

it.each(Object.entries(documents))("%s is not longer than Systems Manager takes", (_, document) => {
  expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThan(64 * 1024);
});

it.each(Object.entries(automations))(
  "%s runs under a role of its own, and takes no word that it does not know",
  (_, { assumeRole, parameters = {} }) => {
    expect(assumeRole).toBe("x");
    for (const { allowedPattern, allowedValues } of Object.values(parameters)) {
      if (allowedValues) continue;
      expect(allowedPattern).toMatch(/^\^.*\$$/);
      for (const hostile of ["", "x; reboot", "$(reboot)", "x\nreboot", "{{ global:REGION }}", "*"])
        expect(new RegExp(allowedPattern!).test(hostile)).toBe(false);
    }
  },
);

describe("what would be wrong", () => {
  const call = {
    name: "host",
    action: "aws:executeAwsApi",
    inputs: { Service: "ec2", Api: "DescribeInstances", InstanceIds: ["{{ Id }}"] },
  };
  const output = (Selector: string) => ({ outputs: [{ Name: "State", Selector, Type: "String" }] });
  const branch = (on: string) => ({
    name: "which",
    action: "aws:branch",
    inputs: { Choices: [{ NextStep: "last", Variable: on, StringEquals: "x" }], Default: "last" },
  });
  const last = { name: "last", action: "aws:sleep", inputs: { Duration: "PT1S" }, isEnd: true };
  const state = "$.Reservations[0].Instances[0].State.Name";

  const cases: readonly (readonly [title: string, steps: readonly object[], words: string | RegExp])[] = [
    ["nothing", [call], /^$/],
    ["nothing, with a selector that leads somewhere", [{ ...call, ...output(state) }, branch("{{ host.State }}"), last], /^$/],
    ["a service that is none", [{ ...call, inputs: { ...call.inputs, Service: "ec3" } }], "ec3 is no service"],
    ["an operation that is none", [{ ...call, inputs: { ...call.inputs, Api: "DescribeHost" } }], "ec2 has no operation DescribeHost"],
    ["an input that is none", [{ ...call, inputs: { ...call.inputs, Ids: ["x"] } }], 'Unknown parameter in input: "Ids"'],
    [
      "an input of another kind",
      [{ ...call, inputs: { ...call.inputs, InstanceIds: "{{ Id }}" } }],
      "Invalid type for parameter InstanceIds",
    ],
    [
      "a word that the operation does not know",
      [{ ...call, inputs: { Service: "sqs", Api: "ReceiveMessage", QueueUrl: "{{ Id }}", AttributeNames: ["SentTimestamp"] } }],
      "'SentTimestamp' at 'attributeNames",
    ],
    ["an input that lacks", [{ ...call, inputs: { Service: "sqs", Api: "ReceiveMessage" } }], "Missing required parameter"],
    ["a selector that leads nowhere", [{ ...call, ...output("$.Reservations[0].State") }], "Reservation has no State"],
    [
      "an output that nobody gives",
      [call, branch("{{ host.State }}"), last],
      "{{ host.State }} is no parameter, and no output of a step before it",
    ],
    ["an output of a step that comes later", [branch("{{ last.State }}"), last], "{{ last.State }} is no parameter"],
    [
      "an output of a step that may have failed",
      [{ ...call, ...output(state), onFailure: "step:which" }, branch("{{ host.State }}"), last],
      "{{ host.State }} is no parameter",
    ],
    [
      "an output of a step that may be passed by",
      [branch("{{ Id }}"), { ...call, ...output(state) }, { ...branch("{{ host.State }}"), name: "last" }],
      "no output",
    ],
    ["a step that is none", [{ ...call, nextStep: "nowhere" }], "goes on to nowhere, which is no step"],
    ["a step that nothing leads to", [{ ...call, isEnd: true }, last], "step last: no way leads to it"],
    [
      "a script that is none",
      [{ name: "run", action: "aws:executeScript", inputs: { Runtime: "python3.11", Handler: "handler", Script: "def x(:" } }],
      "Script",
    ],
    ["an action that is none", [{ ...call, action: "aws:reboot" }], "action aws:reboot is none of"],
  ];
  // All in one process: each reads the models anew.
  let found: ReturnType<typeof faultsOf>;
  beforeAll(() => {
    const parameters = { Id: { type: "String" } };
    found = faultsOf(Object.fromEntries(cases.map(([title, mainSteps]) => [title, { schemaVersion: "0.3", parameters, mainSteps }])));
  });

  it.each(cases)("%s", (title, _, words) => {
    const said = found[title]!.join("\n");
    if (typeof words === "string") expect(said).toContain(words);
    else expect(said).toMatch(words);
  });
});
