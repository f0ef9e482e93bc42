/**
 * Builds what the tests on a cluster run: helm and kubectl, and the parts of a Kubernetes control plane; and by name what the tests of the
 * workflows run. From source, pinned by go.sum; needs Go, and nothing else. Kept in the user's cache, so that it is done once: some ten
 * minutes on two cores for a cluster, one or two for the workflows.
 *
 *   node commands/cluster/programs.mjs [name...]    prints the folder that has them (default: those of a cluster)
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
/** Go modules: what is built of one shares its dependencies, and a change of one builds nothing of the other anew. */
const MODULES = { kubernetes: here, workflows: join(here, "..", "..", "test", "workflows", "programs") };
const goMod = readFileSync(join(here, "go.mod"), "utf8");
const versionOf = (path) => new RegExp(`^\\s*${path.replaceAll(".", "\\.")} (v[0-9.]+)`, "m").exec(goMod)[1];

const kubernetes = versionOf("k8s.io/kubernetes");
const [major, minor] = kubernetes.slice(1).split(".");
const ofKubernetes = {
  "k8s.io/component-base/version.gitVersion": kubernetes,
  "k8s.io/component-base/version.gitMajor": major,
  "k8s.io/component-base/version.gitMinor": minor,
  "k8s.io/component-base/version.gitTreeState": "clean",
};
/** A build from source knows no version by itself: these are what a release is given. */
const ofHelm = { "helm.sh/helm/v3/internal/version.version": versionOf("helm.sh/helm/v3") };
for (const place of ["pkg/lint/rules", "pkg/chartutil"])
  Object.assign(ofHelm, { [`helm.sh/helm/v3/${place}.k8sVersionMajor`]: major, [`helm.sh/helm/v3/${place}.k8sVersionMinor`]: minor });

/** By module and name: the package, and the variables that are set in it. */
const PROGRAMS = {
  kubernetes: {
    helm: ["helm.sh/helm/v3/cmd/helm", ofHelm],
    kubectl: ["k8s.io/kubernetes/cmd/kubectl", ofKubernetes],
    etcd: ["go.etcd.io/etcd/server/v3", {}],
    "kube-apiserver": ["k8s.io/kubernetes/cmd/kube-apiserver", ofKubernetes],
    "kube-controller-manager": ["k8s.io/kubernetes/cmd/kube-controller-manager", ofKubernetes],
    "kube-scheduler": ["k8s.io/kubernetes/cmd/kube-scheduler", ofKubernetes],
    kwok: ["sigs.k8s.io/kwok/cmd/kwok", {}],
  },
  workflows: {
    act: ["github.com/nektos/act", {}],
    actionlint: ["github.com/rhysd/actionlint/cmd/actionlint", {}],
  },
};

/** Something the person must put right; shown without a stack trace. */
class ProgramsError extends Error {}

function go(args) {
  const { error, status, stdout, stderr } = spawnSync("go", args, { cwd: here, encoding: "utf8", env: environment });
  if (error) throw new ProgramsError("Go is needed to build the programs and is not on the PATH. See https://go.dev/doc/install");
  if (status !== 0) throw new ProgramsError(`go ${args.join(" ")} failed:\n${stderr}`);
  return stdout.trim();
}
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupted.abort());
const environment = { ...process.env, GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "-mod=readonly -buildvcs=false", CGO_ENABLED: "0" };

/** @returns {Promise<string>} the folder that has them: all of one module */
async function programs(names) {
  const kind = Object.keys(PROGRAMS).find((one) => names.every((name) => Object.hasOwn(PROGRAMS[one], name)));
  if (!kind)
    throw new ProgramsError(
      `${names.join(", ")} cannot be built together; there are:\n${Object.values(PROGRAMS)
        .map((ofOne) => `  ${Object.keys(ofOne).join(", ")}`)
        .join("\n")}`,
    );
  const module = MODULES[kind];
  const digest = createHash("sha256")
    .update(readFileSync(join(module, "go.mod"), "utf8"))
    .update(readFileSync(join(module, "go.sum")))
    .digest("hex")
    .slice(0, 12);
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "trading-system", `${kind}-${digest}`);
  const missing = names.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) {
    const version = go(["env", "GOVERSION"]); // first of all: without Go nothing else makes sense
    console.error(`Building ${missing.join(", ")} with ${version} …`);
    mkdirSync(folder, { recursive: true });
    for (const name of missing) await build(name, { folder, module, program: PROGRAMS[kind][name] });
  }
  return folder;
}

/** Into a folder of its own first, so that a program that is there is complete, whoever else builds it at this moment. */
async function build(name, { folder, module, program: [path, variables] }) {
  const started = Date.now();
  const own = mkdtempSync(join(folder, ".build-"));
  try {
    const flags = ["-s", "-w", ...Object.entries(variables).flatMap(([variable, value]) => ["-X", `${variable}=${value}`])].join(" ");
    const child = spawn("go", ["build", "-trimpath", "-ldflags", flags, "-o", join(own, name), path], {
      cwd: module,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      signal: interrupted.signal,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output = (output + chunk).slice(-20_000);
      });
    const ticker = setInterval(() => console.error(`${name} … ${seconds(started)}`), 30_000);
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    }).finally(() => clearInterval(ticker));
    if (code !== 0) throw new ProgramsError(`${name} could not be built:\n${output.trim()}`);
    renameSync(join(own, name), join(folder, name));
    console.error(`${name}: built in ${seconds(started)}`);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
const seconds = (started) => `${Math.round((Date.now() - started) / 1000)} s`;

try {
  console.log(await programs(process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PROGRAMS.kubernetes)));
} catch (error) {
  if (!(error instanceof ProgramsError) && !interrupted.signal.aborted) throw error;
  console.error(interrupted.signal.aborted ? "Interrupted." : error.message);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}
