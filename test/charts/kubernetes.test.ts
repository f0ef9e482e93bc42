/** Every manifest by Kubernetes's own schemas, strictly: an unknown field is an error. For the oldest version that the chart takes, and a current one. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describeWithHelm, endpoints, render, valuesFiles, type Manifest, type Values } from "./helm";

const root = resolve(__dirname, "..", "..");

/** Python that has the schemas, installed when it is not there; that takes some ten seconds. */
function python(): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "commands", "set-up.mjs"), "kubernetes-validate"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`kubernetes-validate could not be installed:\n${stderr}`);
  return stdout.trim();
}

interface Judgement { readonly errors: readonly string[]; readonly unknown: readonly string[] }

function judge(version: string, manifests: readonly Manifest[]): Judgement {
  const { status, stdout, stderr } = spawnSync(python(), [join(__dirname, "kubernetes_schemas.py"), version], { encoding: "utf8", input: JSON.stringify(manifests), env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Judgement;
}

const operators = ["external-secrets.io/v1 ExternalSecret", "monitoring.coreos.com/v1 PrometheusRule", "monitoring.coreos.com/v1 ServiceMonitor"];
/** Everything optional at once. */
const everything: Values = {
  ...endpoints,
  image: { pullSecrets: ["login"] },
  services: {
    ml: { secrets: { TOKEN: { secret: "a", key: "b" } }, ports: { grpc: 50051 }, podLabels: { a: "b" }, serviceAccount: { annotations: { a: "b" } }, podDisruptionBudget: { maxUnavailable: "25%" } },
    data: { route: { hosts: ["a.example.com"] }, startSeconds: 0, env: { NUMBER: "5", TEXT: "a: {b} \"c\"\nd" } },
  },
  networkPolicy: { dnsCidrs: ["169.254.20.10/32"], egress: [{ cidr: "169.254.170.23/32", port: 80 }] },
};

describeWithHelm("Kubernetes's schemas", () => {
  const manifests = [...valuesFiles.flatMap((file) => render(file, everything)), ...render()];

  it.each(["1.25", "1.33"])("take every manifest in version %s", (version) => {
    expect(judge(version, manifests)).toEqual({ errors: [], unknown: operators });
  });

  it("would not take a mistyped field", () => {
    const [first] = manifests.filter(({ kind }) => kind === "Deployment");
    expect(judge("1.33", [{ ...first!, spec: { ...(first!.spec as object), replica: 1 } }]).errors).toEqual([expect.stringContaining("replica")]);
  });
});
