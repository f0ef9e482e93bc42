/** kubectl and helm on the cluster that KUBECONFIG names, and on no other. */
import { spawn, spawnSync } from "node:child_process";
import { stringify } from "yaml";

export interface Output {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Live {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager: string; readonly operation: string; readonly time: string }[];
  };
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

function run(command: string, args: readonly string[], input?: string): Output {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    input: input ?? "",
    env: process.env,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** What it prints. @throws when it fails, with what it says */
export function kubectl(args: readonly string[], input?: string): string {
  const { status, stdout, stderr } = tryKubectl(args, input);
  if (status !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
  return stdout;
}
export const tryKubectl = (args: readonly string[], input?: string): Output => run("kubectl", args, input);
export const apply = (...manifests: readonly unknown[]): string =>
  kubectl(["apply", "--filename", "-"], manifests.map((manifest) => stringify(manifest)).join("---\n"));

/** @param types such as `pods,services` */
export function list(types: string, namespace?: string, selector?: string): Live[] {
  const where = namespace === undefined ? [] : ["--namespace", namespace];
  return (
    JSON.parse(
      kubectl([...where, "get", types, "--output", "json", "--show-managed-fields", ...(selector ? ["--selector", selector] : [])]),
    ) as { readonly items: Live[] }
  ).items;
}

export const helm = (args: readonly string[], input?: string): Output => run("helm", args, input);

/** While it runs, the test can look at what happens. */
export function startHelm(args: readonly string[], input: string): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn("helm", args, { env: process.env });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      stderr += String(chunk);
    });
    child.on("error", reject).on("close", (status) => {
      resolve({ status, stdout, stderr });
    });
    child.stdin.end(input);
  });
}

/** Whether somebody may do something, by the API server's own judgement. `resource` may have a part: `pods/log`. */
export function canI(user: string, groups: readonly string[], verb: string, resource: string, namespace?: string): boolean {
  const where = namespace === undefined ? ["--all-namespaces"] : ["--namespace", namespace];
  // A slash would be read as the name of one.
  const [type, part] = resource.split("/") as [string, string | undefined];
  const { status, stdout, stderr } = tryKubectl([
    "auth",
    "can-i",
    verb,
    type,
    ...(part ? [`--subresource=${part}`] : []),
    ...where,
    "--as",
    user,
    ...groups.flatMap((group) => ["--as-group", group]),
  ]);
  const answer = stdout.trim().split("\n").at(-1);
  if (answer !== "yes" && answer !== "no") throw new Error(`kubectl auth can-i ${verb} ${resource}: ${stdout}${stderr}`);
  return answer === "yes" && status === 0;
}

/** @throws when it is not so in time, with what `describe` says */
export async function until(check: () => boolean, what: () => string, seconds = 60): Promise<void> {
  for (
    const deadline = Date.now() + seconds * 1000;
    !check();
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    })
  ) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what()}`);
  }
}
