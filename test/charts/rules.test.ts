/** What values.schema.json cannot say: values that do not fit each other are refused, all at once. */
import { describeWithHelm, refusal, render, scaledByKeda, type Values } from "./helm";

const alb = {
  enabled: true,
  certificateArn: "arn:aws:acm:ap-northeast-1:777788889999:certificate/0a1b",
  clientCidrs: ["203.0.113.0/24"],
  loadBalancerCidrs: ["10.0.1.0/24"],
};

/** KEDA scales ml, with one thing different at its one time. */
const time = (change: Values): Values => ({
  services: { ml: { autoscaling: { ...scaledByKeda, schedule: [{ ...scaledByKeda.schedule[0], ...change }] } } },
});

describeWithHelm("values that do not fit each other", () => {
  it.each<readonly [string, Values]>([
    ["services.ml.calls: a service does not call itself", { services: { ml: { calls: ["ml"] } } }],
    ["services.ml.calls: there is no service api, only data, ml, scheduler", { services: { ml: { calls: ["api"] } } }],
    ["services.scheduler: strategy Recreate means that there is never more than one pod", { services: { scheduler: { replicaCount: 2 } } }],
    [
      "services.scheduler: strategy Recreate means that there is never more than one pod",
      { services: { scheduler: { autoscaling: { enabled: true } } } },
    ],
    ["services.scheduler: strategy Recreate means that there is never more than one pod", { defaults: { autoscaling: { enabled: true } } }],
    [
      "services.ml.autoscaling: minReplicas is above maxReplicas",
      { services: { ml: { autoscaling: { enabled: true, minReplicas: 30 } } } },
    ],
    [
      "services.ml.autoscaling: queue and schedule scale, but it is not enabled",
      { services: { ml: { autoscaling: { ...scaledByKeda, enabled: false } } } },
    ],
    [
      "services.ml.autoscaling.queue.region: a queue needs one",
      { services: { ml: { autoscaling: { ...scaledByKeda, queue: { ...scaledByKeda.queue, region: "" } } } } },
    ],
    ["services.ml.autoscaling.schedule[0]: it ends when it starts", time({ end: "30 8 * * MON-FRI" })],
    [
      "services.ml.autoscaling.schedule[0].minReplicas: KEDA only raises the number, so more than the 3 that there are at least anyhow",
      time({ minReplicas: 3 }),
    ],
    ["services.ml.autoscaling.schedule[0].minReplicas: is above maxReplicas", time({ minReplicas: 21 })],
    [
      "services.ml.autoscaling.schedule[0].maxReplicas: KEDA knows one for all times, the 20 of autoscaling.maxReplicas",
      time({ maxReplicas: 30 }),
    ],
    [
      "services.ml.route.paths: /ml/*: only pathType ImplementationSpecific knows wildcards",
      { services: { ml: { route: { paths: ["/ml/*"] } } } },
    ],
    ["gateway.id: a gateway needs it", { gateway: { enabled: true } }],
    ["gateway.firewallId: a gateway needs it", { gateway: { enabled: true } }],
    ["gateway.cidrs: a gateway needs it", { gateway: { enabled: true } }],
    ["gateway.certificate.clientId: there is no plain HTTP", { gateway: { enabled: true } }],
    ["externalSecrets.store.azure.vaultUrl: the gateway's certificate is in a vault", { gateway: { enabled: true } }],
    ["gateway: takes the requests that ingress takes already", { gateway: { enabled: true }, ingress: alb }],
    [
      "externalSecrets.store: aws.region or azure.vaultUrl, not both",
      { externalSecrets: { store: { aws: { region: "ap-northeast-1" }, azure: { vaultUrl: "https://a.vault.azure.net/" } } } },
    ],
    [
      "externalSecrets.store.aws.region: the release makes a SecretStore only",
      { externalSecrets: { store: { kind: "ClusterSecretStore", aws: { region: "ap-northeast-1" } } } },
    ],
    [
      "backends.cache: ml connects to it, but neither cidrs nor namespace say where it is",
      { backends: { cache: { host: "cache.example" } } },
    ],
    ["services.ml.env.PORT: is set by the chart", { services: { ml: { env: { PORT: "9000" } } } }],
    ["services.ml.env.DATA_URL: is set by the chart", { services: { ml: { env: { DATA_URL: "http://elsewhere" } } } }],
    ["services.ml.secrets.ENVIRONMENT: is set by the chart", { services: { ml: { secrets: { ENVIRONMENT: { secret: "a", key: "b" } } } } }],
    [
      "services.ml: DATABASE_USER is that of backends.database.secret",
      { services: { ml: { connects: ["database"], env: { DATABASE_USER: "me" } } }, backends: { database: { secret: "app" } } },
    ],
    [
      "services.ml: DATABASE_PASSWORD is that of backends.database.secret",
      {
        services: { ml: { connects: ["database"], secrets: { DATABASE_PASSWORD: { secret: "a", key: "b" } } } },
        backends: { database: { secret: "app" } },
      },
    ],
    ["services.ml.secrets.A: stands in env as well", { services: { ml: { env: { A: "b" }, secrets: { A: { secret: "a", key: "b" } } } } }],
    ["ingress.certificateArn: an alb needs one", { ingress: { ...alb, certificateArn: "" } }],
    ["ingress.tlsSecret: class nginx needs one", { ingress: { ...alb, className: "nginx" } }],
    ["ingress.clientCidrs: an alb without them is open to the world", { ingress: { ...alb, clientCidrs: [] } }],
    ["ingress.loadBalancerCidrs: pods would refuse the load balancer", { ingress: { ...alb, loadBalancerCidrs: [] } }],
    [
      "ingress.annotations.alb.ingress.kubernetes.io/scheme: is set by the chart",
      { ingress: { ...alb, annotations: { "alb.ingress.kubernetes.io/scheme": "internet-facing" } } },
    ],
    [
      "services.ml.podLabels.app.kubernetes.io/component: is set by the chart",
      { services: { ml: { podLabels: { "app.kubernetes.io/component": "scheduler" } } } },
    ],
    ["priorityClass.name: one that is made needs a name", { priorityClass: { create: true } }],
    ["monitoring.grafana: shows what monitoring.prometheus gathers, which is off", { monitoring: { grafana: { enabled: true } } }],
  ])("%s", (message, values) => expect(refusal(undefined, values)).toContain(`\n- ${message}`));

  it("are all named at once", () => {
    const said = refusal("production", {
      services: { ml: { calls: ["ml", "api"] } },
      priorityClass: { name: "" },
      ingress: { certificateArn: "" },
    });
    expect(said.match(/^- /gm)).toHaveLength(4);
  });

  it("stand apart from those that do", () =>
    expect(render(undefined, { ingress: alb, services: { scheduler: { replicaCount: 0 } } }).length).toBeGreaterThan(0));
});
