/** Who may do what in the cluster, as the API server judges the stack's roles (K8S-020, SEC-047). */
import { GROUPS } from "../../constructs/kubernetes/names";
import { describeOnCluster, environments, stackOf, withNamespaces } from "./cluster";
import { canI, kubectl, tryKubectl } from "./kubectl";
import { stringify } from "yaml";

jest.setTimeout(180_000);

/** verb, resource. */
const LOOK = [
  ["get", "pods"],
  ["list", "deployments.apps"],
  ["watch", "events"],
  ["get", "pods/log"],
  ["get", "configmaps"],
  ["list", "networkpolicies.networking.k8s.io"],
] as const;
const OPERATE = [
  ["patch", "deployments.apps/scale"],
  ["delete", "pods"],
  ["create", "pods/portforward"],
] as const;
const RELEASE = [
  ["create", "secrets"],
  ["update", "deployments.apps"],
  ["delete", "services"],
  ["create", "ingresses.networking.k8s.io"],
  ["patch", "networkpolicies.networking.k8s.io"],
  ["create", "horizontalpodautoscalers.autoscaling"],
  ["create", "poddisruptionbudgets.policy"],
  ["create", "serviceaccounts"],
  ["create", "externalsecrets.external-secrets.io"],
  ["create", "servicemonitors.monitoring.coreos.com"],
  ["create", "scaledobjects.keda.sh"],
  ["create", "pods"],
] as const;
const SECRETS = [
  ["get", "secrets"],
  ["list", "secrets"],
] as const;
/** What nobody of the three may. */
const NEVER = [
  ["create", "pods/exec"],
  ["create", "pods/attach"],
  ["create", "rolebindings.rbac.authorization.k8s.io"],
  ["update", "roles.rbac.authorization.k8s.io"],
  ["delete", "resourcequotas"],
  ["update", "limitranges"],
  ["create", "serviceaccounts/token"],
] as const;
type Ask = readonly (readonly [verb: string, resource: string])[];

const CASES: readonly (readonly [group: keyof typeof GROUPS, may: Ask, mayNot: Ask])[] = [
  ["deploy", [...RELEASE, ...SECRETS], [...NEVER, ["patch", "deployments.apps/scale"], ["create", "pods/portforward"]]],
  [
    "operations",
    [...LOOK, ...OPERATE],
    [
      ...NEVER,
      ...SECRETS,
      ["create", "pods"],
      ["create", "deployments.apps"],
      // Who changes a pod's template runs it as any service account, and has that one's rights outside.
      ["patch", "deployments.apps"],
      ["patch", "statefulsets.apps"],
      ["delete", "deployments.apps"],
      ["delete", "services"],
      ["patch", "networkpolicies.networking.k8s.io"],
      ["update", "configmaps"],
    ],
  ],
  ["readOnly", LOOK, [...NEVER, ...SECRETS, ...OPERATE, ...RELEASE]],
];

describeOnCluster("who may do what", () => {
  withNamespaces(environments.map(([namespace]) => namespace));
  const asked = (group: string, list: Ask, namespace?: string) =>
    list.map(([verb, resource]) => [verb, resource, canI("somebody", [group], verb, resource, namespace)]);
  const answered = (list: Ask, answer: boolean) => list.map(([verb, resource]) => [verb, resource, answer]);

  describe.each(environments.map(([namespace]) => namespace))("in %s", (namespace) => {
    it.each(CASES)("%s may do its work, and no more", (kind, may, mayNot) => {
      expect(asked(GROUPS[kind], may, namespace)).toEqual(answered(may, true));
      expect(asked(GROUPS[kind], mayNot, namespace)).toEqual(answered(mayNot, false));
    });
  });

  it("ends at the namespace for who changes anything, and never reaches the cluster itself", () => {
    const changes: Ask = [
      ["create", "deployments.apps"],
      ["delete", "pods"],
      ["patch", "deployments.apps"],
      ["get", "secrets"],
    ];
    const ofCluster: Ask = [
      ["create", "namespaces"],
      ["delete", "nodes"],
      ["create", "clusterrolebindings.rbac.authorization.k8s.io"],
      ["delete", "persistentvolumes"],
    ];
    for (const group of Object.values(GROUPS)) {
      expect([group, asked(group, changes, "kube-system"), asked(group, ofCluster)]).toEqual([
        group,
        answered(changes, false),
        answered(ofCluster, false),
      ]);
    }
    expect(
      asked(GROUPS.readOnly, [
        ["list", "nodes"],
        ["list", "namespaces"],
      ]),
    ).toEqual(
      answered(
        [
          ["list", "nodes"],
          ["list", "namespaces"],
        ],
        true,
      ),
    );
    expect(asked(GROUPS.deploy, [["list", "nodes"]])).toEqual(answered([["list", "nodes"]], false));
  });

  it("lets somebody of none of the groups do nothing", () => {
    for (const [namespace] of environments)
      expect(asked("system:authenticated", [...LOOK, ...OPERATE, ...RELEASE, ...SECRETS], namespace)).toEqual(
        answered([...LOOK, ...OPERATE, ...RELEASE, ...SECRETS], false),
      );
  });
});

describeOnCluster("the stacks", () => {
  withNamespaces(environments.map(([namespace]) => namespace));

  it.each(environments.map(([namespace]) => namespace))("of %s are taken whole by a strict API server", (namespace) => {
    for (const manifest of stackOf(namespace).manifests.filter(
      ({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace,
    )) {
      const { status, stderr } = tryKubectl(["apply", "--dry-run=server", "--validate=strict", "--filename", "-"], stringify(manifest));
      expect([manifest.kind, manifest.metadata.name, status, stderr.replace(/^Warning: .*\n/gm, "")]).toEqual([
        manifest.kind,
        manifest.metadata.name,
        0,
        "",
      ]);
    }
  });

  it.each(environments.map(([namespace]) => namespace))(
    "of %s refuse a pod beyond the quota, a volume and a load balancer",
    (namespace) => {
      const refused = (manifest: object) => tryKubectl(["create", "--dry-run=server", "--filename", "-"], stringify(manifest));
      const exceeded = { status: 1, stderr: expect.stringContaining("exceeded quota: services") as string };
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "large", namespace },
        spec: {
          securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "large",
              image: "registry.example/large:1",
              resources: { requests: { cpu: "200" }, limits: { cpu: "200" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      };
      expect(refused(pod)).toMatchObject(exceeded);
      expect(
        refused({
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "claim", namespace },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        }),
      ).toMatchObject(exceeded);
      expect(
        refused({
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "open", namespace },
          spec: { type: "LoadBalancer", ports: [{ port: 443 }] },
        }),
      ).toMatchObject(exceeded);
      expect(kubectl(["--namespace", namespace, "get", "resourcequota", "services", "--output=jsonpath={.spec.hard.pods}"])).toMatch(
        /^\d+$/,
      );
    },
  );
});
