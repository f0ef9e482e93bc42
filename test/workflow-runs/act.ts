/** Runs the workflows by act (https://github.com/nektos/act) on this machine, with stand-ins for the actions that they use. */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { isOnAzure } from "../../terraform/assembly";
import { TOKEN, type Rights } from "../helpers/github-api";
import type { ProjectCopy } from "../helpers/project-copy";
import { built, root } from "../workflows/tools";

export const REPOSITORY = "example-org/trading-system-infrastructure";

interface Job {
  readonly environment?: string;
  readonly permissions?: Rights;
  readonly steps: readonly { readonly uses?: string }[];
}

/** An npm command that is shortened: how it begins, and what happens in its place or is added to it. */
export interface Shortened {
  readonly match: string;
  readonly instead?: { readonly code?: number; readonly files?: Readonly<Record<string, string>>; readonly prints?: string };
  readonly more?: readonly string[];
}

export interface Trigger {
  readonly event: "pull_request" | "workflow_run" | "workflow_dispatch" | "schedule" | "push";
  /** What GitHub tells of the event. */
  readonly payload: object;
  /** The ref that it is about. */
  readonly ref: string;
  readonly npm?: readonly Shortened[];
  /** Artifacts are kept by it. @default a further number */
  readonly run?: number;
  readonly variables?: Readonly<Record<string, string>>;
  /** Cancels the run, as its button on GitHub does, once this is printed. */
  readonly cancelAt?: RegExp;
}

export interface Run {
  readonly number: number;
  readonly text: string;
  /** `job` or `job (matrix value)` → result; a job that was skipped is not among them. */
  readonly jobs: Readonly<Record<string, string>>;
  /** The same → step → result; steps that were skipped are not among them. */
  readonly steps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the stand-ins were asked, in order. */
  readonly journal: readonly Readonly<Record<string, string>>[];
  /** npm commands of a job. */
  readonly commands: (job: string) => readonly string[];
}

export class Act {
  private readonly folder = mkdtempSync(join(tmpdir(), "act-"));
  private readonly actions = new Map<string, string>();
  private runs = 100;
  /** Variables of whoever has credentials: what makes an emulator the account. */
  account: Readonly<Record<string, string>> = {};
  /** Of every step. */
  variables: NodeJS.ProcessEnv = {};
  api = "http://127.0.0.1:9";

  private readonly program: string;

  /** @throws without Go, which builds act. `npm run check` leaves these tests out there, and says so */
  constructor(readonly copy: ProjectCopy) {
    const program = built("act");
    if (program === undefined) throw new Error("Go is not on the PATH, which builds act. See https://go.dev/doc/install");
    this.program = program;
    this.write("config/act/actrc", "");
    const script = join(__dirname, "stand-ins.mjs");
    this.write("programs/npm", `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(script)} npm "$@"\n`, 0o755);
    // GitHub's machines have none by themselves.
    this.write("programs/terraform", "#!/bin/sh\necho 'terraform: not set up' >&2\nexit 127\n", 0o755);
    mkdirSync(join(this.folder, "terraform"));
    symlinkSync(pathOf("terraform"), join(this.folder, "terraform", "terraform"));
  }

  /** Rights of a job's token, as its workflow asks for them. */
  rights(file: string, job: string): Rights {
    return this.workflow(file)[job]!.permissions ?? {};
  }

