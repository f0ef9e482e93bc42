/** What Prometheus and Grafana are told (OBS-022, OBS-033, OBS-037, K8S-016). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeWithHelm, get, names, namespace, release, render } from "./helm";
import { EXPOSED, unknownIn } from "./metrics";

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface RuleSpec {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}
interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly query: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

describeWithHelm("monitoring", () => {
  // Their pages' address is the literal's.
  const manifests = render("production", { monitoring: { runbooks: "" } });
  const rulesOf = (of = manifests) => (get(of, "PrometheusRule", release).spec as RuleSpec).groups.flatMap(({ rules }) => rules);
  const rules = rulesOf();
  const alert = (name: string, of = rules) => of.filter((rule) => rule.alert === name);
  const record = (name: string, of = rules) => of.find((rule) => rule.record === name)!;

  it("scrapes the services of this release", () => {
    expect(get(manifests, "ServiceMonitor", release)).toMatchObject({
      apiVersion: "monitoring.coreos.com/v1",
      metadata: { labels: { release: "kube-prometheus-stack" } },
      spec: {
        jobLabel: "app.kubernetes.io/component",
        selector: { matchLabels: { "app.kubernetes.io/name": "day-trade-ml", "app.kubernetes.io/instance": release } },
        endpoints: [{ port: "http", path: "/metrics", interval: "30s" }],
      },
    });
    expect(get(manifests, "PrometheusRule", release).metadata.labels).toMatchObject({ release: "kube-prometheus-stack" });
    for (const name of names(manifests, "Service"))
      expect(get(manifests, "Service", name).metadata.labels["app.kubernetes.io/component"]).toBe(name.slice(release.length + 1));
  });

  const here = `namespace="${namespace}"`;
  const ofServices = `${here}, job=~"data|ml|scheduler"`;
  const requests = `${ofServices}, handler!~"/health|/metrics|/ready"`;
  const ofDeployments = `${here}, deployment=~"day-trade-ml-(data|ml|scheduler)"`;
  const ofPods = `${here}, pod=~"day-trade-ml-(data|ml|scheduler)-.*"`;
  const ofContainers = `${here}, container=~"data|ml|scheduler", pod=~"day-trade-ml-.*"`;

  it("each alert says on which page stands what to do, where the pages have an address", () => {
    const pages = "https://example.com/docs/runbooks";
    const withPages = rulesOf(render("production", { monitoring: { runbooks: pages } }));
    const alerts = (of: readonly Rule[]) => of.filter((rule) => rule.alert !== undefined);
    const urls = alerts(withPages).map(({ annotations }) => annotations?.runbook_url ?? "");
    expect(urls.length).toBeGreaterThan(10);
    for (const url of urls) {
      expect(url.startsWith(`${pages}/`)).toBe(true);
      expect(existsSync(join(__dirname, "..", "..", "docs", "runbooks", url.slice(pages.length + 1)))).toBe(true);
    }
    expect(alerts(rules).map(({ annotations = {} }) => Object.keys(annotations))).toEqual(alerts(rules).map(() => ["summary"]));
  });

  it("reports an accuracy below 93%, and one that nobody tells", () => {
    expect(record("day_trade:accuracy:ratio").expr).toBe(`avg(ensemble_accuracy_ratio{${ofServices}})`);
    expect(record("day_trade:accuracy:attained").expr).toMatch(/^avg\(ensemble_accuracy_ratio\{.*\}\) >= bool 0\.93$/);
    expect(alert("DayTradeAccuracyBelowTarget")).toMatchObject([
      { expr: `day_trade:accuracy:ratio{${here}} < 0.93`, for: "15m", labels: { severity: "warning" } },
    ]);
    expect(alert("DayTradeAccuracyUnknown")).toMatchObject([{ expr: `absent(day_trade:accuracy:ratio{${here}})` }]);
  });

  it("reports slow answers", () => {
    expect(record("day_trade:latency_seconds:p95").expr).toBe(
      `histogram_quantile(0.95, sum by (namespace, job, le) (rate(http_request_duration_seconds_bucket{${requests}}[5m])))`,
    );
    expect(record("day_trade:latency:attained").expr).toBe(`day_trade:latency_seconds:p95{${ofServices}} <= bool 1`);
    expect(alert("DayTradeLatencyHigh")).toMatchObject([{ expr: `day_trade:latency_seconds:p95{${here}} > 1`, for: "10m" }]);
  });

  it("reports that more than 5% of the answers of a minute are errors, probes aside, and errors that nobody counts (OBS-033)", () => {
    expect(record("day_trade:requests:rate").expr).toBe(`sum by (namespace, job) (rate(http_requests_total{${requests}}[2m]))`);
    expect(record("day_trade:errors:rate").expr).toBe(
      `sum by (namespace, job) (rate(http_requests_total{status=~"5..", ${requests}}[2m])) or 0 * day_trade:requests:rate{${ofServices}}`,
    );
    expect(record("day_trade:errors:percent").expr).toBe(
      `100 * day_trade:errors:rate{${ofServices}} / day_trade:requests:rate{${ofServices}}`,
    );
    expect(alert("DayTradeErrorsHigh")).toMatchObject([
      { expr: `day_trade:errors:percent{${here}} > 5`, for: "1m", labels: { severity: "critical" } },
    ]);
    expect(alert("DayTradeErrorsUnknown").map(({ expr, for: during }) => [expr, during])).toEqual(
      ["data", "ml", "scheduler"].map((job) => [`absent(http_requests_total{${here}, job="${job}"})`, "30m"]),
    );
  });

  it("leaves out the probes of every service, to the letter", () => {
    const other = rulesOf(
      render("production", {
        monitoring: { prometheus: { path: "/a.b" } },
        services: { ml: { healthPath: "/live", readyPath: "/health" } },
      }),
    );
    expect(record("day_trade:requests:rate", other).expr).toContain(String.raw`handler!~"/a\\.b|/health|/live|/ready"`);
  });

  it("reports a service that does not answer, and one at the end of its size", () => {
    expect(alert("DayTradeServiceAbsent").map(({ labels }) => labels)).toEqual(
      ["data", "ml", "scheduler"].map((job) => ({ severity: "critical", namespace, job })),
    );
    expect(alert("DayTradeCpuHigh")).toMatchObject([{ expr: `day_trade:cpu:percent{${here}} > 85`, for: "5m" }]);
    expect(alert("DayTradeMemoryHigh")).toMatchObject([{ expr: `day_trade:memory:percent{${here}} > 90`, for: "5m" }]);
  });

  it("reports a deployment that failed, and pods that do not start, do not stay and take no requests, as ECS does of tasks", () => {
    expect(alert("DayTradeDeploymentFailed")).toEqual([
      {
        alert: "DayTradeDeploymentFailed",
        expr: `kube_deployment_status_condition{condition="Progressing", status="false", ${ofDeployments}} == 1`,
        labels: { severity: "critical" },
        annotations: { summary: "The deployment {{ $labels.deployment }} makes no progress" },
      },
    ]);
    expect(alert("DayTradePodUnhealthy")).toMatchObject([
      {
        expr: `kube_pod_status_ready{condition="true", ${ofPods}} == 0 and on (namespace, pod) kube_pod_status_phase{phase="Running", ${ofPods}} == 1`,
        labels: { severity: "critical" },
      },
    ]);
    expect(alert("DayTradePodRestarted")).toMatchObject([
      { expr: `increase(kube_pod_container_status_restarts_total{${ofContainers}}[5m]) > 0`, labels: { severity: "warning" } },
    ]);
    expect(alert("DayTradePodCannotStart")).toMatchObject([
      { expr: `kube_pod_container_status_waiting_reason{reason!~"ContainerCreating|PodInitializing", ${ofContainers}} == 1`, for: "5m" },
    ]);
    expect(record("day_trade:available:ratio").expr).toBe(
      `max by (namespace, job) (label_replace( kube_deployment_status_replicas_available{${ofDeployments}} > bool 0, "job", "$1", "deployment", "day-trade-ml-(.*)"))`,
    );
  });

  it.each([
    ["three minutes", { startSeconds: 60, stopSeconds: 30 }, "180s"],
    ["a minute more than the slowest start", { startSeconds: 121 }, "181s"],
    ["a minute more than the slowest end", { startSeconds: 60, drainSeconds: 100, stopSeconds: 100 }, "260s"],
  ])("lets a pod be not ready for %s", (_, service, during) => {
    const quick = { startSeconds: 0, drainSeconds: 0, stopSeconds: 1 };
    const services = { data: quick, scheduler: quick, ml: service };
    expect(alert("DayTradePodUnhealthy", rulesOf(render("production", { services })))[0]!.for).toBe(during);
  });

  it("takes the thresholds from the values, and records them for the dashboards", () => {
    const alerts = { accuracyRatio: 0.5, latencySeconds: 0.25, cpuPercent: 60, memoryPercent: 61, errorPercent: 7 };
    const other = rulesOf(render("production", { monitoring: { alerts, sla: { servedRatio: 0.75 } } }));
    const thresholds = other
      .filter((rule) => rule.record === "day_trade:threshold")
      .map(({ expr, labels }) => [labels!.alert, labels!.namespace, Number(/^vector\((.*)\)$/.exec(expr)![1])] as const);
    expect(thresholds.map(([name, , value]) => [name, value])).toEqual([
      ["DayTradeAccuracyBelowTarget", 0.5],
      ["DayTradeCpuHigh", 60],
      ["DayTradeErrorsHigh", 7],
      ["DayTradeLatencyHigh", 0.25],
      ["DayTradeMemoryHigh", 61],
    ]);
    for (const [name, of, value] of thresholds) {
      expect([name, of]).toEqual([name, namespace]);
      expect([name, Number(alert(name!, other)[0]!.expr.split(" ").at(-1))]).toEqual([name, value]);
    }
    expect(record("day_trade:sla:target", other).expr).toBe("vector(0.75)");
  });

  it("gives every alert a severity and a sentence", () => {
    for (const rule of rules.filter((each) => each.alert !== undefined))
      expect(rule).toMatchObject({
        labels: { severity: expect.stringMatching(/^(critical|warning)$/) as unknown },
        annotations: { summary: expect.stringMatching(/\S/) as unknown },
      });
  });

  describe("asks for nothing that nobody exposes", () => {
    const recorded = new Set(rules.flatMap((rule) => rule.record ?? []));
    const { metadata, data } = get(manifests, "ConfigMap", `${release}-dashboard`);
    const dashboards = Object.entries(data!).map(([file, text]) => [file, JSON.parse(text) as Dashboard] as const);

    it.each([
      ["kube_pod_status_redy == 1", ["nobody exposes kube_pod_status_redy"]],
      ['rate(http_requests_total{code=~"5.."}[2m])', ["http_requests_total has no label code"]],
      ["avg_over_time(day_trade:accuracy:share[1h])", ["nobody exposes day_trade:accuracy:share"]],
      ['sum by (job) (rate(http_requests_total{status=~"5..", job="a{b}"}[2m])) or vector(0)', []],
    ])("told of %s", (query, expected) => {
      expect(unknownIn(query, recorded)).toEqual(expected);
    });

    it("in its rules", () => {
      expect(rules.flatMap(({ expr }) => unknownIn(expr, recorded))).toEqual([]);
    });

    it.each(dashboards)("on the dashboard %s", (_, { panels, templating }) => {
      expect(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => unknownIn(expr, recorded)))).toEqual([]);
      const variables = templating.list.flatMap(({ query }) => /^label_values\((.*), \w+\)$/.exec(query)?.[1] ?? []);
      expect(variables.flatMap((query) => unknownIn(query, recorded))).toEqual([]);
    });

    it("and shows all that the rules record, and all that others expose", () => {
      const asked = [...rules, ...dashboards.flatMap(([, { panels }]) => panels.flatMap(({ targets }) => targets))].map(({ expr }) => expr);
      const shown = dashboards.flatMap(([, { panels }]) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))).join("\n");
      expect([...recorded].filter((name) => !shown.includes(name))).toEqual([]);
      expect([...EXPOSED.keys()].filter((name) => !asked.some((query) => query.includes(name)))).toEqual([]);
    });

    it("on a live view, an analysis of the performance, the alerts' settings and the SLA (OBS-037), which Grafana finds", () => {
      expect(metadata.labels).toMatchObject({ grafana_dashboard: "1" });
      expect(dashboards.map(([file, { uid }]) => [file, uid])).toEqual([
        ["day-trade-ml-alerts.json", "day-trade-alerts"],
        ["day-trade-ml-live.json", "day-trade-live"],
        ["day-trade-ml-performance.json", "day-trade-performance"],
        ["day-trade-ml-sla.json", "day-trade-sla"],
      ]);
      for (const [file, { panels }] of dashboards) {
        expect([file, new Set(panels.map(({ id }) => id)).size]).toEqual([file, panels.length]);
        const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
          Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
        );
        expect([file, new Set(cells).size]).toEqual([file, cells.length]); // no panel lies on another
        expect(Math.max(...panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24);
      }
    });
  });
});
