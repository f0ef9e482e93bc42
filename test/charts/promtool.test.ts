/**
 * The chart's alerts in Prometheus's own engine: each fires on the figures it is meant for, and not on those just beside them. Left out where
 * `promtool` is not on the PATH; it comes with Prometheus.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { get, helm, namespace, release, render } from "./helm";

const promtool = spawnSync("promtool", ["--version"]).status === 0 && helm ? "promtool" : undefined;
const describeWithPromtool = (name: string, body: () => void) => {
  if (promtool) describe(name, body);
  else it.todo(name);
};

/** Runs promtool on files of one folder. @returns what it said when it failed */
function run(args: readonly string[], files: Readonly<Record<string, unknown>>): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "promtool-"));
  try {
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), JSON.stringify(content));
    const { status, stdout, stderr } = spawnSync(promtool!, args, { cwd: folder, encoding: "utf8" });
    return status === 0 ? undefined : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Series {
  readonly series: string;
  readonly values: string;
}

describeWithPromtool("alerts", () => {
  const manifests = render("production");
  const rules = get(manifests, "PrometheusRule", release).spec;
  const series = (name: string, labels: string, values: string): Series => ({
    series: `${name}{namespace="${namespace}", ${labels}}`,
    values,
  });
  const requests = (status: string, aMinute: number, handler = "/predict") =>
    series("http_requests_total", `job="ml", pod="a", handler="${handler}", status="${status}"`, `0+${aMinute / 2}x200`);
  const pod = "day-trade-ml-ml-0";
  const notReady = (values: string) => [
    series("kube_pod_status_ready", `pod="${pod}", condition="true", uid="1"`, values),
    series("kube_pod_status_phase", `pod="${pod}", phase="Running", uid="1"`, "1x200"),
  ];
  const progressing = (status: string, deployment = "day-trade-ml-ml") =>
    series("kube_deployment_status_condition", `deployment="${deployment}", condition="Progressing", status="${status}"`, "1x200");
  const waiting = (reason: string) =>
    series("kube_pod_container_status_waiting_reason", `container="ml", pod="${pod}", reason="${reason}"`, "1x200");

  it.each<[string, string, boolean, readonly Series[]]>([
    ["6% of errors", "DayTradeErrorsHigh", true, [requests("2xx", 94), requests("5xx", 6)]],
    ["6% of errors, each status by itself", "DayTradeErrorsHigh", true, [requests("200", 94), requests("503", 6)]],
    ["5% of errors", "DayTradeErrorsHigh", false, [requests("2xx", 95), requests("5xx", 5)]],
    ["refused requests", "DayTradeErrorsHigh", false, [requests("2xx", 50), requests("4xx", 50)]],
    ["no errors", "DayTradeErrorsHigh", false, [requests("2xx", 100)]],
    [
      "errors among many probes",
      "DayTradeErrorsHigh",
      true,
      [requests("2xx", 9), requests("5xx", 1), requests("2xx", 1000, "/health"), requests("2xx", 1000, "/metrics")],
    ],
    ["no request at all", "DayTradeErrorsHigh", false, [requests("2xx", 0), requests("5xx", 0)]],
    ["a deployment without progress", "DayTradeDeploymentFailed", true, [progressing("false")]],
    ["a deployment that goes on", "DayTradeDeploymentFailed", false, [progressing("true")]],
    ["somebody else's deployment", "DayTradeDeploymentFailed", false, [progressing("false", "cnpg")]],
    ["a pod that takes no requests", "DayTradePodUnhealthy", true, notReady("0x200")],
    ["a pod that was ready a while ago", "DayTradePodUnhealthy", false, notReady("1x55 0x5")],
    [
      "a restart",
      "DayTradePodRestarted",
      true,
      [series("kube_pod_container_status_restarts_total", `container="ml", pod="${pod}"`, "0x58 1x5")],
    ],
    [
      "an old restart",
      "DayTradePodRestarted",
      false,
      [series("kube_pod_container_status_restarts_total", `container="ml", pod="${pod}"`, "0x5 1x100")],
    ],
    ["an image that is not there", "DayTradePodCannotStart", true, [waiting("ImagePullBackOff")]],
    ["a container that is being made", "DayTradePodCannotStart", false, [waiting("ContainerCreating")]],
  ])("of %s: %s fires %s", (_, alertname, fires, input) => {
    const eval_time = "30m";
    const check = (expr: string) => ({ expr, eval_time, exp_samples: [{ labels: "{}", value: fires ? 1 : 0 }] });
    const test = {
      interval: "30s",
      input_series: input,
      promql_expr_test: [check(`count(ALERTS{alertname="${alertname}", alertstate="firing"}) or vector(0)`)],
    };
    expect(
      run(["test", "rules", "test.json"], {
        "rules.json": rules,
        "test.json": { rule_files: ["rules.json"], evaluation_interval: "30s", tests: [test] },
      }),
    ).toBeUndefined();
  });

  it("and every query of a dashboard is PromQL", () => {
    const queries = Object.values(get(manifests, "ConfigMap", `${release}-dashboard`).data!)
      .map((text) => JSON.parse(text) as { panels: { targets: { expr: string }[] }[] })
      .flatMap(({ panels }) =>
        panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replace(/\$__(range|rate_interval)/g, "1h"))),
      );
    const check = (exprs: readonly string[]) =>
      run(["check", "rules", "rules.json"], {
        "rules.json": { groups: [{ name: "queries", rules: exprs.map((expr, index) => ({ record: `query_${index}`, expr })) }] },
      });
    expect(check(queries)).toBeUndefined();
    expect(check(["sum by (job"])).toContain("parse error");
  });
});
