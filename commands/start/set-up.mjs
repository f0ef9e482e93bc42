/**
 * Set-up of a fresh clone, with nothing but Node: checks the prerequisites, installs the locked packages and the emulator.
 *
 * Quick when there is nothing to do. Each part is stamped with the lock file it was made from only when it is complete, so that
 * a set-up that was cut off is simply done again.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { explained } from "./disk.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const packagesStamp = join(root, "node_modules", ".cache", "trading-system", "package-lock.sha256");
const venv = join(root, ".venv");
const emulatorStamp = join(venv, "requirements.sha256");
const requirements = join(root, "rehearsal", "emulator", "requirements.txt");
/** Programs in Python that are installed when they are first asked for, each with its locked packages. */
const tools = {
  ministack: { what: "ministack, an emulator that enforces IAM", requirements: join(root, "test", "rights", "requirements.txt") },
  "kubernetes-validate": {
    what: "kubernetes-validate, Kubernetes's schemas",
    requirements: join(root, "test", "charts", "requirements.txt"),
  },
  checkov: {
    what: "checkov, security checks of plans and manifests",
    requirements: join(root, "review", "policy", "checkov", "requirements.txt"),
  },
  zizmor: { what: "zizmor, security checks of workflows", requirements: join(root, "test", "workflows", "requirements.txt") },
};
const lock = join(root, ".set-up.lock");

const pythonOf = (folder) => (process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python"));
/** Python of the emulator's virtual environment. */
export const python = pythonOf(venv);

/** Something the person must put right; shown without a stack trace. */
class SetUpError extends Error {}

const digest = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
const isStamped = (stamp, file) => existsSync(stamp) && readFileSync(stamp, "utf8") === digest(file);
const stampFile = (stamp, file) => {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest(file));
};

/** First x.y.z in what a command prints; undefined when it cannot be run. */
function versionOf(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? /(\d+)\.(\d+)\.(\d+)/.exec(`${stdout}${stderr}`)?.slice(1).map(Number) : undefined;
}
const atLeast = (version, [major, minor]) => version !== undefined && (version[0] > major || (version[0] === major && version[1] >= minor));

function checkPrerequisites(wantsTerraform) {
  const problems = [];
  const node = process.versions.node.split(".").map(Number);
  if (!atLeast(node, [20, 0])) problems.push(`Node.js 20 or newer is needed, this is ${process.versions.node}. See https://nodejs.org/`);
  const terraform = wantsTerraform ? versionOf("terraform", ["version"]) : undefined;
  if (wantsTerraform && !atLeast(terraform, [1, 10])) {
    problems.push(
      `Terraform 1.10 or newer is needed, ${terraform ? `this is ${terraform.join(".")}` : "none is on the PATH"}. See https://developer.hashicorp.com/terraform/install`,
    );
  }
  if (problems.length > 0) throw new SetUpError(problems.join("\n"));
}

function findPython() {
  const candidates = ["python3", "python", ...[15, 14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)];
  const found = candidates.find((command) => atLeast(versionOf(command, ["--version"]), [3, 10]));
  if (!found)
    throw new SetUpError("Python 3.10 or newer is needed for the emulator; none is on the PATH. See https://www.python.org/downloads/");
  return found;
}

const running = new Set();

/** Runs a command quietly, its output kept for the case of failure; shows how long it has been going. */
function run(title, command, args) {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
    console.error(`${title} …`);
    const ticker = setInterval(() => console.error(`${title} … ${seconds()}`), 15_000);
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    if (child.pid) appendFileSync(lock, `\n${child.pid}`);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output = (output + chunk).slice(-20_000);
      });
    child.on("error", (error) => {
      clearInterval(ticker);
      reject(new SetUpError(`${title} failed: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      clearInterval(ticker);
      if (code === 0) {
        console.error(`${title}: done in ${seconds()}`);
        resolve();
      } else reject(new SetUpError(explained(new Error(`${title} failed (${signal ?? `exit code ${code}`}):\n${output.trim()}`))));
    });
  });
}

async function installPackages() {
  const file = join(root, "package-lock.json");
  if (isStamped(packagesStamp, file)) return;
  await run("Installing the locked packages (npm ci)", process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"]);
  stampFile(packagesStamp, file);
}

async function installEmulator() {
  if (isStamped(emulatorStamp, requirements)) return;
  await installPythonPackages({ what: "the emulator", folder: venv, requirements });
  stampFile(emulatorStamp, requirements);
}

async function installPythonPackages({ what, folder, requirements }) {
  const command = findPython();
  rmSync(folder, { recursive: true, force: true });
  await run(`Creating a virtual environment for ${what} (${relative(root, folder)})`, command, ["-m", "venv", folder]);
  await run(`Installing ${what}, pinned by hash`, pythonOf(folder), [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--require-hashes",
    "-r",
    requirements,
  ]);
}

/** The processes that the lock speaks of: the command, and what it runs. */
const readLock = () =>
  existsSync(lock)
    ? readFileSync(lock, "utf8")
        .split("\n")
        .map(Number)
        .filter((pid) => pid > 0)
    : [];
const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
};

/** Two commands started at once must not install into the same folders; nor beside what a killed command left installing. */
async function withLock(work) {
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const working = readLock().filter(alive);
      if (working.length === 0) {
        rmSync(lock, { force: true });
        continue;
      }
      if (!told) console.error(`Waiting for the set-up of another command (process ${working.join(", ")}) …`);
      await new Promise((resolve) => {
        setTimeout(resolve, 500);
      });
    }
  }
  const release = () => rmSync(lock, { force: true });
  const stop = () => {
    for (const child of running) child.kill();
    release();
    console.error("Set-up was interrupted; the next command does it again.");
    process.exit(130);
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    await work();
  } finally {
    release();
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/**
 * Makes sure that everything a command needs is there. Exits with a message when a prerequisite is missing.
 * @param {{ emulator?: boolean, terraform?: boolean }} wanted what the command needs beside the packages; by default all of it
 */
export async function setUp({ emulator = true, terraform = true } = {}) {
  await orExit(async () => {
    checkPrerequisites(terraform);
    if (isStamped(packagesStamp, join(root, "package-lock.json")) && (!emulator || isStamped(emulatorStamp, requirements))) return;
    await withLock(async () => {
      const results = await Promise.allSettled([installPackages(), ...(emulator ? [installEmulator()] : [])]);
      const failed = results.find(({ status }) => status === "rejected");
      if (failed) throw failed.reason;
    });
  });
}

/** Prints the Python that has a tool, which is installed when it is first asked for: most commands need none. */
async function setUpTool(name) {
  await orExit(async () => {
    const { what, requirements } = tools[name] ?? {};
    if (!requirements) throw new SetUpError(`There is no tool ${name}, only ${Object.keys(tools).join(", ")}.`);
    const folder = join(root, "node_modules", ".cache", "trading-system", `${name}-${digest(requirements).slice(0, 12)}`);
    const stamp = join(folder, "requirements.sha256");
    if (!isStamped(stamp, requirements)) {
      await withLock(async () => {
        if (isStamped(stamp, requirements)) return; // by the command that was waited for
        mkdirSync(dirname(folder), { recursive: true });
        await installPythonPackages({ what, folder, requirements });
        stampFile(stamp, requirements);
      });
    }
    console.log(pythonOf(folder));
  });
}

async function orExit(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await (process.argv[2] ? setUpTool(process.argv[2]) : setUp());
