/** The scripts of the web application's backend, for real, below a folder, with stand-ins for AWS, Docker, systemd and package managers. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { zipSync } from "fflate";
import { parse } from "yaml";
import { linuxBoot } from "../../constructs/hosts/boot";
import { webFiles } from "../../constructs/hosts/bundle-files";
import { folder, write } from "./folder";
import { judged, run, systemdAnalyze } from "./linux-tools";

const bundleFiles = webFiles("month");
const boot = linuxBoot({ parameterName: "/tss/dev/web", region: "ap-northeast-1" });
const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim();
const text = (file: string) => Buffer.from(bundleFiles[file]!).toString("utf8");
const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

const AWS = `#!/bin/bash
echo "aws $*" >>"$FAKE/calls"
local_path() { case "$1" in s3://*) echo "$FAKE/s3/\${1#s3://}" ;; *) echo "$1" ;; esac; }
case "$1 $2" in
  "ssm get-parameter") cat "$FAKE/parameter" ;;
  "s3 cp") from=$(local_path "\${@: -2:1}") to=$(local_path "\${@: -1}"); mkdir -p "$(dirname "$to")"; cp "$from" "$to" ;;
  "ecr get-login-password") echo "registry-password" ;;
  "secretsmanager get-secret-value") cat "$FAKE/secret" ;;
  *) exit 2 ;;
esac
`;
/** Images are files; what Compose would run is written down with its variables. */
const DOCKER = `#!/bin/bash
name() { echo "$FAKE/images/$(echo "$1" | tr '/:@' '___')"; }
mkdir -p "$FAKE/images"
case "$1 $2" in
  "image inspect") [ -e "$(name "$3")" ]; exit ;;
  "login --username") read -r password; echo "docker login \${*: -1} with $password into \${DOCKER_CONFIG:-none}" >>"$FAKE/calls" ;;
  "pull --quiet") echo "docker $*" >>"$FAKE/calls"; [ ! -e "$FAKE/registry-is-down" ] && touch "$(name "$3")" ;;
  "compose --project-name") [ "$4" = ps ] && cat "$FAKE/containers" 2>/dev/null; exit 0 ;;
  "image prune") echo "docker $*" >>"$FAKE/calls" ;;
  "compose --file") echo "docker $*" >>"$FAKE/calls"; printf 'api\\ncache\\n' >"$FAKE/containers"; echo "$API_IMAGE $CACHE_IMAGE $API_PORT $LOG_GROUP $REGION \${DATABASE_URL:-}" >"$FAKE/running" ;;
  "run --rm")
    image=; program=; reads=
    for one in "$@"; do case "$one" in public.ecr.aws/*) image=$one ;; pg_dump|pg_restore) program=$one ;; esac; done
    echo "docker \${*:2}" >>"$FAKE/calls"
    case "$program" in
      pg_dump)
        previous=; for one in "$@"; do if [ "$previous" = --env-file ]; then cp "$one" "$FAKE/environment"; stat --format=%a "$one" >"$FAKE/environment-mode"; fi; previous=$one; done
        [ ! -e "$FAKE/database-rests" ] || exit 1
        cat "$FAKE/dump" ;;
      pg_restore) grep --quiet "^PGDMP" ;;
    esac ;;
  *) exit 2 ;;
esac
`;
/** Starts the one unit that the bundle brings, as systemd would. */
const SYSTEMCTL = `#!/bin/bash
args=(); for one in "$@"; do case "$one" in --*) ;; *) args+=("$one") ;; esac; done
set -- "\${args[@]}"
mkdir -p "$FAKE/enabled" "$FAKE/active"
case "$1" in
  is-enabled) [ -e "$FAKE/enabled/$2" ]; exit ;;
  is-active) [ -e "$FAKE/active/$2" ]; exit ;;
  is-failed) [ -e "$FAKE/failed" ]; exit ;;
esac
echo "systemctl $*" >>"$FAKE/calls"
case "$1" in
  enable) touch "$FAKE/enabled/$2" ;;
  disable) rm -f "$FAKE/enabled/$2" "$FAKE/active/$2" ;;
  start|restart|reload-or-restart)
    rm -f "$FAKE/active/$2"
    if [ "$2" = kabu-trade.service ]; then RUNTIME_DIRECTORY="$FAKE/run" "$TSS_ROOT/opt/tss/host/start.sh" || exit 1; fi
    touch "$FAKE/active/$2" ;;
esac
`;
const recorder = (name: string, more = "") => `#!/bin/bash\necho "${name} $*" >>"$FAKE/calls"\n${more}`;

