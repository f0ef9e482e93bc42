/** An image deployed on an emulator: its document, its registry, and a machine that runs the real scripts with stand-ins for Docker and systemd. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { spawnSync } from "node:child_process";
import { HOST_TAG, webHostName, webImageParameter } from "../../../constructs/hosts/host-names";
import { deployImageDocument } from "../../../constructs/identity/github-names";
import { deployImageContent } from "../../../constructs/web/deploy-document";
import { versionOf } from "../../../commands/deploy-web";
import { Aws } from "../../../delivery/aws";
import { imageIn } from "../../../delivery/images/registry";
import { deployImage, findWebMachine, recordedImage } from "../../../delivery/web/image";
import { environment as literal } from "../../environments/edits";
import { EmulatedAccount } from "../../helpers/emulated-account";
import { write } from "../../hosts/folder";
import { agentScript, API, bareMachine, converge, publish, running } from "../../hosts/web-machine";

jest.setTimeout(120_000);

const environment = literal("dev");
const { account, region } = environment;
const name = webHostName(environment);
const REPOSITORY = "kabu-trade-api-dev";
const MANIFEST = (of: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: { mediaType: "application/vnd.docker.container.image.v1+json", size: 1, digest: `sha256:${of.repeat(64)}` },
    layers: [],
  });

let machines: string;
let emulated: EmulatedAccount;
let aws: Aws;

beforeAll(async () => {
  machines = mkdtempSync(join(tmpdir(), "machines-"));
  emulated = await EmulatedAccount.open(environment, machines);
  aws = new Aws({ region, endpoint: emulated.emulator.endpoint, credentials: { accessKeyId: account, secretAccessKey: "rehearsal" } });
  await aws.json("ssm", "CreateDocument", {
    Name: deployImageDocument(environment.name),
    DocumentType: "Command",
    DocumentFormat: "JSON",
    Content: JSON.stringify(deployImageContent()),
  });
  await aws.json("ssm", "PutParameter", { Name: webImageParameter(environment.name), Type: "String", Value: "{}" });
  await aws.json("ecr", "CreateRepository", { repositoryName: REPOSITORY });
  await aws.json("ecr", "PutImage", { repositoryName: REPOSITORY, imageTag: "2.0.0", imageManifest: MANIFEST("a") });
  await aws.query("ec2", "RunInstances", {
    ...{ ImageId: "ami-12345678", MinCount: "1", MaxCount: "1", "TagSpecification.1.ResourceType": "instance" },
    ...{ "TagSpecification.1.Tag.1.Key": "Name", "TagSpecification.1.Tag.1.Value": name },
    ...{ "TagSpecification.1.Tag.2.Key": HOST_TAG, "TagSpecification.1.Tag.2.Value": name },
  });
});
afterAll(async () => {
  aws.dispose();
  await emulated.close();
  rmSync(machines, { recursive: true });
});
/** It runs the image 1.0.0. */
function machineThatRuns(): void {
  bareMachine();
  publish();
  expect(converge()).toMatchObject({ code: 0 });
  rmSync(join(machines, name), { recursive: true, force: true });
  spawnSync("mkdir", ["-p", join(machines, name)]);
  spawnSync("cp", [write("agent", agentScript(), 0o755), join(machines, name, "agent")]);
}

const deployed = async (version: string, signal = new AbortController().signal) => {
  const said: string[] = [];
  const machine = await findWebMachine(aws, environment);
  const output = await deployImage(aws, machine, { environment, version, signal, lookEvery: 50, onProgress: (words) => said.push(words) });
  return { output, said };
};

it("tells the machine, says how far it is, and ends with what the machine said", async () => {
  machineThatRuns();
  const { output, said } = await deployed("2.0.0");
  expect(output).toContain(`image ${API}:2.0.0 runs, and answers /api/health`);
  expect(said.at(-1)).toMatch(/^i-\w+ pulls, migrates, changes over and looks at its health \(InProgress, \d+ s\)$/);
  expect(running()).toContain(`${API}:2.0.0 `);
});

