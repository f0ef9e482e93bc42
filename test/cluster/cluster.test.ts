/** Says once what is missing, and that the cluster enforces what the other tests rely on. */
import { describeOnCluster, environments, missing, withNamespaces } from "./cluster";
import { canI, tryKubectl } from "./kubectl";

if (missing && !process.env.CI && !process.env.CLUSTER_REQUIRED)
  process.stderr.write(`test/cluster: tests on a cluster are left out, because ${missing}. npm run test:cluster -- --start makes one\n`);

const pod = (namespace: string, container: object, more: object = {}) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "probe", namespace },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "probe",
          image: "registry.example/probe:1",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, ...container },
        },
      ],
      ...more,
    },
  });

describeOnCluster("the cluster", () => {
  withNamespaces(environments.map(([namespace]) => namespace));

  it.each(environments)("lets no pod into %s that may do more than the restricted level", (namespace) => {
    const refused = (manifest: string) => tryKubectl(["create", "--dry-run=server", "--filename", "-"], manifest);
    expect(refused(pod(namespace, {}))).toMatchObject({ status: 0 });
    for (const [manifest, why] of [
      [pod(namespace, { privileged: true, allowPrivilegeEscalation: true }), "privileged"],
      [pod(namespace, { runAsUser: 0 }), "runAsUser=0"],
      [pod(namespace, { capabilities: {} }), "unrestricted capabilities"],
      [pod(namespace, {}, { volumes: [{ name: "node", hostPath: { path: "/" } }] }), "restricted volume types"],
      [pod(namespace, {}, { hostNetwork: true }), "host namespaces"],
    ] as const)
      expect(refused(manifest)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(new RegExp(`violates PodSecurity "restricted:latest".*${why}`)),
      });
  });

  it("asks who may do what", () => {
    expect(canI("somebody", [], "delete", "pods", "day-trade")).toBe(false);
    expect(canI("somebody", ["system:masters"], "delete", "pods", "day-trade")).toBe(true);
  });
});
