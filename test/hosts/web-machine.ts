/** A machine of the web application's backend: a folder, with stand-ins for AWS, Docker, systemd and package managers. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { linuxBoot } from "../../constructs/hosts/boot";
import { webFiles } from "../../constructs/hosts/bundle-files";
import { deployImageContent } from "../../constructs/web/deploy-document";
import { folder, write } from "./folder";

const bundleFiles = webFiles("month");
const boot = linuxBoot({ parameterName: "/tss/dev/web", region: "ap-northeast-1" });
const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim();
export const text = (file: string) => Buffer.from(bundleFiles[file]!).toString("utf8");
export const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

const AWS = `#!/bin/bash
echo "aws $*" >>"$FAKE/calls"
local_path() { case "$1" in s3://*) echo "$FAKE/s3/\${1#s3://}" ;; *) echo "$1" ;; esac; }
case "$1 $2" in
  "ssm get-parameter") case "$*" in *" /tss/dev/web-image "*) cat "$FAKE/deployed" ;; *) cat "$FAKE/parameter" ;; esac ;;
  "ssm put-parameter") [ ! -e "$FAKE/parameters-are-down" ] && printf %s "\${@: -1}" >"$FAKE/deployed" ;;
  "s3 cp") from=$(local_path "\${@: -2:1}") to=$(local_path "\${@: -1}"); mkdir -p "$(dirname "$to")"; cp "$from" "$to" ;;
  "ecr get-login-password") echo "registry-password" ;;
  "secretsmanager get-secret-value") cat "$FAKE/secret" ;;
  *) exit 2 ;;
esac
`;
/** Images are files; what Compose would run is written down with its variables. Of some images the tag says what is wrong with them. */
const DOCKER = `#!/bin/bash
name() { echo "$FAKE/images/$(echo "$1" | tr '/:@' '___')"; }
mkdir -p "$FAKE/images"
case "$1 $2" in
  "image inspect") [ -e "$(name "$3")" ]; exit ;;
  "login --username") read -r password; echo "docker login \${*: -1} with $password into \${DOCKER_CONFIG:-none}" >>"$FAKE/calls" ;;
  "pull --quiet") echo "docker $*" >>"$FAKE/calls"; [ ! -e "$FAKE/registry-is-down" ] && touch "$(name "$3")" ;;
  "ps --quiet") cat "$FAKE/containers" 2>/dev/null; exit 0 ;;
  "inspect --format") shift 3; printf '%s\\n' "$@" ;;
  "compose --project-name") cat "$FAKE/complaint" 2>/dev/null; echo "what the API said last" ;;
  "image prune") echo "docker $*" >>"$FAKE/calls" ;;
  "rm --force") ;;
  "run --rm")
    program=; previous=
    for one in "$@"; do case "$one" in pg_dump|pg_restore) program=$one ;; esac; done
    echo "docker \${*:2}" >>"$FAKE/calls"
    case "$program" in
      pg_dump)
        for one in "$@"; do if [ "$previous" = --env-file ]; then cp "$one" "$FAKE/environment"; stat --format=%a "$one" >"$FAKE/environment-mode"; fi; previous=$one; done
        [ ! -e "$FAKE/database-rests" ] || exit 1
        cat "$FAKE/dump" ;;
      pg_restore) grep --quiet "^PGDMP" ;;
    esac ;;
  "compose --file")
    echo "docker $*" >>"$FAKE/calls"
    [ -e "$(name "$API_IMAGE")" ] || exit 1
    case "$4" in
      run) echo "$API_IMAGE \${*: -3}" >>"$FAKE/migrated"; case "$API_IMAGE" in *unmigratable*) cat "$FAKE/complaint" >&2 2>/dev/null; echo "no such table" >&2; exit 1 ;; esac ;;
      up) printf '%s\\n%s\\n' "$API_IMAGE" "$CACHE_IMAGE" >"$FAKE/containers"; echo "$API_IMAGE $CACHE_IMAGE $API_PORT $LOG_GROUP $REGION \${DATABASE_URL:-}" >"$FAKE/running" ;;
    esac ;;
  *) exit 2 ;;
esac
`;
/** Answers as the image that runs would. */
const CURL = `#!/bin/bash
echo "curl \${*: -1}" >>"$FAKE/asked"
case "$(cat "$FAKE/running")" in *broken*) exit 22 ;; esac
`;
/** Starts the units that the bundle brings, as systemd would. */
const SYSTEMCTL = `#!/bin/bash
args=() waits=; for one in "$@"; do case "$one" in --no-block) waits=" without waiting" ;; --*) ;; *) args+=("$one") ;; esac; done
set -- "\${args[@]}"
mkdir -p "$FAKE/enabled" "$FAKE/active"
case "$1" in
  is-enabled) [ -e "$FAKE/enabled/$2" ]; exit ;;
  is-active) [ -e "$FAKE/active/$2" ]; exit ;;
  is-failed) [ -e "$FAKE/failed" ]; exit ;;
esac
echo "systemctl $*$waits" >>"$FAKE/calls"
case "$1" in
  enable) touch "$FAKE/enabled/$2" ;;
  disable) rm -f "$FAKE/enabled/$2" "$FAKE/active/$2" ;;
  start|restart|reload-or-restart)
    rm -f "$FAKE/active/$2"
    case "$2" in
      kabu-trade.service) RUNTIME_DIRECTORY="$FAKE/run" "$TSS_ROOT/opt/tss/host/start.sh" || exit 1 ;;
      kabu-trade-migrate.service) RUNTIME_DIRECTORY="$FAKE/run" "$TSS_ROOT/opt/tss/host/start.sh" migrate 2>"$FAKE/journal"; exit ;;
    esac
    touch "$FAKE/active/$2" ;;
esac
`;
const recorder = (name: string, more = "") => `#!/bin/bash\necho "${name} $*" >>"$FAKE/calls"\n${more}`;