const API = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/kabu-trade-api-dev";
const CACHE = `public.ecr.aws/docker/library/redis:7@sha256:${"a".repeat(64)}`;
const settings = {
  environment: "dev",
  host: "web",
  region: "ap-northeast-1",
  softwareBucket: "software",
  metricNamespace: "AXIA/TradingSystem",
  logGroups: { application: "/aws/ec2/kabu-trade-dev" },
  swapMegabytes: 1,
  images: { api: `${API}:1.0.0`, cache: CACHE },
  port: 8000,
  databaseSecret: "kabu-trade/database-dev",
};

if (process.platform !== "linux") it.todo("runs the scripts (needs Linux: flock, GNU coreutils)");

(process.platform === "linux" ? describe : describe.skip)("the web application's backend", () => {
  const compose = Buffer.from("compose");

  beforeEach(() => {
    write("bin/aws", AWS, 0o755);
    write("bin/docker", DOCKER, 0o755);
    write("bin/systemctl", SYSTEMCTL, 0o755);
    symlinkSync(python, join(folder, "bin", "python3"));
    write("bin/timedatectl", recorder("timedatectl", '[ "$1" != show ] || echo UTC'), 0o755);
    write("bin/uname", "#!/bin/bash\necho x86_64\n", 0o755);
    write("bin/rpm", '#!/bin/bash\n[ -e "$FAKE/installed" ]\n', 0o755);
    write("bin/dnf", recorder("dnf", 'touch "$FAKE/installed"'), 0o755);
    write("bin/mkswap", recorder("mkswap"), 0o755);
    write("bin/swapoff", recorder("swapoff", 'rm -f "$FAKE/swapped"'), 0o755);
    write(
      "bin/swapon",
      '#!/bin/bash\nif [ "$1" = --show=NAME ]; then cat "$FAKE/swapped" 2>/dev/null; else echo "swapon $*" >>"$FAKE/calls"; echo "$1" >"$FAKE/swapped"; fi\n',
      0o755,
    );
    write(
      "root/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl",
      recorder("agent", 'mkdir -p "$FAKE/active"; touch "$FAKE/active/amazon-cloudwatch-agent.service"'),
      0o755,
    );
    write("root/etc/fstab", "");
    write("secret", JSON.stringify({ url: "postgresql://api:secret-word@db/kabu_trade?sslmode=require" }));
    mkdirSync(join(folder, "run"));
  });

  function publish(changes: object = {}, files: Record<string, Uint8Array> = {}): void {
    const lock = {
      entries: [{ name: "docker-compose-x86_64", version: "1", file: "docker-compose", source: null, sha256: sha256(compose) }],
    };
    write(`s3/software/software/${sha256(compose)}/docker-compose`, compose);
    const zip = zipSync({ ...bundleFiles, "software.json": Buffer.from(JSON.stringify(lock)), ...files }, { mtime: new Date(1980, 0, 1) });
    const key = `bundles/web-${sha256(zip)}.zip`;
    write(`s3/software/${key}`, zip);
    write("parameter", JSON.stringify({ bundle: { bucket: "software", key, sha256: sha256(zip) }, settings: { ...settings, ...changes } }));
  }

  function converge(): { code: number | null; output: string; calls: string[] } {
    rmSync(join(folder, "calls"), { force: true });
    const { status, stdout, stderr } = spawnSync("sh", ["-c", boot.script], {
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        ...{ FAKE: folder, TSS_ROOT: join(folder, "root"), TSS_RETRY_SECONDS: "0", TSS_NEEDED_MB: "1" },
      },
    });
    const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n") : [];
    return { code: status, output: stdout + stderr, calls: calls.filter((line) => !/^(aws ssm|timedatectl show)/.test(line)) };
  }
  const short = (line: string) =>
    line
      .replaceAll(folder, "")
      .replace(/\/\S*\/\.(?:fetch|converge)\.\w+/g, "*")
      .replace(/[0-9a-f]{64}/g, "#");
  const running = () => readFileSync(join(folder, "running"), "utf8").trim();
  const root = (path: string) => join(folder, "root", path);

  it("makes a backend of a bare machine, and does nothing the second time (EDG-016 … EDG-020)", () => {
    publish();
    const first = converge();
    expect(first).toMatchObject({ code: 0 });
    expect(first.calls.map(short)).toEqual([
      "aws s3 cp --region ap-northeast-1 --only-show-errors s3://software/bundles/web-#.zip */bundle.zip",
      "mkswap /root/swapfile",
      "swapon /root/swapfile",
      "dnf install --assumeyes --quiet docker amazon-cloudwatch-agent",
      "aws s3 cp --region ap-northeast-1 --only-show-errors s3://software/software/#/docker-compose */docker-compose",
      "systemctl enable docker.service",
      "systemctl start docker.service",
      "agent -a fetch-config -m ec2 -s -c file:*/cloudwatch-agent.json",
      "aws ecr get-login-password --region ap-northeast-1",
      "docker login 111122223333.dkr.ecr.ap-northeast-1.amazonaws.com with registry-password into */docker",
      `docker pull --quiet ${API}:1.0.0`,
      "docker pull --quiet public.ecr.aws/docker/library/redis:7@sha256:#",
      "systemctl daemon-reload",
      "systemctl enable kabu-trade.service",
      "systemctl reload-or-restart kabu-trade.service",
      "aws secretsmanager get-secret-value --region ap-northeast-1 --secret-id kabu-trade/database-dev --query SecretString --output text",
      "docker compose --file /root/opt/tss/host/compose.yaml up --detach --no-build --pull never --remove-orphans",
      "docker image prune --all --force",
    ]);
    expect(running()).toBe(
      `${API}:1.0.0 ${CACHE} 8000 /aws/ec2/kabu-trade-dev ap-northeast-1 postgresql://api:secret-word@db/kabu_trade?sslmode=require`,
    );
    expect(statSync(root("usr/local/lib/docker/cli-plugins/docker-compose")).mode & 0o777).toBe(0o755);
    expect(statSync(root("swapfile"))).toMatchObject({ size: 1_048_576 });
    expect(statSync(root("swapfile")).mode & 0o777).toBe(0o600);
    expect(readFileSync(root("etc/fstab"), "utf8")).toBe(`${root("swapfile")} none swap defaults 0 0\n`);

    const second = converge();
    expect(second).toMatchObject({ code: 0, calls: ["docker image prune --all --force"] });
  });

  it("starts again what somebody has taken away, and removes images that nothing runs", () => {
    publish();
    expect(converge().calls.at(-1)).toBe("docker image prune --all --force");
    writeFileSync(join(folder, "containers"), "api\n");
    const repaired = converge();
    expect(repaired.calls).toContain("systemctl reload-or-restart kabu-trade.service");
    expect(converge().calls.join()).not.toContain("systemctl");
  });

  it("leaves no secret in a file (SEC-059)", () => {
    publish();
    converge();
    expect(spawnSync("grep", ["-rl", "secret-word\\|registry-password", root("."), join(folder, "run")], { encoding: "utf8" }).stdout).toBe(
      "",
    );
  });

  it("changes over to another image, and keeps what runs when that cannot be had", () => {
    publish();
    converge();
    writeFileSync(join(folder, "registry-is-down"), "");
    publish({ images: { api: `${API}:2.0.0`, cache: CACHE } });
    const failed = converge();
    expect(failed.code).toBe(1);
    expect(failed.output).toContain(`image ${API}:2.0.0 could not be pulled; what runs stays as it is`);
    expect(failed.calls.join()).not.toContain("restart");
    expect(running()).toContain(`${API}:1.0.0 `);

    rmSync(join(folder, "registry-is-down"));
    const changed = converge();
    expect(changed).toMatchObject({ code: 0 });
    expect(changed.calls).toContain(`docker pull --quiet ${API}:2.0.0`);
    expect(changed.calls).not.toContain(`docker pull --quiet ${CACHE}`);
    expect(running()).toContain(`${API}:2.0.0 `);
  });

  it("runs nothing as long as no image is named, and is ready for one", () => {
    publish({ images: { api: "", cache: CACHE } });
    const { code, output, calls } = converge();
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining("no image of the API has been named yet") as string,
    });
    expect(calls.join()).not.toMatch(/docker (pull|compose)|kabu-trade/);
    expect(calls).toContain("systemctl start docker.service");
  });

  it("does not start with half a secret, nor with software that is not what is locked", () => {
    publish();
    write("secret", JSON.stringify({ address: "x" }));
    const incomplete = converge();
    expect(incomplete.code).toBe(1);
    expect(incomplete.output).toContain("url is missing");
    expect(existsSync(join(folder, "running"))).toBe(false);

    rmSync(root("usr"), { recursive: true });
    write(`s3/software/software/${sha256(compose)}/docker-compose`, "another file");
    const replaced = converge();
    expect(replaced.code).toBe(1);
    expect(replaced.output).toMatch(/software 'docker-compose' is refused: expected SHA-256/);
    expect(existsSync(root("usr"))).toBe(false);
  });

  describe("copies of the database for long keeping (OPS-025)", () => {
    const POSTGRES = `public.ecr.aws/docker/library/postgres:15@sha256:${"b".repeat(64)}`;
    const dump = { dump: { image: POSTGRES, target: "s3://kabu-trade-backups/database/" } };
    const dumps = () => readdirSync(join(folder, "s3/kabu-trade-backups/database"));
    /** As systemd would, at its time. */
    function copy(): { code: number | null; output: string; calls: string[] } {
      rmSync(join(folder, "calls"), { force: true });
      mkdirSync(join(folder, "run", "dump"), { recursive: true });
      mkdirSync(join(folder, "tmp"), { recursive: true });
      const { status, stdout, stderr } = spawnSync(root("opt/tss/host/dump.sh"), [], {
        encoding: "utf8",
        env: {
          ...process.env,
          PATH: `${join(folder, "bin")}:${process.env.PATH}`,
          ...{ FAKE: folder, TSS_ROOT: join(folder, "root"), RUNTIME_DIRECTORY: join(folder, "run", "dump"), TMPDIR: join(folder, "tmp") },
        },
      });
      return { code: status, output: stdout + stderr, calls: readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n") };
    }
    const left = () => [...readdirSync(join(folder, "run", "dump")), ...readdirSync(join(folder, "tmp"))];

    beforeEach(() => {
      write("dump", "PGDMP tables");
      write("secret", JSON.stringify({ url: "postgresql+asyncpg://api:secret%2Fword@db.example:5433/kabu_trade?ssl=require" }));
      publish(dump);
    });

    it("are made by a timer, which is set anew when its time changes and taken away with the value", () => {
      expect(converge().calls.filter((line) => line.includes("dump.timer"))).toEqual([
        "systemctl enable kabu-trade-dump.timer",
        "systemctl restart kabu-trade-dump.timer",
      ]);
      expect(readFileSync(root("etc/systemd/system/kabu-trade-dump.timer"), "utf8")).toContain("OnCalendar=*-*-01 21:00:00 UTC\n");
      expect(converge().calls).toEqual(["docker image prune --all --force"]);

      publish(dump, { "units/kabu-trade-dump.timer": webFiles("week")["units/kabu-trade-dump.timer"]! });
      expect(converge().calls.filter((line) => line.includes("dump.timer"))).toEqual(["systemctl restart kabu-trade-dump.timer"]);
      expect(readFileSync(root("etc/systemd/system/kabu-trade-dump.timer"), "utf8")).toContain("OnCalendar=Sun *-*-* 21:00:00 UTC\n");

      publish();
      expect(converge().calls).toContain("systemctl disable kabu-trade-dump.timer");
      expect(existsSync(root("etc/systemd/system/kabu-trade-dump.service"))).toBe(false);
      expect(existsSync(join(folder, "enabled/kabu-trade-dump.timer"))).toBe(false);
    });

    it("are read once more before they are kept, and leave nothing behind on the machine", () => {
      converge();
      const { code, output, calls } = copy();
      expect({ code, output }).toEqual({ code: 0, output: "a copy of 12 bytes is in s3://kabu-trade-backups/database/\n" });
      const confined = "--rm --interactive --user postgres --read-only --cap-drop ALL --security-opt no-new-privileges";
      expect(calls.map(short).map((line) => line.replace(/[0-9TZ-]{18}-[0-9a-f]{16}/, "<time>-<random>"))).toEqual([
        "aws secretsmanager get-secret-value --region ap-northeast-1 --secret-id kabu-trade/database-dev --query SecretString --output text",
        `docker ${confined} --env-file /run/dump/environment ${short(POSTGRES)} pg_dump --format=custom --no-password`,
        `docker ${confined} --network none ${short(POSTGRES)} pg_restore --list`,
        expect.stringMatching(
          /^aws s3 cp --region ap-northeast-1 --only-show-errors \S+\.dump s3:\/\/kabu-trade-backups\/database\/<time>-<random>\.dump$/,
        ),
      ]);
      expect(readFileSync(join(folder, "environment"), "utf8")).toBe(
        "PGHOST=db.example\nPGPORT=5433\nPGUSER=api\nPGPASSWORD=secret/word\nPGDATABASE=kabu_trade\nPGSSLMODE=require\n",
      );
      expect(readFileSync(join(folder, "environment-mode"), "utf8")).toBe("600\n");
      // No name is guessed from another, so that none is written over.
      copy();
      expect(dumps()).toHaveLength(2);
      expect(new Set(dumps().map((name) => name.slice(-21))).size).toBe(2);
      expect(left()).toEqual([]);
    });

    it.each([
      ["a database that does not answer", () => write("database-rests", "")],
      ["a copy that cannot be read", () => write("dump", "half of a")],
      ["an address without a password", () => write("secret", JSON.stringify({ url: "postgresql://api@db/kabu_trade" }))],
      ["an address with a line break", () => write("secret", JSON.stringify({ url: "postgresql://api:a%0APGHOST=x@db/kabu_trade" }))],
      ["a secret that nobody has filled in", () => write("secret", "{}")],
    ])("of %s are none: the unit fails", (_, spoil) => {
      converge();
      spoil();
      const { code, calls } = copy();
      expect(code).not.toBe(0);
      expect(calls.join("\n")).not.toContain("aws s3 cp");
      expect(left()).toEqual([]);
    });

    it("that fail are told by the next converge, which keeps the application from nothing", () => {
      converge();
      write("failed", "");
      const after = converge();
      expect(after.code).toBe(1);
      expect(after.output).toContain("the last copy of the database failed; see: journalctl --unit kabu-trade-dump");
      expect(after.calls).toContain("docker image prune --all --force");
    });

    judged("have units that systemd takes", systemdAnalyze(), (tool) => {
      write("opt/tss/host/dump.sh", text("dump.sh"), 0o755);
      for (const unit of ["kabu-trade-dump.service", "kabu-trade-dump.timer"])
        write(`units/${unit}`, text(`units/${unit}`).replaceAll("/opt/tss", join(folder, "opt/tss")));
      write("units/docker.service", "[Service]\nExecStart=/bin/true\n");
      const files = ["service", "timer"].map((kind) => join(folder, `units/kabu-trade-dump.${kind}`));
      expect(run(tool, ["verify", "--man=no", ...files]).output).not.toMatch(/kabu-trade-dump\.(service|timer):/);
      for (const when of ["week", "month"] as const) {
        const [, time] = /^OnCalendar=(.*)$/m.exec(Buffer.from(webFiles(when)["units/kabu-trade-dump.timer"]!).toString("utf8"))!;
        expect(run(tool, ["calendar", time!])).toMatchObject({ code: 0 });
      }
    });
  });

  judged("the unit is one that systemd takes", systemdAnalyze(), (tool) => {
    const unit = text("units/kabu-trade.service");
    write("opt/tss/host/start.sh", text("start.sh"), 0o755);
    const verified = (content: string) => {
      write("units/kabu-trade.service", content.replaceAll("/opt/tss", join(folder, "opt/tss")).replace("/usr/bin/docker", "/bin/true"));
      write("units/docker.service", "[Service]\nExecStart=/bin/true\n");
      return run(tool, ["verify", "--man=no", join(folder, "units/kabu-trade.service")]).output;
    };
    expect(verified(unit)).not.toMatch(/kabu-trade\.service:/);
    expect(verified(`${unit}\n[Service]\nRestrat=always\n`)).toContain("Restrat");
  });

  it("what Compose is given is what it asks for", () => {
    const file = text("compose.yaml");
    const asked = new Set([...file.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!));
    const given = new Set([...text("start.sh").matchAll(/^ *export ([A-Z_ ]+)$/gm)].flatMap(([, names]) => names!.split(" ")));
    expect([...given].sort()).toEqual([...asked].sort());
    const { services } = parse(file, { merge: true }) as { services: Record<string, Record<string, unknown>> };
    // Only the API is open, and only the API reaches the cache.
    expect(Object.entries(services).map(([name, { ports, logging }]) => [name, ports, (logging as { driver: string }).driver])).toEqual([
      ["api", ["80:${API_PORT:?}"], "awslogs"],
      ["cache", undefined, "awslogs"],
    ]);
    for (const script of ["converge.sh", "dump.sh", "start.sh", "lib.sh"]) {
      const folders = script === "lib.sh" ? "common" : "web";
      const path = resolve(__dirname, "..", "..", "hosts", "linux", folders, script);
      expect(spawnSync("bash", ["-n", path], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    }
  });
});
