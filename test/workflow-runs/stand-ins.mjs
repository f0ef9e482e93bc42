/**
 * What stands in for the actions that the workflows use, and for `npm` and `terraform` on the PATH: each does what the real one documents, as
 * far as the workflows ask for it, without a network. What they may is in the file that STAND_INS names (act.ts).
 */
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const world = JSON.parse(readFileSync(process.env.STAND_INS, "utf8"));
const { GITHUB_JOB: job, GITHUB_WORKSPACE: workspace, GITHUB_REF: ref } = process.env;
const input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
const note = (entry) => appendFileSync(world.journal, `${JSON.stringify({ job, ...entry })}\n`);
const may = (right) => ["read", "write"].includes(world.rights[job]?.[right]);
class Failure extends Error {}

/** https://github.com/actions/checkout: the event's commit or `ref`, shallow unless fetch-depth is 0, which brings all branches as well. */
function checkout() {
  const git = (...args) => execFileSync("git", args, { cwd: workspace, stdio: ["ignore", "ignore", "inherit"] });
  const wanted = input("ref") || ref;
  const branch = wanted.replace(/^refs\/heads\//, "");
  git("init", "--quiet", "--initial-branch=none");
  git("remote", "add", "origin", `file://${world.source}`);
  if (input("fetch-depth") === "0") git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*", wanted);
  else git("fetch", "--quiet", "--depth=1", "origin", wanted);
  git("checkout", "--quiet", ...(branch.startsWith("refs/") ? ["--detach", "FETCH_HEAD"] : ["-B", branch, "FETCH_HEAD"]));
  // The packages, which the first npm command would install (test/scenarios and every clone show that): linked one by one, as in a copy.
  const cache = join("node_modules", ".cache", "trading-system");
  mkdirSync(join(workspace, cache), { recursive: true });
  const link = (name) => symlinkSync(join(world.root, name), join(workspace, name));
  for (const name of readdirSync(join(world.root, "node_modules"))) if (name !== ".cache") link(join("node_modules", name));
  for (const name of readdirSync(join(world.root, cache))) if (/^checkov-|\.sha256$/.test(name)) link(join(cache, name));
  if (!existsSync(join(workspace, ".venv"))) link(".venv");
}

/** https://github.com/hashicorp/setup-terraform: without it there is no Terraform on GitHub's machines. */
const setUpTerraform = () => appendFileSync(process.env.GITHUB_PATH, `${world.terraform}\n`);

/**
 * https://github.com/aws-actions/configure-aws-credentials: credentials of a role for GitHub's token, which a job has with `id-token: write`
 * alone. The subject is GitHub's: https://docs.github.com/en/actions/reference/security/oidc. What trusts it are the roles as synthesised.
 */
function configureCredentials() {
  const [role, region, seconds] = [input("role-to-assume"), input("aws-region"), Number(input("role-duration-seconds") || 3600)];
  const environment = world.environments[job] ? process.env.ENVIRONMENT : undefined;
  const subject = `repo:${world.repository}:${environment === undefined ? `ref:${ref}` : `environment:${environment}`}`;
  note({ role, region, subject });
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw new Failure(`Region is not valid: ${region}`);
  if (world.rights[job]?.["id-token"] !== "write") throw new Failure("Did you mean to set the `id-token` permission?");
  const trust = world.roles[role];
  if (trust?.subject !== subject) throw new Failure(`Not authorized to perform sts:AssumeRoleWithWebIdentity: ${role} for ${subject}`);
  if (seconds > trust.seconds) throw new Failure("The requested DurationSeconds exceeds the MaxSessionDuration set for this role");
  // From here on the account can be reached, which the emulator is.
  const lines = Object.entries({ ...world.account, AWS_REGION: region }).map(([name, value]) => `${name}=${value}\n`);
  appendFileSync(process.env.GITHUB_ENV, lines.join(""));
}

/** https://github.com/actions/upload-artifact: a file, or what a folder holds; a name once in a run. */
function upload() {
  const [name, path] = [input("name"), input("path")];
  const isEmpty = !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0);
  if (isEmpty && input("if-no-files-found") === "error") throw new Failure(`No files were found with the provided path: ${path}.`);
  if (isEmpty) return console.log(`No files were found with the provided path: ${path}. No artifacts will be uploaded.`);
  const to = join(world.artifacts, process.env.GITHUB_RUN_ID, name);
  if (existsSync(to)) throw new Failure("Conflict: an artifact with this name already exists on the workflow run");
  note({ uploaded: name });
  cpSync(path, statSync(path).isDirectory() ? to : join(to, basename(path)), { recursive: true });
}

/**
 * https://github.com/actions/download-artifact v7.0.0, src/download-artifact.ts: by name into the path itself; by pattern each into a folder of
 * its name, but a single one into the path itself. Another run's with a token that may read them.
 */
function download() {
  const [name, pattern, path, run] = [input("name"), input("pattern"), input("path"), input("run-id")];
  if (run && !(input("github-token") && may("actions"))) throw new Failure("Resource not accessible by integration");
  const folder = join(world.artifacts, run || process.env.GITHUB_RUN_ID);
  const found = (existsSync(folder) ? readdirSync(folder) : []).filter((one) =>
    name ? one === name : new RegExp(`^${pattern.replaceAll("*", "[^/]*")}$`).test(one),
  );
  if (name && found.length === 0) throw new Failure(`Artifact not found for name: ${name}`);
  mkdirSync(path, { recursive: true });
  for (const one of found) cpSync(join(folder, one), found.length === 1 ? path : join(path, one), { recursive: true });
}

/** The real npm, but for what a test shortens: another end, or further arguments. */
function npm(...args) {
  const command = args.join(" ");
  note({ npm: command });
  const shortened = world.npm.find(({ match }) => command.startsWith(match));
  if (shortened?.instead) {
    const { code = 0, files = {}, prints = "" } = shortened.instead;
    for (const [file, text] of Object.entries(files)) {
      const out = args[args.indexOf("--out") + 1];
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, file), text);
    }
    console.log(prints);
    process.exitCode = code;
    return;
  }
  // Steps have no terminal on GitHub, and one here.
  const child = spawn(world.realNpm, [...args, ...(shortened?.more ?? [])], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.pipe(process.stdout);
  child.stderr.pipe(process.stderr);
  child.on("close", (code) => (process.exitCode = code ?? 1));
}

const [, , what, ...args] = process.argv;
const actions = {
  checkout,
  "setup-node": () => undefined,
  "setup-python": () => undefined,
  "setup-go": () => undefined,
  "setup-terraform": setUpTerraform,
  "configure-aws-credentials": configureCredentials,
  "upload-artifact": upload,
  "download-artifact": download,
  npm,
};
try {
  actions[process.env.STAND_IN ?? what](...args);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.log(`::error::${error.message}`);
  process.exitCode = 1;
}
