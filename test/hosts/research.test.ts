/** The scripts of the notebook, for real, below a folder, with stand-ins for AWS and for the platform's Python; what SageMaker takes of them. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { zipSync } from "fflate";
import { readLockFile, WHEELS } from "../../commands/software/lock-files";
import { REQUIREMENTS, requirementsText, RESEARCH_REQUIREMENTS } from "../../commands/software/requirements";
import { encoded, notebookFiles, onStartScript } from "../../constructs/research/lifecycle";
import { resourcesOf, synthEnvironments } from "../helpers/synth";
import { loadEnvironment } from "../fixtures/environments";
import { folder, write } from "./folder";

const root = resolve(__dirname, "..", "..");
const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
const settings = {
  notebook: "tss-research",
  environment: "prod",
  host: "notebook",
  region: "ap-northeast-1",
  softwareBucket: "software",
  logGroup: "/aws/sagemaker/NotebookInstances",
  metricNamespace: "AXIA/TradingSystem",
  idleMinutes: 60,
};

describe("the script that SageMaker runs", () => {
  it("is as long as SageMaker takes, encoded, of prod", () => {
    const stacks = synthEnvironments({ environments: [loadEnvironment("prod")], target: { kind: "aws" } });
    const [{ on_start: content } = {}] = resourcesOf(stacks["prod-research"]!, "aws_sagemaker_notebook_instance_lifecycle_configuration");
    expect(String(content).length).toBeLessThanOrEqual(16_384);
    const script = Buffer.from(String(content), "base64").toString();
    expect(script).toMatch(/^#!\/bin\/bash\n/);
    // Nothing is left of a template, and nothing of Terraform's.
    expect(script).not.toMatch(/@[A-Z0-9]+@|\$\{(?!TSS_)|%\{/);
    expect(spawnSync("bash", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  it("is refused when it is longer", () => {
    expect(encoded("#".repeat(12_288))).toHaveLength(16_384);
    expect(() => encoded("#".repeat(12_289))).toThrow("the notebook's script has 16388 characters, encoded; SageMaker takes 16384");
  });

  it("takes no value that could mean something to a shell", () => {
    for (const softwareBucket of ['a"; rm -rf /', "$(id)", "${token}", "a b"])
      expect(() => onStartScript({ key: "k", sha256: "0", settings: { ...settings, softwareBucket } })).toThrow("no plain name");
  });

  it("is valid for shellcheck, where there is one", () => {
    if (spawnSync("which", ["shellcheck"]).status !== 0) return;
    for (const script of ["on-start.sh", "build-environment.sh"])
      expect(spawnSync("shellcheck", [join(root, "hosts", "research", script)], { encoding: "utf8" }).stdout).toBe("");
  });
});

it("the locked wheels are what research asks for, of a platform that the notebook has", () => {
  const wheels = readLockFile(root, WHEELS.research);
  for (const asked of RESEARCH_REQUIREMENTS) {
    const [name, version] = asked.split("==");
    const found = wheels.find((wheel) => wheel.name === name);
    expect([asked, version ?? found?.version]).toEqual([asked, found?.version]);
  }
  // Amazon Linux 2 has glibc 2.26, the platform's environment Python 3.10.
  const wrong = wheels.filter(
    ({ file }) => !/-(py3|py2\.py3|cp310|cp3\d+)-(none|abi3|cp310)-(any|.*manylinux(1|2010|2014|_2_(5|12|17))_x86_64.*)\.whl$/.test(file),
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
  expect(readFileSync(join(root, REQUIREMENTS.research), "utf8")).toBe(requirementsText(wheels, "research"));
});

/** Stands for `aws`: buckets are folders, and what is told CloudWatch stands in `told`. */
const AWS = `#!/bin/bash
echo "aws $*" >>"$FAKE/calls"
case "$1 $2" in
  "s3 cp") from="$FAKE/s3/\${@: -2:1}"; from="\${from/s3:\\/\\//}"; [ -f "$from" ] || { echo "404" >&2; exit 1; }; mkdir -p "$(dirname "\${@: -1}")"; cp "$from" "\${@: -1}" ;;
  "logs create-log-stream") ;;
  "logs put-log-events") echo "\${@: -3:1}" >>"$FAKE/told" ;;
  *) exit 2 ;;
esac
`;
/** Stands for Python 3.10 of the platform: an environment is a folder with a program of the same kind. */
const PYTHON = `#!/bin/bash
echo "python $*" >>"$FAKE/calls"
case "$1 $2" in
  "-c "*) cat "$FAKE/version" ;;
  "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  "-m pip") ls "$6" >"$FAKE/installed"; [ ! -e "$FAKE/broken" ] ;;
  "-m ipykernel") echo "$HOME" >"$FAKE/kernel" ;;
  *) exit 2 ;;
esac
`;

if (process.platform !== "linux") it.todo("runs the scripts (needs Linux: GNU coreutils)");

