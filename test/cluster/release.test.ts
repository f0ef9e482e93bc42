/** The chart's release from its first installation to its removal, with the values of every environment. */
import { release } from "../charts/helm";
import { mayTalk, selectedBy, type Party } from "../charts/policies";
import {
  clusterWideOfRelease,
  describeOnCluster,
  environments,
  everythingIn,
  manifestOf,
  podsOf,
  revisions,
  startUpgrade,
  uninstall,
  upgrade,
  withNamespaces,
} from "./cluster";
import { apply, helm, kubectl, list, startHelm, until, type Live } from "./kubectl";

jest.setTimeout(300_000);

const services = ["data", "ml", "scheduler"];
const uids = (pods: readonly Live[]) => pods.map(({ metadata }) => metadata.uid).sort();
const componentOf = ({ metadata }: Live) => metadata.labels["app.kubernetes.io/component"];
interface PodStatus {
  readonly phase: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}
const isReady = ({ status }: Live) =>
  ((status as PodStatus).conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");

/** Kinds that nothing but helm writes to: their resourceVersion tells whether it did. Of the others, their state is written all the time. */
const WITH_LIVE_STATE = [
  "Deployment",
  "ReplicaSet",
  "Pod",
  "HorizontalPodAutoscaler",
  "PodDisruptionBudget",
  "Endpoints",
  "EndpointSlice",
  "PersistentVolumeClaim",
];
/** Everything of the release as helm left it. */
function written(namespace: string): Readonly<Record<string, unknown>> {
  const kinds =
    "deployments,replicasets,pods,horizontalpodautoscalers,poddisruptionbudgets,configmaps,services,serviceaccounts,networkpolicies,ingresses,servicemonitors,prometheusrules,externalsecrets,secretstores";
  const all = [...list(kinds, namespace), ...list("priorityclasses", undefined, `app.kubernetes.io/instance=${release}`)];
  return Object.fromEntries(
    all.map(({ kind, metadata: { name, uid, generation, resourceVersion, managedFields = [] }, spec, data }) => [
      `${kind} ${name}`,
      {
        uid,
        generation,
        spec,
        data,
        byHelm: managedFields.filter(({ manager }) => manager === "helm").map(({ time }) => time),
        ...(!WITH_LIVE_STATE.includes(kind) && { resourceVersion }),
      },
    ]),
  );
}

interface Slice {
  readonly endpoints?: readonly { readonly targetRef?: { readonly uid: string }; readonly conditions: { readonly ready?: boolean } }[];
}
/** Pods behind the service that take requests. */
const serving = (namespace: string, service: string): string[] =>
  list("endpointslices", namespace, `kubernetes.io/service-name=${release}-${service}`)
    .flatMap((slice) => (slice as unknown as Slice).endpoints ?? [])
    .filter(({ conditions }) => conditions.ready)
    .map(({ targetRef }) => targetRef!.uid)
    .sort();

describeOnCluster("the release", () => {
  withNamespaces(environments.map(([namespace]) => namespace));

  describe.each(environments)("in %s with the values of %s", (namespace, file) => {
    const installation = { namespace, file };
    const replicas = file === "development" ? { data: 1, ml: 1, scheduler: 1 } : { data: 3, ml: 3, scheduler: 1 };
    const counted = () =>
      Object.fromEntries(
        services.map((service) => [service, podsOf(namespace).filter((pod) => componentOf(pod) === service && isReady(pod)).length]),
      );
    const settled = () =>
      until(
        () =>
          JSON.stringify(counted()) === JSON.stringify(replicas) &&
          podsOf(namespace).length === Object.values(replicas).reduce((sum, count) => sum + count),
        () => JSON.stringify(counted()),
      );
    let before: { readonly inNamespace: string[]; readonly clusterWide: string[] };

    beforeAll(() => {
      before = { inNamespace: everythingIn(namespace), clusterWide: clusterWideOfRelease() };
    });

    it("is installed, every pod within the restricted level and ready", async () => {
      upgrade(installation);
      expect(revisions(namespace)).toEqual([expect.objectContaining({ revision: 1, status: "deployed" })]);
      await settled(); // the autoscaler has brought its minimum
      for (const service of services)
        expect([service, serving(namespace, service).length]).toEqual([service, replicas[service as keyof typeof replicas]]);
      // Where zones may not be uneven, and there are as many of them.
      const zones = Object.fromEntries(
        list("nodes").map(({ metadata }) => [metadata.name, metadata.labels["topology.kubernetes.io/zone"]]),
      );
      const zonesOf = (service: string) =>
        new Set(
          podsOf(namespace)
            .filter((pod) => componentOf(pod) === service)
            .map(({ spec }) => zones[(spec as { readonly nodeName: string }).nodeName]),
        );
      const most = new Set(Object.values(zones)).size;
      for (const service of ["data", "ml"] as const) expect(zonesOf(service).size).toBe(Math.min(replicas[service], most));
    });

    it("gives each budget and each service the pods of one service", () => {
      for (const service of services) {
        const [budget] = list("poddisruptionbudgets", namespace, `app.kubernetes.io/component=${service}`);
        expect(budget!.status).toMatchObject({
          expectedPods: replicas[service as keyof typeof replicas],
          currentHealthy: replicas[service as keyof typeof replicas],
          disruptionsAllowed: 1,
        });
        expect(serving(namespace, service)).toEqual(uids(podsOf(namespace).filter((pod) => componentOf(pod) === service)));
      }
    });

    it("is left alone by a second upgrade with the same values", () => {
      const [manifest, state] = [manifestOf(namespace), written(namespace)];
      upgrade(installation);
      expect(revisions(namespace).at(-1)).toMatchObject({ revision: 2, status: "deployed" });
      expect(manifestOf(namespace)).toBe(manifest);
      expect(written(namespace)).toEqual(state);
    });

    it("is asked by helm test, and believed either way", async () => {
      const fake = list("nodes").every(
        (node) =>
          (node.metadata as unknown as { readonly annotations?: object }).annotations &&
          JSON.stringify(node).includes("kwok.x-k8s.io/node"),
      );
      if (!fake) {
        expect(helm(["test", release, "--namespace", namespace, "--timeout", "120s"])).toMatchObject({ status: 0 });
        return;
      }
      // A node that only pretends runs no program: what it would end with is said here.
      for (const [phase, status] of [
        ["Failed", 1],
        ["Succeeded", 0],
      ] as const) {
        const test = startHelm(["test", release, "--namespace", namespace, "--timeout", "60s"], "");
        const pod = () => podsOf(namespace).find((one) => componentOf(one) === "test" && (one.status as PodStatus).phase === "Running");
        await until(
          () => pod() !== undefined,
          () => kubectl(["--namespace", namespace, "get", "pods"]),
        );
        kubectl([
          "--namespace",
          namespace,
          "patch",
          "pod",
          `${release}-test`,
          "--subresource=status",
          "--type=merge",
          "--patch",
          JSON.stringify({ status: { phase } }),
        ]);
        expect(await test).toMatchObject({ status });
      }
      expect(podsOf(namespace).filter((pod) => componentOf(pod) === "test")).toEqual([]);
    });

    it("stays as it was when an upgrade finds no room, and serves on meanwhile", async () => {
      const pods = podsOf(namespace);
      const [state, revision] = [written(namespace), revisions(namespace).at(-1)!.revision];
      apply({
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "full", namespace },
        spec: { hard: { pods: String(pods.length) } },
      });
      await until(
        () =>
          (
            list("resourcequotas", namespace).find(({ metadata }) => metadata.name === "full")?.status as
              { readonly used?: { readonly pods?: string } } | undefined
          )?.used?.pods === String(pods.length),
        () => "the quota does not count",
      );
      const changed = { ...installation, timeout: "8s", values: { services: { ml: { env: { LOG_LEVEL: "debug" } } } } };
      const upgrading = startUpgrade(changed);
      let [ended, interrupted] = [false, 0];
      void upgrading.finally(() => {
        ended = true;
      });
      while (!ended) {
        for (const service of services)
          if (serving(namespace, service).length < replicas[service as keyof typeof replicas]) interrupted += 1;
        await new Promise((resolve) => {
          setTimeout(resolve, 200);
        });
      }
      expect(await upgrading).toMatchObject({ status: 1, stderr: expect.stringContaining("has been rolled back due to atomic being set") });
      expect(interrupted).toBe(0);
      expect(revisions(namespace).slice(-2)).toMatchObject([
        { revision: revision + 1, status: "failed" },
        { revision: revision + 2, status: "deployed", description: `Rollback to ${revision}` },
      ]);
      await settled();
      expect(uids(podsOf(namespace))).toEqual(uids(pods));
      const specs = (all: ReturnType<typeof written>) =>
        Object.fromEntries(
          Object.entries(all)
            .filter(([name]) => /^(ConfigMap|Deployment|Service) /.test(name))
            .map(([name, one]) => [name, [(one as Live).spec, (one as Live).data]]),
        );
      expect(specs(written(namespace))).toEqual(specs(state));
      kubectl(["--namespace", namespace, "delete", "resourcequota", "full"]);
    });

    it("replaces the pods of the service that changes, and no others", async () => {
      const of = (service: string) => uids(podsOf(namespace).filter((pod) => componentOf(pod) === service));
      const pods = Object.fromEntries(services.map((service) => [service, of(service)]));
      upgrade({ ...installation, values: { services: { ml: { env: { LOG_LEVEL: "debug" } } } } });
      await settled();
      expect(services.map((service) => of(service).filter((uid) => pods[service]!.includes(uid)).length)).toEqual([
        replicas.data,
        0,
        replicas.scheduler,
      ]);
    });

    it("has policies for all of its pods, and they say who may talk with whom", () => {
      apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "intruder", namespace, labels: { app: "intruder" } },
        spec: {
          securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "intruder",
              image: "registry.example/intruder:1",
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      });
      const policies = list("networkpolicies", namespace);
      const pods = list("pods", namespace);
      for (const pod of podsOf(namespace)) {
        const own = policies.filter((policy) => selectedBy(policy, pod.metadata.labels));
        expect([pod.metadata.name, own.map(({ metadata }) => metadata.name).sort()]).toEqual([
          pod.metadata.name,
          [release, `${release}-${componentOf(pod)}`, "default-deny"].sort(),
        ]);
        for (const { spec } of own) expect(spec).toMatchObject({ policyTypes: ["Ingress", "Egress"] });
      }
      const party = (name: string): Party => ({
        labels: pods.find(({ metadata }) => metadata.name === name || metadata.labels["app.kubernetes.io/component"] === name)!.metadata
          .labels,
      });
      const may = (from: Party, to: Party, port: number) => mayTalk(policies, namespace, from, to, port);
      const large = file !== "development";
      const database = { address: large ? "10.0.3.9" : "172.31.7.7" };
      const parties = ["data", "ml", "scheduler", "intruder"];
      expect(
        Object.fromEntries(
          parties.map((from) => [from, parties.filter((to) => to !== from && may(party(from), party(to), 8000)).join(" ")]),
        ),
      ).toEqual({ data: "", ml: "data", scheduler: "data ml", intruder: "" });
      // The intruder is no pod of the release: the namespace itself keeps it in.
      expect(parties.filter((from) => may(party(from), database, 5432))).toEqual(large ? ["data", "ml", "scheduler"] : []);
      expect(parties.filter((from) => may(party(from), database, 6379))).toEqual(["data", "ml"]);
      for (const from of parties) expect([22, 3306, 1433].filter((port) => may(party(from), database, port))).toEqual([]);
      kubectl(["--namespace", namespace, "delete", "pod", "intruder", "--wait"]);
    });

    it("leaves nothing when it is removed", async () => {
      uninstall(namespace);
      await until(
        () => podsOf(namespace).length === 0,
        () => kubectl(["--namespace", namespace, "get", "pods"]),
      );
      await until(
        () => everythingIn(namespace).length <= before.inNamespace.length,
        () => everythingIn(namespace).join("\n"),
      );
      expect(everythingIn(namespace)).toEqual(before.inNamespace);
      expect(clusterWideOfRelease()).toEqual(before.clusterWide);
    });
  });
});
