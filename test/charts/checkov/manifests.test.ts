/** Every manifest of the chart by checkov's security checks for Kubernetes; what is not followed is written here, with the reason. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { describeWithHelm, everything, namespace, render, valuesFiles, type Manifest } from "../helm";
import { pythonWith } from "../tools";

interface Exception {
  readonly check: string;
  /** Kind and name. */
  readonly resources: readonly string[];
  readonly reason: string;
}

const services = ["data", "ml", "scheduler"].map((service) => `Deployment day-trade-ml-${service}`);
const helmTest = "Pod day-trade-ml-test";
const exceptions: readonly Exception[] = [
  {
    check: "CKV_K8S_15",
    resources: [...services, helmTest],
    reason:
      "Always to pull an image: tags are never moved (their repositories refuse it), and `latest` is refused, so that what a node has is what the registry has.",
  },
  {
    check: "CKV_K8S_43",
    resources: [...services, helmTest],
    reason: "Images by digest: the values take one (`image.digest`), the literals name a tag, which is never moved.",
  },
  {
    check: "CKV_K8S_35",
    resources: ["Deployment day-trade-ml-ml"],
    reason:
      "Secrets as files: programs read the same variables on ECS and on Kubernetes (docs/services.md); the root is read-only and nobody else runs in the container.",
  },
  { check: "CKV_K8S_8", resources: [helmTest], reason: "A liveness probe: the pod of `helm test` asks each service once and ends." },
  { check: "CKV_K8S_9", resources: [helmTest], reason: "A readiness probe: the same, nobody calls it." },
];

interface Finding {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
}
interface Report {
  readonly results: { readonly failed_checks: readonly Finding[] };
  readonly summary: { readonly passed: number; readonly parsing_errors: number; readonly resource_count: number };
}

/** Each set of manifests as if it were applied to the release's namespace. */
function scan(sets: Readonly<Record<string, readonly Manifest[]>>): Report {
  const folder = mkdtempSync(join(tmpdir(), "checkov-"));
  try {
    for (const [name, manifests] of Object.entries(sets)) {
      writeFileSync(
        join(folder, `${name}.yaml`),
        manifests.map((manifest) => stringify({ ...manifest, metadata: { ...manifest.metadata, namespace } })).join("---\n"),
      );
    }
    const { stdout, stderr } = spawnSync(
      pythonWith("checkov"),
      [
        "-m",
        "checkov.main",
        "--framework",
        "kubernetes",
        "--skip-download",
        "--quiet",
        "--compact",
        "--output",
        "json",
        "--directory",
        folder,
      ],
      { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
    );
    try {
      return JSON.parse(stdout) as Report;
    } catch {
      throw new Error(`checkov gave no report:\n${stdout}\n${stderr}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const foundIn = ({ results }: Report): string[] =>
  [
    ...new Set(
      results.failed_checks.map(({ check_id, resource }) => {
        const [kind, , ...name] = resource.split(".");
        return `${check_id} ${kind} ${name.join(".")}`;
      }),
    ),
  ].sort();

describeWithHelm("checkov", () => {
  const sets = {
    ...Object.fromEntries(valuesFiles.map((file) => [file, render(file)])),
    plain: render(),
    everything: render("production", everything),
  };

  it("finds nothing but what is written here, and all of that", () => {
    const report = scan(sets);
    expect(report.summary).toMatchObject({ parsing_errors: 0 });
    expect(report.summary.passed).toBeGreaterThan(1000);
    expect(foundIn(report)).toEqual(
      exceptions.flatMap(({ check, resources }) => resources.map((resource) => `${check} ${resource}`)).sort(),
    );
    for (const { reason } of exceptions) expect(reason.length).toBeGreaterThan(20);
  }, 600_000);

  it("would find a container that may do more", () => {
    const weakened = JSON.parse(
      JSON.stringify(sets.plain)
        .replaceAll('"privileged":false', '"privileged":true')
        .replaceAll('"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":false'),
    ) as Manifest[];
    expect(foundIn(scan({ weakened }))).toEqual(
      expect.arrayContaining(["CKV_K8S_16 Deployment day-trade-ml-ml", "CKV_K8S_22 Deployment day-trade-ml-ml"]),
    );
  }, 600_000);
});
