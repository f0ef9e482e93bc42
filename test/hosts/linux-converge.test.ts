/** The scripts of the Linux engine and worker, for real, below a folder, with stand-ins for AWS, systemd and package managers. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { linuxBoot } from "../../constructs/hosts/boot";
import { engineFiles } from "../../constructs/hosts/bundle-files";
import { folder, write } from "./folder";

const bundleFiles = engineFiles({ nightlyBackup: "0 18 * * *", weeklyReport: "0 0 * * SAT" });
const boot = linuxBoot({ parameterName: "/tss/dev/engine", region: "ap-northeast-1" });

// Not by way of a version manager's stand-in, which takes longer than what it starts.
const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim();

/** Stands for `aws`: buckets and the parameter are files. */
const AWS = `#!/bin/bash
echo "aws $*" >>"$FAKE/calls"
local_path() { case "$1" in s3://*) echo "$FAKE/s3/\${1#s3://}" ;; *) echo "$1" ;; esac; }
case "$1 $2" in
  "ssm get-parameter") [ -f "$FAKE/parameter" ] || { echo "An error occurred (ParameterNotFound)" >&2; exit 254; }; cat "$FAKE/parameter" ;;
  "s3 cp") from=$(local_path "\${@: -2:1}") to=$(local_path "\${@: -1}"); mkdir -p "$(dirname "$to")"; cp "$from" "$to" ;;
  *) exit 2 ;;
esac
`;
/** Stands for `systemctl`: what is enabled and active are files. */
const SYSTEMCTL = `#!/bin/bash
args=(); for one in "$@"; do case "$one" in --now) now=1 ;; --*) ;; *) args+=("$one") ;; esac; done
set -- "\${args[@]}"
mkdir -p "$FAKE/enabled" "$FAKE/active"
case "$1" in
  is-enabled) [ -e "$FAKE/enabled/$2" ]; exit ;;
  is-active) [ -e "$FAKE/active/$2" ]; exit ;;
esac
echo "systemctl $*" >>"$FAKE/calls"
case "$1" in
  enable) touch "$FAKE/enabled/$2"; [ -z "$now" ] || touch "$FAKE/active/$2" ;;
  disable) rm -f "$FAKE/enabled/$2" "$FAKE/active/$2" ;;
  start|restart) touch "$FAKE/active/$2" ;;
esac
`;
const recorder = (name: string, more = "") => `#!/bin/bash\necho "${name} $*" >>"$FAKE/calls"\n${more}`;

if (process.platform !== "linux") it.todo("runs the scripts (needs Linux: flock, GNU coreutils)");