export const API = "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/kabu-trade-api-dev";
export const CACHE = `public.ecr.aws/docker/library/redis:7@sha256:${"a".repeat(64)}`;
export const settings = {
  environment: "dev",
  host: "web",
  region: "ap-northeast-1",
  softwareBucket: "software",
  metricNamespace: "AXIA/TradingSystem",
  logGroups: { application: "/aws/ec2/kabu-trade-dev" },
  swapMegabytes: 1,
  images: { api: `${API}:1.0.0`, cache: CACHE },
  port: 8000,
  repository: API,
  imageParameter: "/tss/dev/web-image",
  migrate: ["alembic", "upgrade", "head"],
  health: { path: "/api/health", seconds: 1 },
  databaseSecret: "kabu-trade/database-dev",
};

export const compose = Buffer.from("compose");

/** Nothing is on it yet. */
export function bareMachine(): void {
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
  write("deployed", "{}");
  write("bin/curl", CURL, 0o755);
  write("bin/journalctl", '#!/bin/bash\ncat "$FAKE/journal"\n', 0o755);
  mkdirSync(join(folder, "run"));
}

export function publish(changes: object = {}, files: Record<string, Uint8Array> = {}): void {
  const lock = {
    entries: [{ name: "docker-compose-x86_64", version: "1", file: "docker-compose", source: null, sha256: sha256(compose) }],
  };
  write(`s3/software/software/${sha256(compose)}/docker-compose`, compose);
  const zip = zipSync({ ...bundleFiles, "software.json": Buffer.from(JSON.stringify(lock)), ...files }, { mtime: new Date(1980, 0, 1) });
  const key = `bundles/web-${sha256(zip)}.zip`;
  write(`s3/software/${key}`, zip);
  write("parameter", JSON.stringify({ bundle: { bucket: "software", key, sha256: sha256(zip) }, settings: { ...settings, ...changes } }));
}

/** What is in memory alone is gone, containers come up again as Docker keeps them, and systemd starts what is enabled. */
export function restart(): void {
  rmSync(root("run"), { recursive: true, force: true });
  rmSync(join(folder, "active/kabu-trade.service"), { force: true });
  expect(run("systemctl start kabu-trade.service")).toMatchObject({ code: 0 });
}

const environment = () => ({
  ...process.env,
  PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  ...{ FAKE: folder, TSS_ROOT: join(folder, "root"), TSS_RETRY_SECONDS: "0", TSS_HEALTH_SECONDS: "0.1", TSS_NEEDED_MB: "1" },
});

/** An agent of Systems Manager on it: it hands a script to sh (rehearsal/emulator/emulator_server/machines.py). */
export const agentScript = (): string => {
  const { FAKE, PATH, ...more } = environment();
  const tss = Object.entries({ FAKE, PATH, ...more }).filter(([key]) => key === "FAKE" || key === "PATH" || key.startsWith("TSS_"));
  return `#!/bin/bash\n${tss.map(([key, value]) => `export ${key}='${value}'`).join("\n")}\nsed "s#/opt/tss#$TSS_ROOT/opt/tss#g" "$2" | exec sh -s\n`;
};

export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly calls: string[];
}

export const converge = (): Ran => run(boot.script);
/** As Systems Manager hands it to the machine. */
export const deployScript = (version: string): string =>
  deployImageContent()
    .mainSteps[0]!.inputs.runCommand.join("\n")
    .replaceAll("{{ version }}", version)
    .replaceAll("/opt/tss", join(folder, "root/opt/tss"));
export const deploy = (version: string): Ran => run(deployScript(version));

/** Killed with all that it has started, as by a restart of the machine, once a file is there. */
export async function cutOff(version: string, once: string): Promise<void> {
  const child = spawn("sh", ["-c", deployScript(version)], { env: environment(), detached: true, stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  while (!existsSync(join(folder, once))) await new Promise((resolve) => setTimeout(resolve, 20));
  process.kill(-child.pid!, "SIGKILL");
  await ended;
}

/** @param variables beside those of the machine */
export function run(script: string, variables: NodeJS.ProcessEnv = {}): Ran {
  rmSync(join(folder, "calls"), { force: true });
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8", env: { ...environment(), ...variables } });
  const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n") : [];
  return { code: status, output: stdout + stderr, calls: calls.filter((line) => !/^(aws ssm get|timedatectl show)/.test(line)) };
}
export const short = (line: string) =>
  line
    .replaceAll(folder, "")
    .replace(/\/\S*\/\.(?:fetch|converge)\.\w+/g, "*")
    .replace(/[0-9a-f]{64}/g, "#");
export const running = () => readFileSync(join(folder, "running"), "utf8").trim();
export const root = (path: string) => join(folder, "root", path);
