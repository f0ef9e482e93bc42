/** What Prometheus and Grafana are told (OBS-022, K8S-016). */
import { describeWithHelm, get, names, namespace, release, render } from "./helm";

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}
interface RuleSpec {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}
interface Dashboard {
  readonly uid: string;
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

describeWithHelm("monitoring", () => {
  const manifests = render("production");
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

  it("reports an accuracy below 93%, and one that nobody tells", () => {
    expect(record("day_trade:accuracy:ratio").expr).toBe(
      `avg(ensemble_accuracy_ratio{namespace="${namespace}", job=~"data|ml|scheduler"})`,
    );
    expect(record("day_trade:accuracy:attained").expr).toMatch(/^avg\(ensemble_accuracy_ratio\{.*\}\) >= bool 0\.93$/);
    expect(record("day_trade:accuracy:target").expr).toBe("vector(0.93)");
    expect(alert("DayTradeAccuracyBelowTarget")).toMatchObject([
      { expr: `day_trade:accuracy:ratio{namespace="${namespace}"} < 0.93`, for: "15m", labels: { severity: "warning" } },
    ]);
    expect(alert("DayTradeAccuracyUnknown")).toMatchObject([{ expr: `absent(day_trade:accuracy:ratio{namespace="${namespace}"})` }]);
  });

  it("reports slow answers", () => {
    expect(record("day_trade:latency_seconds:p95").expr).toBe(
      `histogram_quantile(0.95, sum by (namespace, job, le) (rate(http_request_duration_seconds_bucket{namespace="${namespace}", job=~"data|ml|scheduler"}[5m])))`,
    );
    expect(alert("DayTradeLatencyHigh")).toMatchObject([
      { expr: `day_trade:latency_seconds:p95{namespace="${namespace}"} > 1`, for: "10m" },
    ]);
  });

  it("reports a service that does not answer, and one at the end of its size", () => {
    expect(alert("DayTradeServiceAbsent").map(({ labels }) => labels)).toEqual(
      ["data", "ml", "scheduler"].map((job) => ({ severity: "critical", namespace, job })),
    );
    expect(alert("DayTradeCpuHigh")).toMatchObject([{ expr: `day_trade:cpu:percent{namespace="${namespace}"} > 85`, for: "5m" }]);
    expect(alert("DayTradeMemoryHigh")).toMatchObject([{ expr: `day_trade:memory:percent{namespace="${namespace}"} > 90`, for: "5m" }]);
  });

  it("takes the thresholds from the values", () => {
    const other = rulesOf(
      render("production", { monitoring: { alerts: { accuracyRatio: 0.5, latencySeconds: 0.25, cpuPercent: 60, memoryPercent: 61 } } }),
    );
    expect(
      ["DayTradeAccuracyBelowTarget", "DayTradeLatencyHigh", "DayTradeCpuHigh", "DayTradeMemoryHigh"].map((name) =>
        alert(name, other)[0]!.expr.split(" ").at(-1),
      ),
    ).toEqual(["0.5", "0.25", "60", "61"]);
    expect(record("day_trade:accuracy:target", other).expr).toBe("vector(0.5)");
  });

  it("shows on the dashboard what the rules record, and asks for nothing that nobody records", () => {
    const { metadata, data } = get(manifests, "ConfigMap", `${release}-dashboard`);
    expect(metadata.labels).toMatchObject({ grafana_dashboard: "1" });
    const { panels } = JSON.parse(data![`${release}.json`]!) as Dashboard;
    const asked = panels.flatMap(({ targets }) => targets).flatMap(({ expr }) => expr.match(/day_trade:[a-z0-9_:]+/g) ?? []);
    expect([...new Set(asked)].sort()).toEqual(rules.flatMap((rule) => rule.record ?? []).sort());
    expect(panels.map(({ title }) => title)).toEqual([
      "Accuracy",
      "Target attained, 24 hours",
      "Response time, 95th percentile",
      "Requests a second",
      "CPU, percent of the limit",
      "Memory, percent of the limit",
    ]);
  });
});
