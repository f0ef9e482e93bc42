/** Every manifest by Kubernetes's own schemas, strictly: an unknown field is an error. For the oldest version that the chart takes, that of the tests' cluster, and that of EKS. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describeWithHelm, everything, render, valuesFiles, type Manifest } from "./helm";
import { pythonWith } from "./tools";

interface Judgement {
  readonly errors: readonly string[];
  readonly unknown: readonly string[];
}

function judge(version: string, manifests: readonly Manifest[]): Judgement {
  const { status, stdout, stderr } = spawnSync(pythonWith("kubernetes-validate"), [join(__dirname, "kubernetes_schemas.py"), version], {
    encoding: "utf8",
    input: JSON.stringify(manifests),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Judgement;
}

const operators = [
  "alb.networking.azure.io/v1 FrontendTLSPolicy",
  "alb.networking.azure.io/v1 HealthCheckPolicy",
  "alb.networking.azure.io/v1 WebApplicationFirewallPolicy",
  "external-secrets.io/v1 ExternalSecret",
  "external-secrets.io/v1 SecretStore",
  "gateway.networking.k8s.io/v1 Gateway",
  "gateway.networking.k8s.io/v1 HTTPRoute",
  "keda.sh/v1alpha1 ScaledObject",
  "keda.sh/v1alpha1 TriggerAuthentication",
  "monitoring.coreos.com/v1 PrometheusRule",
  "monitoring.coreos.com/v1 ServiceMonitor",
];
/** There the store is a vault. */
const onAzure = { ...everything, externalSecrets: {} };
describeWithHelm("Kubernetes's schemas", () => {
  const manifests = [...valuesFiles.flatMap((file) => render(file, file === "azure" ? onAzure : everything)), ...render()];

  it.each(["1.25", "1.33", "1.35"])("take every manifest in version %s", (version) => {
    expect(judge(version, manifests)).toEqual({ errors: [], unknown: operators });
  });

  it("would not take a mistyped field", () => {
    const [first] = manifests.filter(({ kind }) => kind === "Deployment");
    expect(judge("1.33", [{ ...first!, spec: { ...(first!.spec as object), replica: 1 } }]).errors).toEqual([
      expect.stringContaining("replica"),
    ]);
  });
});
