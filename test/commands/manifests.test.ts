/** `npm run manifests`: files for kubectl, from the chart. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { manifestsCommand } from "../../commands/manifests";
import { chartValues } from "../../constructs/kubernetes/chart-values";
import { loadEnvironment } from "../../environments";
import { describeWithHelm, get, names, render, type Manifest } from "../charts/helm";
import { ProjectCopy } from "../helpers/project-copy";

let folder: string;
/** What the command synthesises has the examples' names, too. */
let copy: ProjectCopy;
let root: string;
let said: string;

beforeAll(() => {
  copy = new ProjectCopy();
  root = copy.folder;
});
afterAll(() => {
  copy.remove();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "manifests-test-"));
  said = "";
  jest.spyOn(console, "log").mockImplementation((line: string) => {
    said += `${line}\n`;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const written of [folder, copy.path("cdktf.out")]) rmSync(written, { recursive: true, force: true });
});

const run = async (...args: string[]) => {
  await manifestsCommand({ root, python: "" }).exitOverride().parseAsync(args, { from: "user" });
};
const output = () => join(folder, "out");
const write = (file: string, content: unknown): string => {
  writeFileSync(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
  return join(folder, file);
};
const read = (from = output()): Manifest[] =>
  readdirSync(from).flatMap((file) =>
    parseAllDocuments(readFileSync(join(from, file), "utf8")).map((document) => document.toJS() as Manifest),
  );

describeWithHelm("the plain manifests", () => {
  it.each([
    ["dev", "day-trade-dev"],
    ["staging", "day-trade-staging"],
    ["prod", "day-trade"],
  ] as const)("of %s are those of its own literal, each in its namespace", async (environment, namespace) => {
    await run(environment, "--output", output());
    const manifests = read();
    expect(get(manifests, "Namespace", namespace).metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
    const wanted = render(undefined, chartValues(loadEnvironment(environment)), namespace).filter(
      ({ metadata }) => metadata.annotations?.["helm.sh/hook"] === undefined,
    );
    const key = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;
    const foundation = parseAllDocuments(readFileSync(join(output(), "namespace.yaml"), "utf8")).map(
      (document) => document.toJS() as Manifest,
    );
    expect([...new Set(foundation.map(({ kind }) => kind))]).toEqual([
      "Namespace",
      "ResourceQuota",
      "LimitRange",
      "NetworkPolicy",
      "Role",
      "RoleBinding",
      "ClusterRole",
      "ClusterRoleBinding",
    ]);
    expect(get(foundation, "NetworkPolicy", "default-deny").spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    for (const { kind, metadata } of foundation)
      expect(metadata.namespace).toBe(/^(Namespace|ClusterRole)/.test(kind) ? undefined : namespace);
    const ours = manifests.filter(
      ({ kind, metadata }) => !foundation.some((one) => one.kind === kind && one.metadata.name === metadata.name),
    );
    expect(ours.map(key).sort()).toEqual(wanted.map(key).sort());
    for (const manifest of wanted) {
      const written = get(ours, manifest.kind, manifest.metadata.name);
      expect(written).toEqual(
        manifest.kind === "PriorityClass" ? manifest : { ...manifest, metadata: { ...manifest.metadata, namespace } },
      );
    }
    expect(said).toMatch(/kubectl apply --filename \S+\/out\/namespace\.yaml\n {2}kubectl apply --filename \S+\/out\n/);
    expect(said).toContain("They name no endpoints");
    expect(said).toContain(
      `npm run outputs -- ${environment} --references outputs.json\n  npm run manifests -- ${environment} --outputs outputs.json\n`,
    );
  });

  it("have one file for each template, in place of what was there", async () => {
    await run("prod", "--output", output());
    expect(readdirSync(output())).toEqual(
      expect.arrayContaining(["deployments.yaml", "ingress.yaml", "namespace.yaml", "network-policies.yaml"]),
    );
    await run("prod", "--output", output(), "--values", write("values.yaml", "ingress: {enabled: false}"));
    expect(readdirSync(output())).not.toContain("ingress.yaml");
    await run("dev");
    expect(readdirSync(join(root, "cdktf.out", "manifests", "dev"))).toContain("namespace.yaml");
  });

  it("take further values in order", async () => {
    await run(
      "dev",
      "--output",
      output(),
      "--values",
      write("a.yaml", "image: {registry: a.example}"),
      "--values",
      write("b.yaml", "image: {registry: b.example}"),
    );
    expect(JSON.stringify(get(read(), "Deployment", "day-trade-ml-ml"))).toMatch(/"b\.example\/day-trade-ml[a-z-]*:/);
  });

  it("have what only the infrastructure knows, by the outputs of its stacks", async () => {
    const stack = join(root, "cdktf.out", "stacks", "dev-workloads");
    mkdirSync(stack, { recursive: true });
    const values = {
      image: { registry: "${data.terraform_remote_state.services.outputs.registry}" },
      backends: { cache: { host: "${data.terraform_remote_state.data.outputs.cache_host}" } },
    };
    const other = { name: "keda", chart: "keda", values: ["a: ${data.terraform_remote_state.x.outputs.unknown}"] };
    writeFileSync(
      join(stack, "cdk.tf.json"),
      JSON.stringify({
        resource: {
          helm_release: { chart: { name: "day-trade-ml", chart: "charts/day-trade-ml", values: [JSON.stringify(values)] }, other },
        },
      }),
    );
    const outputs = (json: object) =>
      write(
        "outputs.json",
        Object.fromEntries(Object.entries(json).map(([name, value]) => [name, { sensitive: false, type: "string", value }])),
      );
    await run("dev", "--output", output(), "--outputs", outputs({ registry: "r.example", cache_host: "cache.example" }));
    expect(JSON.stringify(get(read(), "Deployment", "day-trade-ml-ml"))).toMatch(/"r\.example\/day-trade-ml[a-z-]*:/);
    expect(get(read(), "ConfigMap", "day-trade-ml-ml").data).toMatchObject({ CACHE_HOST: "cache.example" });
    expect(said).not.toContain("They name no endpoints");
    await expect(run("dev", "--output", output(), "--outputs", outputs({ registry: "r.example" }))).rejects.toThrow(
      "data.terraform_remote_state.data.outputs.cache_host",
    );
  });

  it("are not written when anything is wrong, and say what", async () => {
    await expect(run("nowhere")).rejects.toThrow('There is no environment "nowhere". Valid names: dev, staging, prod.');
    await expect(run("dev", "--values", join(folder, "none.yaml"))).rejects.toThrow(`There is no file ${join(folder, "none.yaml")}.`);
    await expect(run("dev", "--outputs", write("outputs.json", {}))).rejects.toThrow(
      "there is no cdktf.out/stacks/dev-workloads/cdk.tf.json: npm run synth -- dev",
    );
    mkdirSync(output());
    write("out/notes.txt", "mine");
    await expect(run("dev", "--output", output())).rejects.toThrow("holds what this command did not write (notes.txt)");
    rmSync(join(output(), "notes.txt"));
    await run("dev", "--output", output());
    const before = read();
    await expect(
      run("dev", "--output", output(), "--values", write("latest.yaml", "services: {ml: {image: {tag: latest}}}")),
    ).rejects.toThrow("/services/ml/image/tag");
    expect(read()).toEqual(before);
    expect(names(before, "Pod")).toEqual([]);
  });
});

it("helm that is missing is named", async () => {
  const path = process.env.PATH;
  process.env.PATH = folder;
  try {
    await expect(run("dev", "--output", output())).rejects.toThrow("helm is needed for the manifests and is not on the PATH");
  } finally {
    process.env.PATH = path;
  }
});