(process.platform === "linux" ? describe : describe.skip)("the notebook's start", () => {
  const wheel = Buffer.from("wheel");
  const files = (version: string): Record<string, Uint8Array> => ({
    ...notebookFiles(),
    "wheels.json": Buffer.from(JSON.stringify({ entries: [{ name: "pandas", version, file: "pandas-1-any.whl", sha256: sha256(wheel) }] })),
    "requirements.txt": Buffer.from(`pandas==${version} --hash=sha256:${sha256(wheel)}\n`),
  });
  const environments = () => join(folder, "root", "home", "ec2-user", "SageMaker", ".tss", "environments");
  const text = (path: string) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : "");

  beforeEach(() => {
    write("bin/aws", AWS, 0o755);
    // Who it is to run as is the first thing that it does not do here.
    write("bin/runuser", '#!/bin/bash\necho "runuser $*" >>"$FAKE/calls"\nshift 3\nexec "$@"\n', 0o755);
    symlinkSync(
      spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim(),
      join(folder, "bin", "python3"),
    );
    write("root/home/ec2-user/anaconda3/envs/python3/bin/python", PYTHON, 0o755);
    write("version", "3.10\n");
    write("s3/software/research/settings.json", "{}");
    write(`s3/software/software/${sha256(wheel)}/pandas-1-any.whl`, wheel);
  });

  /** Runs the start, and waits for what it leaves in the background. */
  async function start({ version = "1", zip, hash }: { version?: string; zip?: Uint8Array; hash?: string } = {}) {
    const content = zip ?? zipSync(files(version), { mtime: new Date(1980, 0, 1) });
    write("s3/software/bundles/research.zip", content);
    const script = onStartScript({ settings, key: "bundles/research.zip", sha256: hash ?? sha256(content) });
    rmSync(join(folder, "root/var/log/tss/environment.log"), { force: true });
    const done = spawnSync("bash", [write("on-start.sh", script)], {
      encoding: "utf8",
      env: {
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        FAKE: folder,
        TSS_ROOT: join(folder, "root"),
        TSS_RETRY_SECONDS: "0",
        PYTHONDONTWRITEBYTECODE: "1",
      },
    });
    if (done.status === 0)
      for (let waited = 0; !/is in place|is not built/.test(text("root/var/log/tss/environment.log")); waited++) {
        if (waited > 200) throw new Error(`nothing came of it: ${text("root/var/log/tss/environment.log")}\n${text("calls")}`);
        await sleep(100);
      }
    return { ...done, log: text("root/var/log/tss/environment.log") };
  }
  const faults = () =>
    text("told")
      .split("\n")
      .filter((line) => line !== "")
      .flatMap((line) => JSON.parse(line) as { message: string }[])
      .map(({ message }) => JSON.parse(message) as { NotebookFaults: number; message: string });

  it("sets the stop up, builds the environment of the locked wheels as the notebook's user, and tells nobody", async () => {
    const { status, stderr, log } = await start();
    expect([status, stderr]).toEqual([0, ""]);
    expect(text("root/etc/cron.d/tss-idle-stop")).toContain("*/5 * * * * root python3 /opt/tss/bundle/idle_stop.py");
    expect(JSON.parse(text("root/opt/tss/notebook.json"))).toEqual(settings);
    expect(text("calls")).toContain(`runuser -u ec2-user -- setsid bash ${join(folder, "root/opt/tss/bundle/build-environment.sh")}`);
    expect(text("installed")).toBe("pandas-1-any.whl\n");
    expect(text("calls")).toMatch(/python -m pip install --no-index --find-links \S+ --require-hashes /);
    expect(text("kernel").trim()).toBe(join(folder, "root/home/ec2-user"));
    expect(existsSync(join(folder, "root/home/ec2-user/SageMaker/tss-settings.json"))).toBe(true);
    expect(log).toContain("is in place");
    expect(faults()).toEqual([]);
  });

  it("fetches from nowhere but the software bucket", async () => {
    await start();
    const addresses = text("calls").match(/\b(s3|https?|ftp):\/\/\S+/g)!;
    expect(addresses.length).toBeGreaterThan(2);
    expect(addresses.filter((address) => !address.startsWith("s3://software/"))).toEqual([]);
  });

  it("builds nothing twice, and anew when the wheels change, in place of the old one", async () => {
    await start();
    const before = readdirSync(environments());
    write("calls", "");
    await start();
    expect(text("calls")).not.toContain("-m pip");
    expect(text("calls")).toContain("-m ipykernel install --user --name research");
    expect(readdirSync(environments())).toEqual(before);
    await start({ version: "2" });
    expect(text("calls")).toContain("-m pip");
    expect(readdirSync(environments())).toHaveLength(1);
    expect(readdirSync(environments())).not.toEqual(before);
  });

  it("runs no bundle with another hash, so that the notebook does not start", async () => {
    const { status, stderr } = await start({ hash: "0".repeat(64) });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^notebook is not set up: \S+ is refused: expected SHA-256 0{64}, found [0-9a-f]{64}$/m);
    expect(existsSync(join(folder, "root/opt/tss/bundle"))).toBe(false);
  });

  it.each([
    [
      "a wheel with another hash",
      () => write(`s3/software/software/${sha256(wheel)}/pandas-1-any.whl`, "other"),
      /wheel 'pandas-1-any.whl' is refused/,
    ],
    ["another Python than the wheels are for", () => write("version", "3.12\n"), /is not Python 3\.10, for which the wheels are locked/],
    ["wheels that cannot be installed", () => write("broken", ""), /the wheels could not be installed/],
  ])("tells of %s, keeps nothing of it, and the next start tries again", async (_, spoil, words) => {
    spoil();
    const { status, log } = await start();
    // The notebook itself starts: people may work with the kernels that it has.
    expect(status).toBe(0);
    expect(log).toMatch(words);
    for (let waited = 0; faults().length === 0 && waited < 100; waited++) await sleep(100);
    expect(faults()).toEqual([
      expect.objectContaining({ NotebookFaults: 1, Environment: "prod", message: expect.stringMatching(words) as string }),
    ]);
    write(`s3/software/software/${sha256(wheel)}/pandas-1-any.whl`, wheel);
    write("version", "3.10\n");
    rmSync(join(folder, "broken"), { force: true });
    expect((await start()).log).toContain("is in place");
  });
});
