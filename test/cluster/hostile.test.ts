/** Values of somebody who means harm: refused before anything is made, or taken as the plain text that they are. */
import { release, type Values } from "../charts/helm";
import {
  clusterWideOfRelease,
  describeOnCluster,
  environments,
  everythingIn,
  tryUpgrade,
  uninstall,
  upgrade,
  withNamespaces,
} from "./cluster";
import { list } from "./kubectl";

jest.setTimeout(300_000);

const ml = (values: Values): Values => ({ services: { ml: values } });
const escape = "x\n    evil: injected";
/** What the refusal names. */
const refused: readonly (readonly [string, string, Values])[] = [
  ["a privileged container", "'securityContext' not allowed", ml({ securityContext: { privileged: true } })],
  ["a privileged container by the defaults", "'securityContext' not allowed", { defaults: { securityContext: { runAsUser: 0 } } }],
  ["a folder of the node", "'volumes' not allowed", ml({ volumes: [{ name: "node", hostPath: { path: "/" } }] })],
  ["the node's network", "'hostNetwork' not allowed", ml({ hostNetwork: true })],
  ["a container beside it", "'extraContainers' not allowed", ml({ extraContainers: [{ image: "evil" }] })],
  ["another command", "'command' not allowed", ml({ command: ["sh"] })],
  ["a token of Kubernetes", "'automountServiceAccountToken' not allowed", ml({ serviceAccount: { automountServiceAccountToken: true } })],
  ["the tag latest", "/services/ml/image/tag", ml({ image: { tag: "latest" } })],
  ["an empty tag", "/services/ml/image/tag", ml({ image: { tag: "" } })],
  ["an image of another registry", "/services/ml/image/repository", ml({ image: { repository: "evil.example:443/miner" } })],
  ["any caller", "/services/ml/calls/0", ml({ calls: ["*"] })],
  ["any backend", "/services/ml/connects/0", ml({ connects: ["*"] })],
  ["any host name", "/services/ml/route/hosts/0", ml({ route: { paths: ["/"], hosts: ["*"] } })],
  ["the whole Internet as a way out", "/networkPolicy/egress/0/cidr", { networkPolicy: { egress: [{ cidr: "0.0.0.0/0", port: 22 }] } }],
  ["the whole Internet as a backend", "/backends/cache/cidrs/0", { backends: { cache: { cidrs: ["0.0.0.0/0"] } } }],
  ["the whole Internet as a load balancer", "/ingress/loadBalancerCidrs/0", { ingress: { loadBalancerCidrs: ["0.0.0.0/0"] } }],
  ["requests without TLS", "ingress.certificateArn: an alb needs one", { ingress: { certificateArn: "" } }],
  [
    "requests without TLS by an annotation",
    "ingress.annotations.alb.ingress.kubernetes.io/listen-ports: is set by the chart",
    { ingress: { annotations: { "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP":80}]' } } },
  ],
  [
    "another's labels",
    "services.ml.podLabels.app.kubernetes.io/component: is set by the chart",
    ml({ podLabels: { "app.kubernetes.io/component": "scheduler" } }),
  ],
  ["more in a service's name", "'ml\\n  evil' not allowed", { services: { "ml\n  evil": { image: { repository: "x" } } } }],
  ["more in the environment's name", "/environment", { environment: `production\n${escape}` }],
  ["more in an account's name", "/services/ml/serviceAccount/name", ml({ serviceAccount: { name: escape } })],
  ["more in a registry's name", "/image/registry", { image: { registry: `r.example\n${escape}` } }],
  ["more in a secret store's name", "/externalSecrets/store/name", { externalSecrets: { store: { name: escape } } }],
  ["more in a variable's name", "not allowed", ml({ env: { "A: b\nEVIL": "x" } })],
  ["more in a label", "/services/ml/podLabels", ml({ podLabels: { a: escape } })],
  ["more in a path", "/services/ml/healthPath", ml({ healthPath: "/health}, exec: {command: [sh]" })],
  [
    "more in a queue's address",
    "/services/ml/autoscaling/queue/url",
    ml({ autoscaling: { queue: { url: `https://sqs.example/1/a\n${escape}` } } }),
  ],
  ["more in a class of priority", "/priorityClass/name", { priorityClass: { name: "a}\nglobalDefault: true" } }],
];

describeOnCluster("hostile values", () => {
  withNamespaces(environments.map(([namespace]) => namespace));

  describe.each(environments)("in %s with the values of %s", (namespace, file) => {
    it("are refused before anything is made", () => {
      const before = everythingIn(namespace);
      const said = refused.map(([what, message, values]) => {
        const { status, stderr } = tryUpgrade({ namespace, file, values, timeout: "5s" });
        return [what, status === 0 ? "taken" : stderr.includes(message) ? "refused" : stderr];
      });
      expect(said).toEqual(refused.map(([what]) => [what, "refused"]));
      expect(everythingIn(namespace)).toEqual(before);
      expect(clusterWideOfRelease()).toEqual([]);
    });

    it("are no more than text where any text may stand", () => {
      const texts = {
        YAML: "a: b\n---\nkind: Secret\n# {c: [d]}",
        TEMPLATE: '{{ fail "evaluated" }} {{ .Release.Name }}',
        QUOTES: `"'\\" \${HOME} $(id) \`id\``,
        NUMBER: "007",
        TRUTH: "yes",
      };
      upgrade({
        namespace,
        file,
        values: {
          services: {
            ml: {
              env: texts,
              secrets: { TOKEN: { secret: 'a"\n  evil: {b', key: "c}, property: d" } },
              serviceAccount: { annotations: { note: texts.YAML } },
            },
          },
          ingress: { annotations: { note: texts.TEMPLATE } },
        },
      });
      expect(list("configmaps", namespace).find(({ metadata }) => metadata.name === `${release}-ml`)!.data).toMatchObject(texts);
      expect(list("externalsecrets", namespace)[0]!.spec).toMatchObject({
        data: expect.arrayContaining([{ secretKey: "TOKEN", remoteRef: { key: 'a"\n  evil: {b', property: "c}, property: d" } }]),
      });
      const annotation = (kind: string, name: string) =>
        (
          list(kind, namespace).find(({ metadata }) => metadata.name === name)!.metadata as unknown as {
            readonly annotations: Readonly<Record<string, string>>;
          }
        ).annotations.note;
      expect([annotation("serviceaccounts", `${release}-ml`), annotation("ingresses", release)]).toEqual([texts.YAML, texts.TEMPLATE]);
      expect(
        list("secrets", namespace)
          .map(({ metadata }) => metadata.name)
          .filter((name) => !name.startsWith("sh.helm.release.")),
      ).toEqual([]);
      uninstall(namespace);
    });
  });
});
