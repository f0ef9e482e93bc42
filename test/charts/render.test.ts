/** What the chart renders, by the real helm, with each of its values files. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  chart,
  deployment,
  describeWithHelm,
  endpoints,
  find,
  get,
  names,
  namespace,
  release,
  render,
  runHelm,
  scaledByKeda,
  serviceNames,
  valuesFiles,
  valuesOf,
  type Manifest,
  type ValuesFile,
} from "./helm";

const all = ["data", "ml", "scheduler"];
const named = (services: readonly string[]) => services.map((service) => `${release}-${service}`);

/** What an Ingress says of a service, in the patterns of an AWS load balancer. */
const rule = (service: string, host?: string) => ({
  ...(host && { host }),
  http: {
    paths: [
      {
        path: `/${service}/*`,
        pathType: "ImplementationSpecific",
        backend: { service: { name: `${release}-${service}`, port: { name: "http" } } },
      },
    ],
  },
});

describeWithHelm("the chart", () => {
  const rendered = Object.fromEntries(valuesFiles.map((file) => [file, render(file, endpoints)])) as Record<ValuesFile, Manifest[]>;
  const { development, production } = rendered;
  const plain = render();

  it.each(["", ...valuesFiles])("passes helm lint --strict with values %s", (file) => {
    const { status, stdout } = runHelm(["lint", "--strict", chart], file ? valuesOf(file as ValuesFile) : {});
    expect([status, stdout]).toEqual([0, expect.stringContaining("0 chart(s) failed")]);
  });

  it("has no dependency, makes no namespace, and names none", () => {
    expect(readFileSync(join(chart, "Chart.yaml"), "utf8")).not.toContain("dependencies");
    expect(readdirSync(chart)).not.toContain("charts");
    for (const manifest of Object.values(rendered).flat()) {
      expect(manifest.kind).not.toBe("Namespace");
      expect(manifest.metadata.namespace).toBeUndefined();
    }
  });

  it("opens nothing and trusts no registry by itself", () => {
    expect([...new Set(plain.map(({ kind }) => kind))].sort()).toEqual([
      "ConfigMap",
      "Deployment",
      "NetworkPolicy",
      "Pod",
      "PodDisruptionBudget",
      "Service",
      "ServiceAccount",
    ]);
    for (const service of all) {
      expect(deployment(plain, service).spec.template.spec.containers[0].image).toMatch(/^registry\.invalid\/day-trade-[a-z]+:0\.1\.0$/);
      expect(get(plain, "Service", `${release}-${service}`).spec).toMatchObject({ type: "ClusterIP" });
    }
  });

  describe.each(valuesFiles)("%s", (file) => {
    const manifests = rendered[file];

    it("has every part of each service", () => {
      expect(serviceNames(manifests)).toEqual(all);
      for (const kind of ["Service", "PodDisruptionBudget"]) expect(names(manifests, kind)).toEqual(named(all));
      const accounts = names(manifests, "ServiceAccount").filter((name) => name !== `${release}-certificate-reader`);
      expect(accounts).toEqual(named(all));
      expect(names(manifests, "NetworkPolicy")).toEqual([release, ...named([...all, "test"])]);
    });

    it.each(all)("keeps %s within the restricted Pod Security level", (service) => {
      expect(deployment(manifests, service).spec.template.spec).toMatchObject({
        serviceAccountName: `${release}-${service}`,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 10001,
          runAsGroup: 10001,
          fsGroup: 10001,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: service,
            securityContext: {
              privileged: false,
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
          },
        ],
        volumes: [{ name: "scratch", emptyDir: { sizeLimit: "1Gi" } }],
      });
      expect(get(manifests, "ServiceAccount", `${release}-${service}`)).toMatchObject({ automountServiceAccountToken: false });
    });

    it.each(all)("probes %s", (service) => {
      const { livenessProbe, readinessProbe, startupProbe } = deployment(manifests, service).spec.template.spec.containers[0];
      expect(startupProbe).toEqual({
        httpGet: { path: "/health", port: "http" },
        periodSeconds: 5,
        timeoutSeconds: 5,
        failureThreshold: 12,
      });
      expect(readinessProbe).toEqual({
        httpGet: { path: "/ready", port: "http" },
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 3,
      });
      expect(livenessProbe).toEqual({
        httpGet: { path: "/health", port: "http" },
        periodSeconds: 30,
        timeoutSeconds: 5,
        failureThreshold: 3,
      });
    });

    it.each(all)("spreads %s over zones and machines", (service) => {
      const labelSelector = {
        matchLabels: {
          "app.kubernetes.io/name": "day-trade-ml",
          "app.kubernetes.io/instance": release,
          "app.kubernetes.io/component": service,
        },
      };
      expect(deployment(manifests, service).spec.template.spec).toMatchObject({
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: file === "development" ? "ScheduleAnyway" : "DoNotSchedule",
            labelSelector,
          },
          { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector },
        ],
      });
    });

    it.each(all)("selects the pods of %s and no others", (service) => {
      const labels = {
        "app.kubernetes.io/name": "day-trade-ml",
        "app.kubernetes.io/instance": release,
        "app.kubernetes.io/component": service,
      };
      expect(deployment(manifests, service).spec).toMatchObject({ selector: { matchLabels: labels }, template: { metadata: { labels } } });
      expect(get(manifests, "Service", `${release}-${service}`).spec).toMatchObject({
        selector: labels,
        ports: [{ name: "http", port: 8000, targetPort: "http" }],
      });
      expect(get(manifests, "PodDisruptionBudget", `${release}-${service}`).spec).toEqual({
        maxUnavailable: 1,
        selector: { matchLabels: labels },
      });
    });

    it("either scales or fixes the number of pods", () => {
      const scaled = file === "development" ? [] : ["data", "ml"];
      expect(names(manifests, "HorizontalPodAutoscaler")).toEqual(named(scaled));
      for (const service of all) {
        expect("replicas" in deployment(manifests, service).spec).toBe(!scaled.includes(service));
        if (!scaled.includes(service)) continue;
        const resource = (name: string, averageUtilization: number) => ({
          type: "Resource",
          resource: { name, target: { type: "Utilization", averageUtilization } },
        });
        expect(get(manifests, "HorizontalPodAutoscaler", `${release}-${service}`).spec).toEqual({
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: `${release}-${service}` },
          minReplicas: 3,
          maxReplicas: 20,
          metrics: [resource("cpu", 70), resource("memory", 80)],
        });
      }
    });

    it("never has two schedulers, and replaces others without a gap", () => {
      expect(deployment(manifests, "scheduler").spec).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
      for (const service of ["data", "ml"])
        expect(deployment(manifests, service).spec.strategy).toEqual({
          type: "RollingUpdate",
          rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
        });
    });

    it("lets requests end before a pod does", () => {
      for (const [service, drain] of [
        ["ml", "10"],
        ["data", "10"],
        ["scheduler", undefined],
      ] as const) {
        const {
          containers: [container],
          terminationGracePeriodSeconds,
        } = deployment(manifests, service).spec.template.spec;
        expect(container.lifecycle).toEqual(drain && { preStop: { exec: { command: ["sleep", drain] } } });
        expect(terminationGracePeriodSeconds).toBe(30 + Number(drain ?? 0));
      }
    });

    it("asks every service by helm test", () => {
      const pod = get(manifests, "Pod", `${release}-test`);
      expect(pod.metadata.annotations).toMatchObject({ "helm.sh/hook": "test" });
      expect(pod.spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [{ command: ["python", "-c", expect.any(String), ...all.map((service) => `http://${release}-${service}:8000/ready`)] }],
      });
    });
  });

  it("runs one pod each in dev", () => {
    for (const service of all) expect(deployment(development, service).spec).toMatchObject({ replicas: 1 });
  });

  it.each([
    ["cpuBound", "2000m", "4Gi", "4000m", "8Gi"],
    ["memoryBound", "1000m", "8Gi", "2000m", "16Gi"],
  ])("has the profile %s for any service (K8S-017, K8S-018)", (profile, cpu, memory, cpuLimit, memoryLimit) => {
    const manifests = render(undefined, {
      services: { scheduler: { profile }, data: { profile, resources: { limits: { memory: "32Gi" } } } },
    });
    const resources = (service: string) => deployment(manifests, service).spec.template.spec.containers[0].resources;
    expect(resources("scheduler")).toEqual({ requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } });
    expect(resources("data")).toEqual({ requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: "32Gi" } });
    expect(resources("ml")).toEqual(deployment(plain, "ml").spec.template.spec.containers[0].resources);
  });

  it("tells a service what ECS tells it, and nothing of what it may not connect to", () => {
    const data = (service: string) => get(production, "ConfigMap", `${release}-${service}`).data;
    const cache = { CACHE_HOST: "cache.example", CACHE_PORT: "6379", CACHE_TLS: "true", CACHE_CLUSTER_MODE: "true" };
    const database = { DATABASE_HOST: "database.example", DATABASE_PORT: "5432", DATABASE_NAME: "trading" };
    const common = { ENVIRONMENT: "production", PORT: "8000" };
    expect(data("ml")).toEqual({ ...common, ...cache, ...database, DATABASE_USER: "svc_ml", DATA_URL: `http://${release}-data:8000` });
    expect(data("data")).toEqual({ ...common, ...cache, ...database, DATABASE_USER: "svc_data" });
    expect(data("scheduler")).toEqual({
      ...common,
      ...database,
      DATABASE_USER: "svc_scheduler",
      DATA_URL: `http://${release}-data:8000`,
      ML_URL: `http://${release}-ml:8000`,
    });
  });

  it("takes the database's user and password from a secret of the cluster, where there is one", () => {
    const manifests = render("production", { backends: { database: { host: "postgresql-rw", secret: "postgresql-app" } } });
    const reference = (name: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: "postgresql-app", key } } });
    for (const service of ["ml", "data", "scheduler"]) {
      expect(deployment(manifests, service).spec.template.spec.containers[0]).toMatchObject({
        env: [reference("DATABASE_PASSWORD", "password"), reference("DATABASE_USER", "username")],
      });
      expect(get(manifests, "ConfigMap", `${release}-${service}`).data).not.toHaveProperty("DATABASE_USER");
    }
    // Who may not connect is not told.
    expect(
      deployment(render("development", { backends: { database: { secret: "postgresql-app" } } }), "ml").spec.template.spec.containers[0],
    ).not.toHaveProperty("env");
  });

  it("replaces the pods of a service whose settings change, and of no other", () => {
    const checksums = (manifests: readonly Manifest[]) =>
      all.map((service) => JSON.stringify(deployment(manifests, service).spec.template.metadata.annotations));
    const changed = (values: object) =>
      checksums(render(undefined, { ...values }))
        .map((sum, index) => (sum === checksums(plain)[index] ? "" : all[index]!))
        .filter(Boolean);
    expect(changed({})).toEqual([]);
    expect(changed({ services: { ml: { env: { LOG_LEVEL: "debug" } } } })).toEqual(["ml"]);
    expect(changed({ services: { data: { secrets: { TOKEN: { secret: "a", key: "b" } } } } })).toEqual(["data"]);
    expect(changed({ backends: { cache: { host: "c", cidrs: ["10.0.0.0/24"] } } })).toEqual(["data", "ml"]);
    expect(changed({ defaults: { env: { LOG_LEVEL: "debug" } } })).toEqual(all);
  });

  it("brings secrets by reference only", () => {
    const manifests = render("production", { services: { ml: { secrets: { MT5_LOGIN: { secret: "TSS/mt5/live", key: "login" } } } } });
    expect(names(manifests, "Secret")).toEqual([]);
    expect(names(manifests, "ExternalSecret")).toEqual([`${release}-ml`]);
    expect(get(manifests, "ExternalSecret", `${release}-ml`)).toMatchObject({
      apiVersion: "external-secrets.io/v1",
      spec: {
        refreshInterval: "1h",
        secretStoreRef: { name: "day-trade", kind: "SecretStore" },
        target: { name: `${release}-ml`, creationPolicy: "Owner" },
        data: [{ secretKey: "MT5_LOGIN", remoteRef: { key: "TSS/mt5/live", property: "login" } }],
      },
    });
    expect(deployment(manifests, "ml").spec.template.spec.containers[0]).toMatchObject({
      envFrom: [{ configMapRef: { name: `${release}-ml` } }, { secretRef: { name: `${release}-ml` } }],
    });
    expect(deployment(manifests, "data").spec.template.spec.containers[0]).toMatchObject({
      envFrom: [{ configMapRef: { name: `${release}-data` } }],
    });
  });

  it("makes the store of the secrets where it is told the region, and some service has any", () => {
    const store = { store: { aws: { region: "ap-northeast-1" } } };
    const secrets = { TOKEN: { secret: "a", key: "b" } };
    const manifests = render("production", { externalSecrets: store, services: { ml: { secrets } } });
    expect(get(manifests, "SecretStore", "day-trade")).toMatchObject({
      apiVersion: "external-secrets.io/v1",
      spec: { provider: { aws: { service: "SecretsManager", region: "ap-northeast-1" } } },
    });
    expect(get(manifests, "ExternalSecret", `${release}-ml`).spec).toMatchObject({
      secretStoreRef: { name: "day-trade", kind: "SecretStore" },
    });
    expect(names(render("production", { externalSecrets: store }), "SecretStore")).toEqual([]);
    expect(names(render("azure", { services: { ml: { secrets } } }), "SecretStore")).toEqual(
      [`${release}-certificate`, `${release}-ml`].sort(),
    );
  });

  it("lets KEDA scale by a queue and by times of the week, in place of an autoscaler of its own", () => {
    const manifests = render("production", { services: { ml: { autoscaling: scaledByKeda } } });
    expect([
      names(manifests, "HorizontalPodAutoscaler"),
      names(manifests, "ScaledObject"),
      names(manifests, "TriggerAuthentication"),
    ]).toEqual([named(["data"]), named(["ml"]), [`${release}-queues`]]);
    expect(deployment(manifests, "ml").spec).not.toHaveProperty("replicas");
    expect(get(manifests, "ScaledObject", `${release}-ml`)).toMatchObject({ apiVersion: "keda.sh/v1alpha1" });
    expect(get(manifests, "ScaledObject", `${release}-ml`).spec).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: `${release}-ml` },
      minReplicaCount: 3,
      maxReplicaCount: 20,
      triggers: [
        { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
        { type: "memory", metricType: "Utilization", metadata: { value: "80" } },
        {
          type: "aws-sqs-queue",
          authenticationRef: { name: `${release}-queues` },
          metadata: { queueURL: scaledByKeda.queue.url, queueLength: "10", awsRegion: "ap-northeast-1" },
        },
        { type: "cron", metadata: { timezone: "Asia/Tokyo", start: "30 8 * * MON-FRI", end: "0 16 * * MON-FRI", desiredReplicas: "6" } },
      ],
    });
    expect(get(manifests, "TriggerAuthentication", `${release}-queues`).spec).toEqual({ podIdentity: { provider: "aws" } });
    const scheduled = render("production", { services: { ml: { autoscaling: { ...scaledByKeda, queue: { url: "" } } } } });
    expect([names(scheduled, "ScaledObject"), names(scheduled, "TriggerAuthentication")]).toEqual([named(["ml"]), []]);
  });

  it("takes images by tag or digest, from one registry", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const manifests = render(undefined, {
      image: { registry: "r.example:5000/team", pullSecrets: ["login"] },
      services: { ml: { image: { tag: "1.4.2" } }, data: { image: { digest } } },
    });
    expect(all.map((service) => deployment(manifests, service).spec.template.spec.containers[0].image)).toEqual([
      `r.example:5000/team/day-trade-data@${digest}`,
      "r.example:5000/team/day-trade-ml:1.4.2",
      "r.example:5000/team/day-trade-scheduler:0.1.0",
    ]);
    expect(deployment(manifests, "ml").spec.template.spec).toMatchObject({ imagePullSecrets: [{ name: "login" }] });
  });

  it("takes the cloud's accounts from the values", () => {
    const annotations = { "eks.amazonaws.com/role-arn": "arn:aws:iam::777788889999:role/tss-ml-task" };
    const manifests = render("production", {
      services: { ml: { serviceAccount: { annotations } }, data: { serviceAccount: { create: false, name: "theirs" } } },
    });
    expect(get(manifests, "ServiceAccount", `${release}-ml`).metadata.annotations).toEqual(annotations);
    expect(names(manifests, "ServiceAccount")).toEqual(named(["ml", "scheduler"]));
    expect(deployment(manifests, "data").spec.template.spec.serviceAccountName).toBe("theirs");
    expect(deployment(rendered.azure, "ml").spec.template.metadata.labels).toMatchObject({ "azure.workload.identity/use": "true" });
  });

  it("adds a service by one entry, and takes one out by null", () => {
    const manifests = render("production", {
      services: {
        scheduler: null,
        "data-api": { image: { repository: "day-trade-data-api" }, ports: { grpc: 50051 }, calls: ["ml"] },
        ml: { calls: ["data", "data-api"] },
      },
    });
    expect(serviceNames(manifests)).toEqual(["data", "data-api", "ml"]);
    expect(get(manifests, "ConfigMap", `${release}-ml`).data).toMatchObject({ DATA_API_URL: `http://${release}-data-api:8000` });
    expect(deployment(manifests, "data-api").spec.template.spec.containers[0].ports).toEqual([
      { name: "http", containerPort: 8000 },
      { name: "grpc", containerPort: 50051 },
    ]);
  });

  it("routes requests through an AWS load balancer, by TLS only", () => {
    const { metadata, spec } = get(production, "Ingress", release);
    expect(metadata.annotations).toEqual({
      "alb.ingress.kubernetes.io/scheme": "internet-facing",
      "alb.ingress.kubernetes.io/target-type": "ip",
      "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
      "alb.ingress.kubernetes.io/ssl-redirect": "443",
      "alb.ingress.kubernetes.io/certificate-arn": expect.stringMatching(/^arn:aws:acm:/),
      "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
      "alb.ingress.kubernetes.io/inbound-cidrs": "203.0.113.0/24",
      "alb.ingress.kubernetes.io/load-balancer-attributes": "routing.http.drop_invalid_header_fields.enabled=true",
    });
    const further = {
      "alb.ingress.kubernetes.io/load-balancer-attributes": "deletion_protection.enabled=true",
      "alb.ingress.kubernetes.io/wafv2-acl-arn": "arn:aws:wafv2:x",
    };
    expect(get(render("production", { ingress: { annotations: further } }), "Ingress", release).metadata.annotations).toEqual({
      ...metadata.annotations,
      ...further,
      "alb.ingress.kubernetes.io/load-balancer-attributes":
        "routing.http.drop_invalid_header_fields.enabled=true,deletion_protection.enabled=true",
    });
    // By the literal's priorities, because the controller keeps the manifest's order.
    expect(spec).toEqual({ ingressClassName: "alb", rules: [rule("ml"), rule("data")] });
    expect(get(production, "Service", `${release}-ml`).metadata.annotations).toEqual({
      "alb.ingress.kubernetes.io/healthcheck-path": "/ready",
    });
    expect(get(production, "Service", `${release}-scheduler`).metadata.annotations).toBeUndefined();
    expect(
      get(render("production", { services: { ml: { route: { hosts: ["a.example.com", "b.example.com"] } } } }), "Ingress", release).spec,
    ).toMatchObject({ rules: [rule("ml", "a.example.com"), rule("ml", "b.example.com"), rule("data")] });
    expect(
      get(render("production", { services: { ml: { route: { order: 10_000 } }, data: { route: { order: 9999 } } } }), "Ingress", release)
        .spec,
    ).toMatchObject({ rules: [rule("data"), rule("ml")] });
    // Whatever a literal may say, as it stands.
    const strange = `/a"b'c~d$e:f&g@h+i_j.k?l*`;
    expect(get(render("production", { services: { ml: { route: { paths: [strange] } } } }), "Ingress", release).spec).toMatchObject({
      rules: [{ http: { paths: [{ path: strange, pathType: "ImplementationSpecific" }] } }, rule("data")],
    });
    expect(get(render("production", { services: { ml: { route: null }, data: { route: null } } }), "Ingress", release).spec).toMatchObject({
      rules: null,
    });
  });

  it("routes requests through Azure's gateway, by TLS only", () => {
    expect(names(rendered.azure, "Ingress")).toEqual([]);
    const resources = "/subscriptions/0a1b2c3d-0000-4000-8000-000000000003/resourceGroups/day-trade-production/providers";
    expect(get(rendered.azure, "Gateway", release)).toMatchObject({
      metadata: {
        annotations: { "alb.networking.azure.io/alb-id": `${resources}/Microsoft.ServiceNetworking/trafficControllers/services` },
      },
      spec: {
        gatewayClassName: "azure-alb-external",
        addresses: [{ type: "alb.networking.azure.io/alb-frontend", value: "services" }],
        listeners: [
          { name: "http", port: 80, protocol: "HTTP" },
          {
            name: "https",
            port: 443,
            protocol: "HTTPS",
            tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: `${release}-certificate` }] },
          },
        ],
      },
    });
    const routes = names(rendered.azure, "HTTPRoute").map((name) => [name, get(rendered.azure, "HTTPRoute", name).spec] as const);
    const service = (name: string) => ({
      parentRefs: [{ name: release, sectionName: "https" }],
      rules: [
        { matches: [{ path: { type: "PathPrefix", value: `/${name}` } }], backendRefs: [{ name: `${release}-${name}`, port: 8000 }] },
      ],
    });
    expect(Object.fromEntries(routes)).toEqual({
      [`${release}-data`]: service("data"),
      [`${release}-ml`]: service("ml"),
      [`${release}-to-https`]: {
        parentRefs: [{ name: release, sectionName: "http" }],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
            filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", port: 443, statusCode: 301 } }],
          },
        ],
      },
    });
    const gateway = { group: "gateway.networking.k8s.io", kind: "Gateway", name: release, namespace };
    expect(get(rendered.azure, "WebApplicationFirewallPolicy", release).spec).toEqual({
      targetRef: gateway,
      webApplicationFirewall: { id: `${resources}/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/services` },
    });
    expect(get(rendered.azure, "FrontendTLSPolicy", release).spec).toMatchObject({ targetRef: { ...gateway, sectionNames: ["https"] } });
    expect(get(rendered.azure, "HealthCheckPolicy", `${release}-ml`).spec).toMatchObject({ default: { http: { path: "/ready" } } });
    // A pattern's end is a prefix, what has none is one path.
    const patterns = { ml: { route: { paths: ["/*", "/ml/*", "/health"], pathType: "ImplementationSpecific" } } };
    expect(get(render("azure", { services: patterns }), "HTTPRoute", `${release}-ml`).spec).toMatchObject({
      rules: [
        {
          matches: [
            { path: { type: "PathPrefix", value: "/" } },
            { path: { type: "PathPrefix", value: "/ml" } },
            { path: { type: "Exact", value: "/health" } },
          ],
        },
      ],
    });
  });

  it("brings the gateway's certificate from the vault, as somebody who may read that alone", () => {
    const reader = `${release}-certificate-reader`;
    expect(get(rendered.azure, "ServiceAccount", reader).metadata.annotations).toEqual({
      "azure.workload.identity/client-id": "0a1b2c3d-0000-4000-8000-0000000000c1",
      "azure.workload.identity/tenant-id": "0a1b2c3d-0000-4000-8000-00000000000f",
    });
    expect(get(rendered.azure, "SecretStore", `${release}-certificate`).spec).toEqual({
      provider: {
        azurekv: {
          authType: "WorkloadIdentity",
          vaultUrl: "https://day-trade-production.vault.azure.net/",
          serviceAccountRef: { name: reader },
        },
      },
    });
    expect(get(rendered.azure, "ExternalSecret", `${release}-certificate`).spec).toMatchObject({
      secretStoreRef: { kind: "SecretStore", name: `${release}-certificate` },
      target: {
        name: `${release}-certificate`,
        template: {
          type: "kubernetes.io/tls",
          data: { "tls.crt": "{{ .pfx | b64dec | pkcs12cert }}", "tls.key": "{{ .pfx | b64dec | pkcs12key }}" },
        },
      },
      data: [{ secretKey: "pfx", remoteRef: { key: "secret/day-trade-tls" } }],
    });
  });

  it("asks a vault for a service's secrets as the service itself", () => {
    const manifests = render("azure", { services: { ml: { secrets: { MT5_LOGIN: { secret: "mt5", key: "login" } } } } });
    expect(get(manifests, "SecretStore", `${release}-ml`).spec).toMatchObject({
      provider: { azurekv: { serviceAccountRef: { name: `${release}-ml` } } },
    });
    expect(get(manifests, "ExternalSecret", `${release}-ml`).spec).toMatchObject({
      secretStoreRef: { kind: "SecretStore", name: `${release}-ml` },
      data: [{ secretKey: "MT5_LOGIN", remoteRef: { key: "mt5-login" } }],
    });
  });

  it("makes a class of priority where it is told to", () => {
    expect(get(production, "PriorityClass", "day-trade-prod")).toMatchObject({ value: 100000, globalDefault: false });
    expect(deployment(production, "ml").spec.template.spec).toMatchObject({ priorityClassName: "day-trade-prod" });
    const manifests = render(undefined, { priorityClass: { name: "theirs" } });
    expect(names(manifests, "PriorityClass")).toEqual([]);
    expect(deployment(manifests, "ml").spec.template.spec).toMatchObject({ priorityClassName: "theirs" });
    expect(deployment(plain, "ml").spec.template.spec).not.toHaveProperty("priorityClassName");
  });

  it("leaves no monitoring behind where it is off", () => {
    for (const kind of ["ServiceMonitor", "PrometheusRule"]) expect(names(development, kind)).toEqual([]);
    expect(find(development, "ConfigMap", `${release}-dashboard`)).toBeUndefined();
  });
});
