import { Command } from "commander";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { chartValues } from "../constructs/kubernetes/chart-values";
import { loadEnvironment } from "../environments";
import type { Environment } from "../environments/schema";
import type { Project } from "./project";
import { environmentArgument } from "./shared/environment-argument";
import { readStack } from "../terraform/assembly";
import { readTerraformOutputs } from "../terraform/resolve";
import { releases } from "./manifests/releases";
import { stackManifests } from "./manifests/stack-manifests";
import { synthesise } from "../terraform/synthesis";

/** Of the chart, and of its release in every environment. */
const CHART = "day-trade-ml";
/** First line of every file: a folder whose files begin otherwise is somebody else's. */
const HEADER = "# Written by `npm run manifests`: do not edit, change the literal or the chart.";
/** What belongs to no namespace. */
const CLUSTER_WIDE = ["PriorityClass"];

const HELP = `
The manifests are what helm would install, in files for kubectl:
  kubectl apply --filename <folder>/namespace.yaml
  kubectl apply --filename <folder>
Without helm nothing is taken away that a new version no longer has, nothing is waited for and nothing rolled back.`;

interface Options {
  readonly values: readonly string[];
  readonly output?: string;
  readonly outputs?: string;
}

export function manifestsCommand({ root }: Project): Command {
  return new Command("manifests")
    .description("Write the plain Kubernetes manifests of an environment's services, rendered from the chart. Needs helm.")
    .addArgument(environmentArgument())
    .option(
      "--values <file>",
      "further values for the chart, the last one wins; may be given several times",
      (file: string, before: readonly string[]) => [...before, file],
      [] as readonly string[],
    )
    .option("--output <folder>", "where to write (default: cdktf.out/manifests/<environment>)")
    .option(
      "--outputs <file>",
      "what `npm run outputs -- <environment> --references` wrote, or `terraform output -json`: adds what only the infrastructure knows, from the synthesised workloads stack",
    )
    .addHelpText("after", HELP)
    .action(async (name: string, options: Options) => {
      const environment = loadEnvironment(name);
      const folder = resolve(options.output ?? join(root, "cdktf.out", "manifests", name));
      const files = await writeManifests(root, environment, folder, options);
      const shown = relative(process.cwd(), folder) || ".";
      console.log(`${files.length} files in ${shown}: ${files.join(", ")}`);
      if (!options.outputs) console.log(withoutOutputs(name));
      console.log(`\n  kubectl apply --filename ${join(shown, "namespace.yaml")}\n  kubectl apply --filename ${shown}`);
    });
}

/** How what only the infrastructure knows comes into the manifests. */
const withoutOutputs = (name: string) => `
They name no endpoints, buckets and queues, which only the infrastructure knows. Once ${name} is deployed, on a platform that is Kubernetes:
  npm run synth -- ${name}
  npm run outputs -- ${name} --references outputs.json
  npm run manifests -- ${name} --outputs outputs.json
Without a deploy, write them by hand into a file of values (charts/${CHART}/README.md has their names):
  npm run manifests -- ${name} --values values.yaml`;

/** @returns the files' names, in the order in which they are applied (K8S-003, OPS-045) */
async function writeManifests(root: string, environment: Environment, folder: string, { values, outputs }: Options): Promise<string[]> {
  for (const file of [...values, ...(outputs === undefined ? [] : [outputs])])
    if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const before = writtenBefore(folder);
  const { namespace } = environment.cluster.kubernetes;
  const own = mkdtempSync(join(tmpdir(), "manifests-"));
  try {
    const chart = join(root, "charts", CHART);
    // As the release has them: of this environment and no other of its stage.
    const given = [chartValues(environment), ...(outputs === undefined ? [] : [valuesOfStack(root, environment, outputs)])].map(
      (content, index) => {
        const file = join(own, `values-${index}.json`);
        writeFileSync(file, JSON.stringify(content));
        return file;
      },
    );
    const rendered = join(own, "rendered");
    helm([
      "template",
      CHART,
      chart,
      "--namespace",
      namespace,
      "--skip-tests",
      "--output-dir",
      rendered,
      ...[...given, ...values].flatMap((file) => ["--values", file]),
    ]);
    const templates = join(rendered, CHART, "templates");
    mkdirSync(folder, { recursive: true });
    for (const file of before) rmSync(join(folder, file));
    const write = (file: string, text: string) => {
      writeFileSync(join(folder, file), `${HEADER}\n${text}`);
      return file;
    };
    return [
      write("namespace.yaml", (await foundationOf(root, environment, own)).map((manifest) => stringify(manifest)).join("---\n")),
      ...readdirSync(templates)
        .sort()
        .map((file) => write(file, inNamespace(readFileSync(join(templates, file), "utf8"), namespace))),
    ];
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** What the workloads stack makes around the services: their namespace with its quota, limits and rule that nobody talks to anybody, and who may do what. */
async function foundationOf(
  root: string,
  {
    name,
    cluster: {
      kubernetes: { namespace },
    },
  }: Environment,
  folder: string,
) {
  const outdir = join(folder, "synthesised");
  // Whatever the literal's platform: an emulator's address lets another one be named, and changes nothing but providers.
  await synthesise({
    source: root,
    output: outdir,
    environments: [name],
    variables: { EMULATOR_ENDPOINT: "http://emulator.invalid", PLATFORM: "eks" },
  });
  const stack = readStack(join(outdir, "stacks", `${name}-workloads`));
  // Storage classes are EKS's affair, other namespaces that of the releases in them.
  return stackManifests(stack).filter(
    ({ kind, metadata }) => kind !== "StorageClass" && (kind !== "Namespace" || metadata.name === namespace),
  );
}

/** @throws when there is something else in the folder, which is then left alone */
function writtenBefore(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const foreign = files.filter((file) => !file.endsWith(".yaml") || !readFileSync(join(folder, file), "utf8").startsWith(HEADER));
  if (foreign.length > 0)
    throw new Error(
      `${folder} holds what this command did not write (${foreign.slice(0, 3).join(", ")}): name another folder, or empty it.`,
    );
  return files;
}

/** So that no manifest lands in the namespace that kubectl happens to stand in. */
function inNamespace(text: string, namespace: string): string {
  return parseAllDocuments(text)
    .filter(({ contents }) => contents !== null)
    .map((document) => {
      if (!CLUSTER_WIDE.includes(String(document.get("kind")))) document.setIn(["metadata", "namespace"], namespace);
      return document.toString({ lineWidth: 0 }).replace(/^---\n/, "");
    })
    .join("---\n");
}

function valuesOfStack(root: string, { name }: Environment, outputs: string): unknown {
  const file = join("cdktf.out", "stacks", `${name}-workloads`, "cdk.tf.json");
  if (!existsSync(join(root, file)))
    throw new Error(
      `--outputs needs the synthesised workloads stack, and there is no ${file}: npm run synth -- ${name}, with a platform that is Kubernetes.`,
    );
  const all = releases(readStack(dirname(join(root, file))), readTerraformOutputs(readFileSync(outputs, "utf8"), outputs), [CHART]);
  const release = all.find(({ chart }) => basename(chart) === CHART);
  if (!release) throw new Error(`${file} has no release of the chart ${CHART}.`);
  return release.values;
}

function helm(args: readonly string[]): void {
  const { error, status, stderr } = spawnSync("helm", args, { encoding: "utf8", env: process.env });
  if (error) throw new Error("helm is needed for the manifests and is not on the PATH. See https://helm.sh/docs/intro/install/");
  if (status !== 0) throw new Error(stderr.trim());
}
