/** A host is kept, and taken down only when the new one is well: every way through both runbooks, on an emulator. */
import { documentContent } from "../../constructs/hosts/kill-switch-documents";
import { killSwitchDocument } from "../../constructs/identity/github-names";
import { hostRebuild } from "../../constructs/runbooks/catalogue/host-rebuild";
import { linuxChecks, windowsChecks } from "../../constructs/runbooks/catalogue/host-recovery";
import { PLACE, Runs, stepsOf } from "./runs";

jest.setTimeout(180_000);

const sent = (name: string) => ({ name, arn: `arn:aws:ssm:${PLACE.region}:${PLACE.account}:document/${name}` });
const [rebuild, finish] = hostRebuild(PLACE, {
  windows: sent(`tss-dev.${windowsChecks.name}`),
  linux: sent(`tss-dev.${linuxChecks.name}`),
  stop: sent(killSwitchDocument("dev", "stop")),
});
const Approver = `arn:aws:iam::${PLACE.account}:role/on-call`;
/** More often than a wait asks. */
const ALWAYS = 10_000;

let runs: Runs;
beforeAll(async () => {
  runs = await Runs.open();
  for (const one of [windowsChecks, linuxChecks, rebuild, finish]) await runs.make(one);
  await runs.call("ssm", "create_document", {
    ...{ Name: killSwitchDocument("dev", "stop"), DocumentType: "Command", DocumentFormat: "JSON" },
    Content: JSON.stringify(documentContent("stop")),
  });
});
afterAll(() => runs.close());
afterEach(() => runs.forget());

/** A machine of this environment, or of another one. */
async function machine({ environment = "dev", platform = "", tags = {} as Record<string, string> } = {}): Promise<string> {
  const { Images: images } = await runs.call<{ Images: { ImageId: string; Platform?: string }[] }>("ec2", "describe_images", {});
  const all = { Environment: environment, Name: platform === "windows" ? "Windows" : "Linux", Converge: "axia-windows-dev", ...tags };
  const { Instances: made } = await runs.call<{ Instances: { InstanceId: string }[] }>("ec2", "run_instances", {
    ...{ ImageId: images.find(({ Platform: own = "" }) => own === platform)!.ImageId, MinCount: 1, MaxCount: 1 },
    TagSpecifications: [{ ResourceType: "instance", Tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })) }],
  });
  return made[0]!.InstanceId;
}
const stop = (id: string) => runs.call("ec2", "stop_instances", { InstanceIds: [id] });
async function stateOf(id: string): Promise<string> {
  const { Reservations: found } = await runs.call<{ Reservations: { Instances: { State: { Name: string } }[] }[] }>(
    "ec2",
    "describe_instances",
    {
      InstanceIds: [id],
    },
  );
  return found[0]!.Instances[0]!.State.Name;
}

describe("the old host", () => {
  const KEPT = ["image", "waitForImage"];

  it("is told to stand still, stopped, copied to an image and kept", async () => {
    const id = await machine();
    const [status, steps, { FailureMessage: message, Outputs: outputs }] = await runs.run(rebuild, { InstanceId: id });
    expect([message, status, steps]).toEqual([undefined, "Success", ["host", "isStopped", "quiet", "stop", "waitForStop", ...KEPT]]);
    expect(await stateOf(id)).toBe("stopped");
    const { Images: images } = await runs.call<{ Images: { Name: string; Tags: { Key: string; Value: string }[] }[] }>(
      "ec2",
      "describe_images",
      {
        ImageIds: [outputs["image.Id"]![0]],
      },
    );
    expect(images[0]!.Name).toMatch(new RegExp(`^tss-dev-kept-${id}-[0-9a-f-]{36}$`));
    expect(images[0]!.Tags).toContainEqual({ Key: "Environment", Value: "dev" });
  });

  it("is only copied when it is stopped already", async () => {
    const id = await machine();
    await stop(id);
    expect((await runs.run(rebuild, { InstanceId: id })).slice(0, 2)).toEqual(["Success", ["host", "isStopped", ...KEPT]]);
  });

  it("is stopped though it answers nobody", async () => {
    const id = await machine({ tags: { Name: "nobody" } });
    const [status, steps] = await runs.run(rebuild, { InstanceId: id });
    expect([status, steps]).toEqual(["Success", ["host", "isStopped", "quiet: Failed", "stop", "waitForStop", ...KEPT]]);
    expect(await stateOf(id)).toBe("stopped");
  });

  it("is stopped by force when it does not shut down by itself", async () => {
    const id = await machine();
    const running = await runs.start(rebuild, { InstanceId: id });
    await runs.reaches(running, "quiet");
    const answer = { Reservations: [{ Instances: [{ InstanceId: id, State: { Name: "stopping" } }] }] };
    await runs.plant("ec2", "DescribeInstances", ALWAYS, { answer });
    await runs.reaches(running, "force");
    await runs.forget();
    const done = await runs.settled(running);
    expect([done.AutomationExecutionStatus, stepsOf(done)]).toEqual([
      "Success",
      ["host", "isStopped", "quiet", "stop", "waitForStop: TimedOut", "force", "waitForForce", ...KEPT],
    ]);
  });

  it("has not been kept, and that is said, when no image can be made", async () => {
    await runs.plant("ec2", "CreateImage", 1, { error: { code: "UnauthorizedOperation", message: "not yours" } });
    const id = await machine();
    const [status, steps] = await runs.run(rebuild, { InstanceId: id });
    expect([status, steps.at(-1), await stateOf(id)]).toEqual(["Failed", "image: Failed", "stopped"]);
  });

  it("has not been kept when the image fails", async () => {
    const id = await machine();
    await runs.plant("ec2", "DescribeImages", ALWAYS, { answer: { Images: [{ State: "failed" }] } });
    expect((await runs.run(rebuild, { InstanceId: id }))[1].at(-1)).toBe("waitForImage: TimedOut");
  });

  it("is left alone where it is another environment's, a member of a group, gone, or none", async () => {
    const gone = await machine();
    await runs.call("ec2", "terminate_instances", { InstanceIds: [gone] });
    const cases = [
      [await machine({ environment: "prod" }), "is no machine of dev"],
      [await machine({ tags: { "aws:autoscaling:groupName": "axia-windows-dev" } }), "is a member of axia-windows-dev"],
      [gone, "is terminated, and not running or stopped"],
      ["i-0123456789abcdef0", "is no machine of dev"],
    ] as const;
    for (const [id, words] of cases) {
      const [status, steps, { FailureMessage: message }] = await runs.run(rebuild, { InstanceId: id });
      expect([status, steps]).toEqual(["Failed", ["host: Failed"]]);
      expect(message).toContain(words);
    }
  });
});