  async run(file: string, { event, payload, ref, npm = [], run = this.runs++, variables = {}, cancelAt }: Trigger): Promise<Run> {
    const jobs = this.workflow(file);
    const journal = this.write(`journal-${this.runs++}`, "");
    const world = this.write(
      "world.json",
      JSON.stringify({
        root,
        source: this.copy.folder,
        repository: REPOSITORY,
        terraform: join(this.folder, "terraform"),
        realNpm: pathOf("npm"),
        artifacts: join(this.folder, "artifacts"),
        journal,
        account: this.account,
        roles: this.roles(),
        rights: Object.fromEntries(Object.entries(jobs).map(([name, { permissions }]) => [name, permissions ?? {}])),
        environments: Object.fromEntries(Object.entries(jobs).map(([name, { environment }]) => [name, environment !== undefined])),
        npm,
      }),
    );
    const uses = new Set(Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses: used }) => used ?? [])));
    const child = spawn(
      this.program,
      [
        event,
        ...["--workflows", join(this.copy.folder, ".github", "workflows", file), "--directory", this.copy.folder],
        ...["--eventpath", this.write("event.json", JSON.stringify({ repository: { default_branch: "main" }, ...payload }))],
        ...["--platform", "ubuntu-24.04=-self-hosted", "--platform", "inside=-self-hosted"],
        ...[...uses].flatMap((use) => ["--local-repository", `${use}=${this.action(use)}`]),
        ...["--env", `GITHUB_API_URL=${this.api}`, "--env", `GITHUB_REPOSITORY=${REPOSITORY}`, "--env", `GITHUB_REF=${ref}`],
        ...["--env", `GITHUB_RUN_ID=${run}`, "--secret", `GITHUB_TOKEN=${TOKEN}`],
        ...Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}=${value}`]),
        ...["--action-offline-mode", "--no-skip-checkout", "--no-cache-server", "--rm", "--json"],
        ...["--action-cache-path", join(this.folder, "cache")],
      ],
      {
        cwd: this.folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          ...this.variables,
          PATH: [join(this.folder, "programs"), process.env.PATH].join(delimiter),
          XDG_CONFIG_HOME: join(this.folder, "config"),
          STAND_INS: world,
          ...NO_CREDENTIALS,
          NO_COLOR: "1",
          FORCE_COLOR: undefined,
        },
      },
    );
    let text = "";
    let isCancelled = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text += String(chunk);

        if (!isCancelled && cancelAt?.test(text)) {
          isCancelled = true;
          child.kill("SIGINT");
        }
      });
    await new Promise((resolve) => child.on("close", resolve));
    return read(text, run, readFileSync(journal, "utf8"));
  }

  /** Folder of an artifact. */
  artifact(run: number, name: string): string {
    return join(this.folder, "artifacts", String(run), name);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private workflow(file: string): Readonly<Record<string, Job>> {
    return (parse(this.copy.read(`.github/workflows/${file}`)) as { jobs: Record<string, Job> }).jobs;
  }

  /** Who may take which role for how long, as the copy synthesises it. */
  private roles(): Readonly<Record<string, { readonly subject: string; readonly seconds: number }>> {
    const stacks = join(this.copy.folder, "cdktf.out", "stacks");
    execFileSync(process.execPath, [this.copy.path("commands", "synth-app.mjs")], { cwd: this.copy.folder, stdio: "ignore" });
    const found = readdirSync(stacks)
      .filter((stack) => stack.endsWith("-bootstrap") && !isOnAzure(stack))
      .flatMap((stack) => {
        const { provider, resource } = JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8")) as {
          provider: { aws: [{ allowed_account_ids: [string] }] };
          resource: { aws_iam_role: Record<string, { name: string; assume_role_policy: string; max_session_duration?: number }> };
        };
        const [account] = provider.aws[0].allowed_account_ids;
        return Object.values(resource.aws_iam_role).map(({ name, assume_role_policy: policy, max_session_duration: seconds = 3600 }) => {
          const [, subject] = /"token\.actions\.githubusercontent\.com:sub":"([^"]+)"/.exec(policy) ?? [];
          return [`arn:aws:iam::${account}:role/${name}`, { subject, seconds }] as const;
        });
      });
    return Object.fromEntries(found) as Record<string, { subject: string; seconds: number }>;
  }

  /** Folder of what stands in for `owner/name@commit`. */
  private action(use: string): string {
    const name = use.split("@")[0]!.split("/")[1]!;
    let folder = this.actions.get(name);
    if (folder === undefined) {
      folder = join(this.folder, "actions", name);
      this.write(`actions/${name}/action.yml`, `name: ${name}\ndescription: stand-in\nruns: { using: node20, main: index.mjs }\n`);
      const script = JSON.stringify(join(__dirname, "stand-ins.mjs"));
      this.write(`actions/${name}/index.mjs`, `process.env.STAND_IN = ${JSON.stringify(name)};\nawait import(${script});\n`);
      this.actions.set(name, folder);
    }
    return folder;
  }

  private write(file: string, text: string, mode = 0o644): string {
    const path = join(this.folder, file);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }
}

/** As on a machine that nobody ever set up for AWS. */
const NO_CREDENTIALS = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_PROFILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
};
const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;
const pathOf = (program: string) => execFileSync("which", [program], { encoding: "utf8" }).trim();

/** @throws with all that the run printed, where its jobs ended otherwise */
export function expectJobs({ jobs, text }: Run, expected: Readonly<Record<string, string>>): void {
  if (!isDeepStrictEqual(jobs, expected)) throw new Error(`${JSON.stringify(jobs)}; expected: ${JSON.stringify(expected)}\n\n${text}`);
}

interface Line {
  readonly jobID?: string;
  readonly matrix?: Readonly<Record<string, string>>;
  readonly step?: string;
  readonly stage?: string;
  readonly stepResult?: string;
  readonly jobResult?: string;
  readonly msg?: string;
}

function read(output: string, number: number, journal: string): Run {
  const jobs: Record<string, string> = {};
  const steps: Record<string, Record<string, string>> = {};
  let text = "";
  for (const line of output.split("\n")) {
    let entry: Line;
    try {
      entry = JSON.parse(line) as Line;
    } catch {
      text += `${line}\n`;
      continue;
    }
    text += `${entry.msg ?? ""}\n`;
    if (entry.jobID === undefined) continue;
    const [value] = Object.values(entry.matrix ?? {});
    const job = value === undefined ? entry.jobID : `${entry.jobID} (${value})`;
    if (entry.jobResult !== undefined) jobs[job] = entry.jobResult;
    if (entry.step !== undefined && entry.stepResult !== undefined && entry.stage === "Main")
      (steps[job] ??= {})[entry.step] = entry.stepResult;
  }
  const entries = journal
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, string>);
  return {
    number,
    text,
    jobs,
    steps,
    journal: entries,
    commands: (job) => entries.flatMap((entry) => (entry.job === job ? (entry.npm ?? []) : [])),
  };
}