it("of a broken image fails with what the machine said, which runs the old one", async () => {
  machineThatRuns();
  await expect(deployed("2.0.0-broken")).rejects.toThrow(
    /does not run 2\.0\.0-broken: Failed\n[^]*does not answer \/api\/health[^]*:1\.0\.0 runs again/,
  );
  expect(running()).toContain(`${API}:1.0.0 `);
});

it("given up by whoever waits goes on", async () => {
  machineThatRuns();
  const stop = new AbortController();
  const waiting = deployed("2.0.0", stop.signal);
  setTimeout(() => {
    stop.abort(new Error("Interrupted"));
  }, 300);
  await expect(waiting).rejects.toThrow("Interrupted");
  for (const end = Date.now() + 60_000; !running().includes(":2.0.0 ");) {
    if (Date.now() > end) throw new Error("not within a minute");
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
});

it("takes nothing that is no version, whoever asks", async () => {
  machineThatRuns();
  const machine = await findWebMachine(aws, environment);
  const send = (version: string) =>
    deployImage(aws, machine, { environment, version, signal: new AbortController().signal, onProgress: () => undefined });
  await expect(send("1'; touch /tmp/x; '")).rejects.toThrow("does not match pattern");
});

it("needs a machine that runs, and that has registered", async () => {
  const machine = await findWebMachine(aws, environment);
  rmSync(join(machines, name), { recursive: true });
  await expect(deployed("2.0.0")).rejects.toThrow(`Systems Manager does not reach ${machine.id}`);
  await aws.query("ec2", "StopInstances", { "InstanceId.1": machine.id });
  await expect(deployed("2.0.0")).rejects.toThrow(/is stopp(ed|ing): nothing can be deployed/);
  await aws.query("ec2", "StartInstances", { "InstanceId.1": machine.id });
  await expect(findWebMachine(aws, { name: "other", nameSuffix: "-other" })).rejects.toThrow("other has no machine kabu-trade-other");
});

it("knows what the registry holds, and what was recorded", async () => {
  const image = await imageIn(aws, REPOSITORY, "2.0.0");
  expect(image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect((await imageIn(aws, REPOSITORY, image.digest)).digest).toBe(image.digest);
  expect(await recordedImage(aws, environment)).toBeUndefined();
  const kept = { image: `${API}:2.0.0`, insteadOf: `${API}:1.0.0` };
  await aws.json("ssm", "PutParameter", { Name: webImageParameter(environment.name), Overwrite: true, Value: JSON.stringify(kept) });
  expect(await recordedImage(aws, environment)).toEqual(kept);
});

describe("the command", () => {
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync("node", ["commands/run.mjs", "deploy:web", "dev", ...args], {
      cwd: resolve(__dirname, "..", "..", ".."),
      encoding: "utf8",
      env: emulated.variables,
    });
    return { status, output: stdout + stderr };
  };

  it("shows what would be deployed, and past what", () => {
    machineThatRuns();
    const { status, output } = run("--image", "api=2.0.0", "--dry-run");
    expect(output).toContain("the literal names     kabu-trade-api-dev:0.1.0");
    expect(output).toContain("to be deployed        kabu-trade-api-dev, 2.0.0 (sha256:");
    expect(output).toMatch(/To be told: i-\w+\. Nothing was changed\./);
    expect({ status, ran: running() }).toMatchObject({ status: 0, ran: expect.stringContaining(":1.0.0 ") as string });
  });

  it("ends with what the machine said, and with 1, where the image is broken", () => {
    machineThatRuns();
    const { status, output } = run("--image", "api=2.0.0-broken");
    expect(output).toContain(`image ${API}:2.0.0-broken does not answer /api/health within 1 s; ${API}:1.0.0 runs again`);
    expect(status).toBe(1);
  });

  it.each([
    ["ml=1.0.0", "api=<tag or digest> is all that there is"],
    ["api=1.0.0,ml=1.0.0", "api=<tag or digest> is all that there is"],
    ["api=latest", "nor a tag other than latest"],
    ["api=-rf", "is neither a digest"],
    ["api=1;id", "is neither a digest"],
  ])("refuses %s", (image, why) => {
    expect(() => versionOf(image)).toThrow(why);
  });
  it.each(["1.4.2", `sha256:${"a".repeat(64)}`])("takes %s", (version) => {
    expect(versionOf(`api=${version}`)).toBe(version);
  });
});