describe("the end of it", () => {
  const LOOKED = ["isOldStopped", "isNewUp", "isNewSound", "host", "whichChecks"];
  async function pair(of: Parameters<typeof machine>[0] = {}) {
    const [Old, New] = [await machine(of), await machine(of)];
    await stop(Old);
    return { Old, New, Approver };
  }
  async function asked(parameters: Readonly<Record<string, string>>) {
    const id = await runs.start(finish, parameters);
    return [id, await runs.settled(id)] as const;
  }

  it.each([
    ["", "checkLinux"],
    ["windows", "checkWindows"],
  ])("takes the old one down when the new one is well and somebody says so: %s", async (platform, check) => {
    const parameters = await pair({ platform });
    await runs.call("ec2", "modify_instance_attribute", { InstanceId: parameters.Old, DisableApiTermination: { Value: true } });
    const [id, shown] = await asked(parameters);
    expect([stepsOf(shown), await stateOf(parameters.Old)]).toEqual([[...LOOKED, check, "approve: Waiting"], "stopped"]);
    const done = await runs.signal(id, "Approve");
    expect([done.AutomationExecutionStatus, stepsOf(done)]).toEqual([
      "Success",
      [...LOOKED, check, "approve", "release", "terminate", "waitForEnd"],
    ]);
    expect([await stateOf(parameters.Old), await stateOf(parameters.New)]).toEqual(["terminated", "running"]);
  });

  it("leaves it when that is rejected", async () => {
    const parameters = await pair();
    const [id] = await asked(parameters);
    expect(stepsOf(await runs.signal(id, "Reject")).at(-1)).toBe("approve: Failed");
    expect(await stateOf(parameters.Old)).toBe("stopped");
  });

  it("asks nobody when the new one is not well", async () => {
    const parameters = await pair();
    await runs.plant("ssm", "GetCommandInvocation", 1, {
      answer: { Status: "Failed", ResponseCode: 1, StandardOutputContent: "unit failed" },
    });
    expect(stepsOf((await asked(parameters))[1])).toEqual([...LOOKED, "checkLinux: Failed"]);
    await runs.plant("ec2", "DescribeInstanceStatus", 1, { answer: { InstanceStatuses: [] } });
    expect(stepsOf((await asked(parameters))[1]).at(-1)).toBe("isNewSound: Failed");
    expect(await stateOf(parameters.Old)).toBe("stopped");
  });

  it("takes down nothing that runs, nothing of another environment, and not the new one", async () => {
    const { Old, New } = await pair();
    const strange = await machine({ environment: "prod" });
    await stop(strange);
    for (const [parameters, step] of [
      [{ Old: New, New: Old }, "isOldStopped: Failed"],
      [{ Old: New, New }, "isOldStopped: Failed"],
      [{ Old, New: Old }, "isNewUp: Failed"],
      [{ Old: strange, New }, "isOldStopped: Failed"],
      [{ Old, New: await machine({ environment: "prod" }) }, "isNewUp: Failed"],
    ] as const)
      expect(stepsOf((await asked({ ...parameters, Approver }))[1]).at(-1)).toBe(step);
    expect(await stateOf(strange)).toBe("stopped");
  });
});

it.each([
  ["a command in the id", rebuild, { InstanceId: "i-0123456789abcdef0; rm -rf /" }],
  ["two hosts", rebuild, { InstanceId: "i-0123456789abcdef0,i-0123456789abcdef1" }],
  ["no approver", finish, { Old: "i-0123456789abcdef0", New: "i-0123456789abcdef1" }],
])("refuses %s", async (_, runbook, given) => {
  await expect(runs.start(runbook, given as Record<string, string>)).rejects.toThrow("InvalidAutomationExecutionParametersException");
});
