/** A kept rehearsal goes back to how it was deployed. The emulator is real, what is deployed on it is not. */
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Emulator } from "../../rehearsal/emulator";
import { digestsIn, goBack, noteDeployed, writeDigests } from "../../rehearsal/kept";
import { stopProcesses } from "../../terraform/processes";
import { Workspace, type Status } from "../../rehearsal/workspace";

const project = resolve(__dirname, "..", "..");
const REGION = "ap-northeast-1";
jest.setTimeout(60_000);

describe("going back", () => {
  const root = mkdtempSync(join(tmpdir(), "kept-"));
  mkdirSync(join(root, ".rehearsal"));
  symlinkSync(join(project, "rehearsal"), join(root, "rehearsal"));
  const workspace = new Workspace(join(root, ".rehearsal", "dev"));
  const stop = new AbortController();
  let emulator: Emulator;
  const status = (more: Partial<Status> = {}): Status => ({
    environment: "dev",
    state: "kept",
    owner: 1,
    endpoint: emulator.endpoint,
    emulator: emulator.pid,
    since: "2026-01-01T00:00:00.000Z",
    ...more,
  });
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(workspace.folder, file)), { recursive: true });
    writeFileSync(join(workspace.folder, file), text);
  };
  const read = (file: string) => readFileSync(join(workspace.folder, file), "utf8");

  it("is refused when nothing is kept", async () => {
    await expect(goBack(root, "dev")).rejects.toThrow(
      "No rehearsal of dev is kept. npm run rehearse -- dev --keep deploys it and keeps it.",
    );
  });

  describe("of what was deployed", () => {
    beforeAll(async () => {
      mkdirSync(workspace.folder);
      emulator = await Emulator.start({ root, python: join(project, ".venv", "bin", "python"), workspace, account: "111122223333", stop });
      await emulator.createBucket("states", REGION);
      write("env", "A='1'\n");
      writeDigests(workspace, ["dev-events", "dev-data"], { "dev-events": "1", "dev-data": "2" });
      write("cdktf.out/manifest.json", "{}");
      write("cdktf.out/stacks/dev-events/cdk.tf.json", "deployed");
      write("cdktf.out/stacks/dev-events/.terraform/provider", "large");
    });
    afterAll(async () => {
      emulator.release();
      await stopProcesses([emulator.pid]);
      rmSync(root, { recursive: true });
    });

    it("is refused while it was not noted, or a command is at it", async () => {
      workspace.write(status());
      await expect(goBack(root, "dev")).rejects.toThrow("dev is kept, but how it was deployed was not noted.");
      workspace.write(status({ state: "running", owner: process.ppid }));
      await expect(goBack(root, "dev")).rejects.toThrow(`Another command (process ${process.ppid}) is rehearsing dev.`);
    });

    // Which process works where only Linux tells.
    (process.platform === "linux" ? it : it.skip)(
      "is refused while Terraform is at work in its folder, not because a shell stands there",
      async () => {
        const program = join(root, "terraform");
        copyFileSync("/bin/sleep", program);
        workspace.write(status());
        const start = (command: string) => spawn(command, ["60"], { cwd: join(workspace.output, "stacks", "dev-events"), stdio: "ignore" });
        const [shell, terraform] = [start("sleep"), start(program)];
        try {
          await expect(goBack(root, "dev")).rejects.toThrow(`Terraform (process ${terraform.pid}) is at work on dev.`);
          await stopProcesses([terraform.pid!]);
          await expect(goBack(root, "dev")).rejects.toThrow("how it was deployed was not noted");
        } finally {
          await stopProcesses([shell.pid!, terraform.pid!]);
        }
      },
    );

    it("brings back the emulator and the folder, and leaves what Terraform fetched", async () => {
      await noteDeployed(workspace, emulator);
      workspace.write(status({ deployed: "2026-01-01T00:01:00.000Z" }));
      const { endpoint } = emulator;
      for (const round of [1, 2]) {
        await emulator.createBucket(`later-${round}`, REGION);
        write("env", "A='2'\n");
        writeDigests(workspace, ["dev-events"], {});
        expect(digestsIn(workspace)).toEqual({ "dev-data": "2" });
        write("cdktf.out/stacks/dev-events/cdk.tf.json", "changed");
        write("cdktf.out/stacks/dev-events/plan", "a plan");
        write("cdktf.out/stacks/dev-web/cdk.tf.json", "a new stack");
        rmSync(join(workspace.folder, "cdktf.out", "manifest.json"));

        expect(await goBack(root, "dev")).toMatchObject({ status: { deployed: "2026-01-01T00:01:00.000Z", endpoint } });
        expect(digestsIn(workspace)).toEqual({ "dev-data": "2", "dev-events": "1" });
        expect((await emulator.inventory()).s3).toEqual({ global: { buckets: ["states"] } });
        expect([
          read("env"),
          read("cdktf.out/manifest.json"),
          read("cdktf.out/stacks/dev-events/cdk.tf.json"),
          read("cdktf.out/stacks/dev-events/.terraform/provider"),
        ]).toEqual(["A='1'\n", "{}", "deployed", "large"]);
        expect(["plan", "../dev-web"].filter((file) => existsSync(join(workspace.output, "stacks", "dev-events", file)))).toEqual([]);
      }
      expect(stop.signal.aborted).toBe(false);
      expect(existsSync(join(workspace.deployed, "cdktf.out", "stacks", "dev-events", ".terraform"))).toBe(false);
    });

    it("is refused when the emulator has ended", async () => {
      emulator.release();
      await stopProcesses([emulator.pid]);
      await expect(goBack(root, "dev")).rejects.toThrow(
        "The emulator of dev does not run any more. npm run rehearse -- dev --keep deploys it again.",
      );
    });
  });
});