(process.platform === "linux" ? describe : describe.skip)("fetch.sh and converge.sh", () => {
  const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");
  const settings = {
    environment: "dev",
    host: "engine",
    worker: false,
    region: "ap-northeast-1",
    softwareBucket: "software",
    metricNamespace: "AXIA/TradingSystem",
    buckets: { processedMarketData: "processed" },
    logGroups: { application: "/aws/ec2/trading-system-dev" },
  };
  // Without today's date, the same files are the same archive.
  const archiveOf = (files: Record<string, Uint8Array>) => zipSync(files, { mtime: new Date(1980, 0, 1) });
  const lockedFor = (requirements: string) =>
    Buffer.from(
      `# for requirements.txt of engine-source, SHA-256 ${sha256(Buffer.from(requirements))}; not edited by hand.\nboto3==1.0 --hash=sha256:${sha256(Buffer.from("wheel"))}\n`,
    );
  const source = (version: string, requirements = "boto3\n") =>
    archiveOf({ "autonomous_engine.py": Buffer.from(`# ${version}\n`), "requirements.txt": Buffer.from(requirements) });
  const base = () => join(folder, "root", "opt", "tss");
  const calls = () =>
    existsSync(join(folder, "calls"))
      ? readFileSync(join(folder, "calls"), "utf8")
          .split("\n")
          .filter((line) => line !== "")
      : [];

  beforeEach(() => {
    write("bin/aws", AWS, 0o755);
    write("bin/systemctl", SYSTEMCTL, 0o755);
    symlinkSync(python, join(folder, "bin", "python3"));
    write("bin/timedatectl", recorder("timedatectl", '[ "$1" != show ] || echo UTC'), 0o755);
    write("bin/getent", '#!/bin/bash\n[ -e "$FAKE/user" ]\n', 0o755);
    write("bin/useradd", recorder("useradd", 'touch "$FAKE/user"'), 0o755);
    write("bin/rpm", '#!/bin/bash\n[ -e "$FAKE/installed" ]\n', 0o755);
    write("bin/dnf", recorder("dnf", 'touch "$FAKE/installed"'), 0o755);
    const installed = '#!/bin/bash\\necho "pip $*" >>"$FAKE/calls"\\n';
    write(
      "bin/python3.11",
      recorder("python3.11", `mkdir -p "$3/bin"; printf '${installed}' >"$3/bin/python"; chmod +x "$3/bin/python"`),
      0o755,
    );
    write(
      "root/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl",
      recorder("agent", 'mkdir -p "$FAKE/active"; touch "$FAKE/active/amazon-cloudwatch-agent.service"'),
      0o755,
    );
  });

  /** Puts a bundle, the source and the manifest where the host finds them. */
  function publish({
    with: changes = {},
    files = {},
    code = source("1"),
    hash = sha256(code) as string | null,
    locked = "boto3\n",
    wheel = Buffer.from("wheel") as Uint8Array,
  }: {
    with?: object;
    files?: Record<string, Uint8Array>;
    code?: Uint8Array;
    hash?: string | null;
    locked?: string;
    wheel?: Uint8Array;
  } = {}): string {
    write(`s3/software/software/${sha256(Buffer.from("wheel"))}/boto3-1.0-py3-none-any.whl`, wheel);
    const wheels = {
      entries: [{ name: "boto3", version: "1.0", file: "boto3-1.0-py3-none-any.whl", sha256: sha256(Buffer.from("wheel")) }],
    };
    write(`s3/software/software/${hash}/engine-source.zip`, code);
    const software = { entries: [{ name: "engine-source", version: "1", file: "engine-source.zip", source: null, sha256: hash }] };
    const zip = archiveOf({
      ...bundleFiles,
      "wheels.json": Buffer.from(JSON.stringify(wheels)),
      "requirements.txt": lockedFor(locked),
      ...files,
      "software.json": Buffer.from(JSON.stringify(software)),
    });
    const key = `bundles/engine-${sha256(zip)}.zip`;
    write(`s3/software/${key}`, zip);
    write("parameter", JSON.stringify({ bundle: { bucket: "software", key, sha256: sha256(zip) }, settings: { ...settings, ...changes } }));
    return join(folder, "s3", "software", key);
  }

  /** As the association runs it; `calls` are those of this run. */
  function converge(env: Record<string, string> = {}): { code: number | null; output: string; calls: string[] } {
    rmSync(join(folder, "calls"), { force: true });
    const { status, stdout, stderr } = spawnSync("sh", ["-c", boot.script], {
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        FAKE: folder,
        TSS_ROOT: join(folder, "root"),
        TSS_RETRY_SECONDS: "0",
        TSS_NEEDED_MB: "1",
        ...env,
      },
    });
    return { code: status, output: stdout + stderr, calls: calls() };
  }
  const changing = (lines: readonly string[]) => lines.filter((line) => !/^(aws ssm|timedatectl show)/.test(line));

  it("makes an engine of a bare machine, and does nothing the second time", () => {
    publish();
    const first = converge();
    expect(first).toMatchObject({ code: 0 });
    const short = (line: string) =>
      line
        .replaceAll(folder, "")
        .replace(/\/\S*\/\.(?:fetch|converge)\.\w+/g, "*")
        .replace(/[0-9a-f]{64}/g, "#");
    expect(changing(first.calls).map(short)).toEqual([
      "aws s3 cp --region ap-northeast-1 --only-show-errors s3://software/bundles/engine-#.zip */bundle.zip",
      "useradd --system --user-group --home-dir /var/lib/tss --shell /sbin/nologin tss",
      "dnf install --assumeyes --quiet python3.11 python3.11-pip git amazon-cloudwatch-agent logrotate",
      "agent -a fetch-config -m ec2 -s -c file:*/cloudwatch-agent.json",
      "aws s3 cp --region ap-northeast-1 --only-show-errors s3://software/software/#/engine-source.zip */source",
      "aws s3 cp --region ap-northeast-1 --only-show-errors s3://software/software/#/boto3-1.0-py3-none-any.whl */wheels/boto3-1.0-py3-none-any.whl",
      "python3.11 -m venv /root/opt/tss/environments/#",
      "pip -m pip install --no-index --find-links */wheels --require-hashes --no-cache-dir --no-input --disable-pip-version-check --quiet --requirement /root/opt/tss/host/requirements.txt",
      "pip -c import boto3",
      "systemctl daemon-reload",
      ...["trading-engine.service", "data-collector.service", "heartbeat.timer", "nightly-backup.timer", "weekly-report.timer"].flatMap(
        (unit) => [`systemctl enable ${unit}`, `systemctl start ${unit}`],
      ),
      "systemctl enable logrotate.timer",
    ]);
    expect(JSON.parse(readFileSync(join(folder, "root/etc/tss/settings.json"), "utf8"))).toEqual(settings);
    expect(statSync(join(folder, "root/etc/tss/settings.json")).mode & 0o777).toBe(0o640);
    expect(statSync(join(base(), "host/backup.sh")).mode & 0o777).toBe(0o755);
    expect(statSync(join(base(), "host/json_value.py")).mode & 0o777).toBe(0o644);
    expect(existsSync(join(base(), "host/python/tss_host/__main__.py"))).toBe(true);
    const agent = JSON.parse(readFileSync(join(folder, "root/etc/tss/cloudwatch-agent.json"), "utf8"));
    expect(agent.metrics).toMatchObject({ namespace: "AXIA/TradingSystem", aggregation_dimensions: [["Environment", "Host"]] });
    expect(agent.metrics.metrics_collected.mem.append_dimensions).toEqual({ Environment: "dev", Host: "engine" });
    expect(agent.logs.logs_collected.files.collect_list[0]).toMatchObject({
      log_group_name: "/aws/ec2/trading-system-dev",
      log_stream_name: "engine/trading_engine",
    });

    const second = converge();
    expect(second).toMatchObject({ code: 0 });
    expect(changing(second.calls)).toEqual([]);
    expect(second.output).not.toMatch(/was written|restarted/);
    expect(readdirSync(base()).sort()).toEqual([".lock", "engine", "environments", "host", "manifest.json", "state"]);
  });

  it("makes an environment whose programs run, from wheels alone (a console script names the folder that it was made in)", () => {
    const requirements = "boto3\n";
    const wheel = archiveOf({
      "boto3.py": Buffer.from("def main():\n    print('it runs')\n"),
      "boto3-1.0.dist-info/METADATA": Buffer.from("Metadata-Version: 2.1\nName: boto3\nVersion: 1.0\n"),
      "boto3-1.0.dist-info/WHEEL": Buffer.from("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
      "boto3-1.0.dist-info/entry_points.txt": Buffer.from("[console_scripts]\nhello = boto3:main\n"),
      "boto3-1.0.dist-info/RECORD": Buffer.from(
        "boto3.py,,\nboto3-1.0.dist-info/METADATA,,\nboto3-1.0.dist-info/WHEEL,,\nboto3-1.0.dist-info/RECORD,,\n",
      ),
    });
    const file = "boto3-1.0-py3-none-any.whl";
    write(`s3/software/software/${sha256(wheel)}/${file}`, wheel);
    write("bin/python3.11", `#!/bin/bash\nexec "${python}" "$@"\n`, 0o755);
    publish({
      files: {
        "wheels.json": Buffer.from(JSON.stringify({ entries: [{ name: "boto3", version: "1.0", file, sha256: sha256(wheel) }] })),
        "requirements.txt": Buffer.from(`# SHA-256 ${sha256(Buffer.from(requirements))};\nboto3==1.0 --hash=sha256:${sha256(wheel)}\n`),
      },
    });
    const { code, output } = converge({ PIP_CONFIG_FILE: "/dev/null" });
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(spawnSync(join(base(), "engine/.venv/bin/hello"), { encoding: "utf8" })).toMatchObject({ status: 0, stdout: "it runs\n" });
  }, 120_000);

  it("restarts the trading engine for its source and its unit only", () => {
    publish();
    converge();
    publish({ with: { region: "eu-west-1" } });
    const settingsChanged = converge();
    expect(settingsChanged.calls).not.toContain("systemctl restart trading-engine.service");
    expect(settingsChanged.calls).toContain("systemctl restart data-collector.service");
    expect(settingsChanged.output).toContain(
      "trading-engine.service keeps running with its old settings until: systemctl restart trading-engine.service",
    );

    publish({ code: source("2") });
    const sourceChanged = converge();
    expect(sourceChanged.calls).toContain("systemctl restart trading-engine.service");
    // The same requirements: the virtual environment moves along.
    expect(sourceChanged.calls.filter((line) => /^(python3.11|pip)/.test(line))).toEqual([]);
    expect(readFileSync(join(base(), "engine/autonomous_engine.py"), "utf8")).toBe("# 2\n");

    publish({ code: source("3", "boto3\nnumpy\n"), locked: "boto3\nnumpy\n" });
    expect(converge().calls.some((line) => /^pip -m pip install --no-index .*requirements.txt$/.test(line))).toBe(true);
    // The former environment is gone.
    expect(readdirSync(join(base(), "environments"))).toHaveLength(1);

    const unit = Buffer.concat([bundleFiles["units/trading-engine.service"]!, Buffer.from("# changed\n")]);
    publish({ code: source("3", "boto3\nnumpy\n"), locked: "boto3\nnumpy\n", files: { "units/trading-engine.service": unit } });
    const unitChanged = converge();
    expect(unitChanged.calls.filter((line) => line.startsWith("systemctl"))).toEqual([
      "systemctl daemon-reload",
      "systemctl restart trading-engine.service",
    ]);
  });

  it("moves collector and report to a worker", () => {
    publish();
    converge();
    publish({ with: { worker: true } });
    expect(converge().calls).toEqual(
      expect.arrayContaining(["systemctl disable data-collector.service", "systemctl disable weekly-report.timer"]),
    );
    expect(readdirSync(join(folder, "active")).sort()).toEqual([
      "amazon-cloudwatch-agent.service",
      "heartbeat.timer",
      "logrotate.timer",
      "nightly-backup.timer",
      "trading-engine.service",
    ]);
    publish({ with: { host: "worker", worker: true } });
    converge();
    expect(readdirSync(join(folder, "active")).sort()).toEqual([
      "amazon-cloudwatch-agent.service",
      "data-collector.service",
      "logrotate.timer",
      "nightly-backup.timer",
      "weekly-report.timer",
    ]);
  });

  it("refuses a bundle of another hash, and leaves the one that is there", () => {
    publish();
    converge();
    const archive = publish({ with: { environment: "staging" }, files: { more: new Uint8Array([1]) } });
    writeFileSync(archive, "something else");
    const { code, output, calls: made } = converge();
    expect({ code, made: changing(made).filter((line) => !line.startsWith("aws s3")) }).toEqual({ code: 1, made: [] });
    expect(output).toMatch(
      /^host is not converged: bundle s3:\/\/software\/bundles\/engine-\w+\.zip is refused: expected SHA-256 \w{64}, found \w{64}\n$/,
    );
    expect(existsSync(join(base(), "host/converge.sh"))).toBe(true);
  });

  it("says so when the parameter does not exist, without waiting", () => {
    expect(converge()).toMatchObject({
      code: 1,
      output:
        "host is not converged: SSM parameter /tss/dev/engine in ap-northeast-1 could not be read: An error occurred (ParameterNotFound) \n",
      calls: [expect.stringContaining("aws ssm")],
    });
  });

  it("tries again while the network comes up", () => {
    publish();
    write("bin/aws", AWS.replace("\n", '\n[ -e "$FAKE/up" ] || { touch "$FAKE/up"; echo no route >&2; exit 255; }\n'), 0o755);
    expect(converge()).toMatchObject({ code: 0, output: expect.stringContaining("attempt 1 failed: no route") });
  });

  it("says so when the disk is full, before it writes", () => {
    publish();
    const { code, output, calls: made } = converge({ TSS_NEEDED_MB: "999999999" });
    expect({ code, made }).toEqual({ code: 1, made: [] });
    expect(output).toMatch(/^host is not converged: the disk of \S+ has only \d+ MB free, 999999999 MB are needed\n$/);
  });

  it("says so when the parameter is no manifest", () => {
    write("parameter", "{}");
    expect(converge()).toMatchObject({
      code: 1,
      output: "host is not converged: SSM parameter /tss/dev/engine says nothing of bundle.bucket\n",
    });
  });

  it.each([
    [
      "has no hash yet",
      { hash: null },
      /software 'engine-source' \(engine-source\.zip\) has no hash yet; run: npm run software -- lock dev/,
    ],
    [
      "is another",
      { hash: "0".repeat(64) },
      /software 'engine-source\.zip' is refused: expected SHA-256 0{64}, found \w{64}; run: npm run software -- lock dev/,
    ],
    [
      "asks for other libraries than those that are locked",
      { code: source("2", "boto3\nnumpy\n") },
      /the wheels are not locked for this requirements\.txt of 'engine-source'; run: npm run software -- wheels engine/,
    ],
    [
      "needs a wheel that is another",
      { code: source("2", "numpy\n"), locked: "numpy\n", wheel: Buffer.from("another") },
      /software 'boto3-1\.0-py3-none-any\.whl' is refused: expected SHA-256 \w{64}, found \w{64}/,
    ],
    [
      "lacks its requirements",
      { code: zipSync({ "a.py": new Uint8Array() }, { mtime: new Date(1980, 0, 1) }) },
      /'engine-source' has no requirements.txt/,
    ],
  ])("stops when the source %s, and keeps what runs", (_, change, message) => {
    publish();
    converge();
    publish(change);
    const { code, output, calls: made } = converge();
    expect(code).toBe(1);
    expect(output).toMatch(message);
    expect(made.filter((line) => /restart|disable/.test(line))).toEqual([]);
    expect(readFileSync(join(base(), "engine/autonomous_engine.py"), "utf8")).toBe("# 1\n");
  });

  it("makes up for a run that was interrupted before the restart", () => {
    publish();
    converge();
    publish({ code: source("2") });
    const refusing = SYSTEMCTL.replace('case "$1" in\n  enable', '[ "$1" != restart ] || exit 1\ncase "$1" in\n  enable');
    write("bin/systemctl", refusing, 0o755);
    expect(converge()).toMatchObject({ code: 1 });
    write("bin/systemctl", SYSTEMCTL, 0o755);
    expect(converge().calls).toEqual(
      expect.arrayContaining(["systemctl restart trading-engine.service", "systemctl restart data-collector.service"]),
    );
  });

  it("backs up state and logs", () => {
    publish();
    converge();
    write("root/var/lib/tss/state.db", "state");
    const { status, stdout } = spawnSync("bash", [join(base(), "host/backup.sh")], {
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        FAKE: folder,
        TSS_ROOT: join(folder, "root"),
        TSS_SETTINGS: join(folder, "root/etc/tss/settings.json"),
        TMPDIR: folder,
      },
    });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^backup of \d+ bytes is in s3:\/\/processed\/backups\/engine\/engine\/\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz\n$/,
      ),
    });
    const archives = join(folder, "s3/processed/backups/engine/engine");
    expect(spawnSync("tar", ["-tzf", join(archives, readdirSync(archives)[0]!)], { encoding: "utf8" }).stdout).toContain(
      "var/lib/tss/state.db\n",
    );
  });

  it("reports weekly only if the source can", () => {
    publish();
    converge();
    const report = () =>
      spawnSync("bash", [join(base(), "host/weekly-report.sh")], {
        encoding: "utf8",
        env: { ...process.env, FAKE: folder, TSS_ROOT: join(folder, "root") },
      });
    expect(report()).toMatchObject({ status: 0, stdout: expect.stringContaining("has no weekly_report.py") });
    write("root/opt/tss/engine/weekly_report.py", "");
    rmSync(join(folder, "calls"), { force: true });
    expect(report().status).toBe(0);
    expect(calls()).toEqual(["pip weekly_report.py"]);
  });
});
