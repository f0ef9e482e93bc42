/** A host that does not answer is started again and looked at: every way through the runbook, on an emulator. */
import { hostRecovery, linuxChecks, windowsChecks } from "../../constructs/runbooks/catalogue/host-recovery";
import { PLACE, Runs, stepsOf } from "./runs";

jest.setTimeout(120_000);

const sent = (name: string) => ({ name: `tss-dev.${name}`, arn: `arn:aws:ssm:ap-northeast-1:111122223333:document/tss-dev.${name}` });
const runbook = hostRecovery(PLACE, { windows: sent(windowsChecks.name), linux: sent(linuxChecks.name) });

let runs: Runs;
beforeAll(async () => {
  runs = await Runs.open();
  for (const one of [windowsChecks, linuxChecks, runbook]) await runs.make(one);
});
afterAll(() => runs.close());

/** A machine of this environment, or of another one. */
async function machine({ environment = "dev", platform = "" } = {}): Promise<string> {
  const { Images: images } = await runs.call<{ Images: { ImageId: string; Platform?: string }[] }>("ec2", "describe_images", {});
  const { Instances: made } = await runs.call<{ Instances: { InstanceId: string }[] }>("ec2", "run_instances", {
    ImageId: images.find(({ Platform: own = "" }) => own === platform)!.ImageId,
    MinCount: 1,
    MaxCount: 1,
    TagSpecifications: [
      {
        ResourceType: "instance",
        Tags: [
          { Key: "Environment", Value: environment },
          { Key: "Name", Value: platform === "windows" ? "Windows" : "Linux" },
        ],
      },
    ],
  });
  return made[0]!.InstanceId;
}
/** What a status check that has failed looks like. @param times as often as that is asked */
const impaired = (times: number) =>
  runs.plant("ec2", "DescribeInstanceStatus", times, { answer: { InstanceStatuses: [{ InstanceStatus: { Status: "impaired" } }] } });
/** A command that ends otherwise than well. */
const command = (answer: object) => runs.plant("ssm", "GetCommandInvocation", 1, { answer });
/** Gives up what was planted and not used. */
const used = () => runs.forget();
/** More often than a wait asks. */
const ALWAYS = 10_000;
const REBOOTED = ["isOurs", "host", "isStopped", "reboot", "settle"];

afterEach(used);

it("reboots a host that runs, waits, and looks at what matters", async () => {
  const [status, steps, { Outputs: outputs }] = await runs.run(runbook, { InstanceId: await machine() });
  expect([status, steps]).toEqual(["Success", [...REBOOTED, "waitForReboot", "whichChecks", "checkLinux"]]);
  expect(outputs).toMatchObject({ "host.State": ["running"], "host.Platform": ["Linux/UNIX"], "checkLinux.Status": ["Success"] });
});

it("asks a Windows host in PowerShell", async () => {
  const [status, steps] = await runs.run(runbook, { InstanceId: await machine({ platform: "windows" }) });
  expect([status, steps]).toEqual(["Success", [...REBOOTED, "waitForReboot", "whichChecks", "checkWindows"]]);
});

it("waits for a host that takes its time", async () => {
  await impaired(3);
  const [status, steps] = await runs.run(runbook, { InstanceId: await machine() });
  expect([status, steps.at(-1)]).toEqual(["Success", "checkLinux"]);
});

it("starts a host that is stopped", async () => {
  const id = await machine();
  await runs.call("ec2", "stop_instances", { InstanceIds: [id] });
  const [status, steps] = await runs.run(runbook, { InstanceId: id });
  expect([status, steps]).toEqual(["Success", ["isOurs", "host", "isStopped", "start", "waitForStart", "whichChecks", "checkLinux"]]);
});

it("leaves a host that stays impaired where it is, and says so", async () => {
  await impaired(ALWAYS);
  const [status, steps, { FailureMessage: message }] = await runs.run(runbook, { InstanceId: await machine() });
  expect([status, steps]).toEqual(["Failed", [...REBOOTED, "waitForReboot: TimedOut", "mayBeStopped", "stillImpaired: Failed"]]);
  expect(message).toContain("$.InstanceStatuses[0].InstanceStatus.Status is impaired, and not ok");
});

it("stops and starts it only for who said so, and has not failed when that helps", async () => {
  await runs.plant("ec2", "RebootInstances", 1, { answer: {} });
  await impaired(ALWAYS);
  const running = await runs.start(runbook, { InstanceId: await machine(), StopAndStart: "yes" });
  await runs.reaches(running, "start");
  await used();
  const { AutomationExecutionStatus: status, ...execution } = await runs.settled(running);
  expect([status, stepsOf(execution)]).toEqual([
    "Success",
    [...REBOOTED, "waitForReboot: TimedOut", "mayBeStopped", "stop", "waitForStop", "start", "waitForStart", "whichChecks", "checkLinux"],
  ]);
});

it("has failed when the host is up and not well, and shows what it said", async () => {
  await command({ Status: "Failed", ResponseCode: 1, StandardOutputContent: "unit trading-engine.service: failed" });
  const [status, steps, { Outputs: outputs }] = await runs.run(runbook, { InstanceId: await machine() });
  expect([status, steps.at(-1)]).toEqual(["Failed", "checkLinux: Failed"]);
  expect(outputs["checkLinux.Output"]).toEqual(["unit trading-engine.service: failed"]);
});

it("has failed when the host's agent does not answer", async () => {
  await command({ Status: "TimedOut", ResponseCode: -1 });
  expect((await runs.run(runbook, { InstanceId: await machine() }))[1].at(-1)).toBe("checkLinux: TimedOut");
});

it("touches nothing of another environment, and nothing that is gone", async () => {
  const gone = await machine();
  await runs.call("ec2", "terminate_instances", { InstanceIds: [gone] });
  for (const id of [await machine({ environment: "prod" }), gone, "i-0123456789abcdef0"])
    expect((await runs.run(runbook, { InstanceId: id })).slice(0, 2)).toEqual(["Failed", ["isOurs: Failed"]]);
});

it("has failed when it may not do what it must", async () => {
  await runs.plant("ec2", "RebootInstances", 1, { error: { code: "UnauthorizedOperation", message: "not yours" } });
  const [status, steps, { FailureMessage: message }] = await runs.run(runbook, { InstanceId: await machine() });
  expect([status, steps.at(-1)]).toEqual(["Failed", "reboot: Failed"]);
  expect(message).toContain("UnauthorizedOperation");
});

it.each([
  ["a command in the id", { InstanceId: "i-0123456789abcdef0; rm -rf /" }],
  ["a second line", { InstanceId: "i-0123456789abcdef0\nrm -rf /" }],
  ["a reference", { InstanceId: "{{ global:ACCOUNT_ID }}" }],
  ["a word that is not offered", { InstanceId: "i-0123456789abcdef0", StopAndStart: "YES" }],
  [
    "a parameter that it does not have",
    { InstanceId: "i-0123456789abcdef0", AutomationAssumeRole: "arn:aws:iam::111122223333:role/admin" },
  ],
  ["no host", { StopAndStart: "yes" }],
])("refuses %s", async (_, parameters) => {
  await expect(runs.start(runbook, parameters as Record<string, string>)).rejects.toThrow("InvalidAutomationExecutionParametersException");
});
