/** What holds of a cluster's quota, of KEDA's windows and of the chart's values, whatever the literal. PROPERTY_RUNS and PROPERTY_SEED as in environments.property.test.ts. */
import Ajv from "ajv";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { mergeValues, parseValues } from "../../commands/manifests/releases";
import { CHART_FOLDER, valuesFiles } from "../../commands/pages/values-files";
import { chartValues } from "../../constructs/kubernetes/chart-values";
import { scalingWindows, type ScalingWindow } from "../../constructs/kubernetes/scaling-windows";
import { WEEKDAYS, weeklyTime } from "../../environments/facts/cron";
import { namespaceQuota, STORE_REQUESTS } from "../../environments/facts/kubernetes-quota";
import { parseEnvironment } from "../../environments/reading/parse";
import { validLiteral } from "./arbitraries";
import { between } from "./basics";
import { SEED } from "../helpers/seed";

const RUNS = Number(process.env.PROPERTY_RUNS ?? 300);
const DAY = 1440;
const WEEK = 7 * DAY;
jest.setTimeout(60_000 + RUNS * 200);

/** Minutes of the week. */
const minutesOf = (cron: string): number[] => {
  const { hour, minute, days } = weeklyTime(cron);
  return days.map((day) => WEEKDAYS.indexOf(day) * DAY + hour * 60 + minute);
};

/** As KEDA decides it: the next end comes before the next beginning. https://github.com/kedacore/keda/blob/main/pkg/scalers/cron_scaler.go */
function isActive({ start, end }: ScalingWindow, now: number): boolean {
  const next = (cron: string) => Math.min(...minutesOf(cron).map((at) => (at > now ? at : at + WEEK)));
  return next(end) <= next(start);
}

const cron = fc
  .record({
    minute: between(0, 59),
    hour: between(0, 23),
    days: fc.oneof(
      fc.constantFrom("*", "MON-FRI", "FRI-MON", "SAT-SUN"),
      fc.subarray([...WEEKDAYS], { minLength: 1 }).map((days) => days.join(",")),
    ),
  })
  .map(({ minute, hour, days }) => `${minute} ${hour} * * ${days}`);
const schedule = fc.uniqueArray(fc.record({ cron, min: fc.integer({ min: 1, max: 4 }) }), {
  selector: (entry) => entry.cron,
  minLength: 1,
  maxLength: 6,
});

describe(`random clusters (PROPERTY_SEED=${SEED} PROPERTY_RUNS=${RUNS})`, () => {
  it("have, at every minute of the week, one window, with the minimum of the schedule's last time before it", () => {
    fc.assert(
      fc.property(schedule, (entries) => {
        const windows = scalingWindows({ schedule: entries });
        for (const { start, end } of windows) expect(start).not.toBe(end);
        const said = new Map(entries.flatMap(({ cron: text, min }) => minutesOf(text).map((at) => [at, min] as const)));
        // The week before has the same times.
        let expected = said.get(Math.max(...said.keys()))!;
        const wrong: unknown[] = [];
        // Around every time that is said, and every hour beside.
        const looked = new Set(
          [...said.keys()].flatMap((at) => [at - 1, at, at + 1]).concat(Array.from({ length: 168 }, (_, hour) => hour * 60)),
        );
        for (let minute = 0; minute < WEEK; minute++) {
          expected = said.get(minute) ?? expected;
          if (!looked.has(minute)) continue;
          const active = windows.filter((window) => isActive(window, minute)).map(({ minReplicas }) => minReplicas);
          if (active.length !== 1 || active[0] !== expected) wrong.push({ minute, active, expected });
        }
        expect(wrong).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it("have a quota for every service at its most while a new version takes the old one's place, and for the stores", () => {
    const count = { scaling: 0, stores: 0 };
    fc.assert(
      fc.property(validLiteral, (literal) => {
        const environment = parseEnvironment(literal, "environments/random.ts");
        const {
          cluster: { kubernetes },
          database,
          services,
          servicesCache,
        } = environment;
        // One that comes, as the chart's maxSurge says, and one that goes.
        const pods = Object.values(services).flatMap(({ scaling, replicas = 1, strategy, cpu, memory }) => {
          if (scaling) count.scaling++;
          return Array.from({ length: (scaling ? scaling.max : replicas) + (strategy === "rolling" ? 2 : 0) }, () => ({
            milliCpu: (cpu / 1024) * 1000,
            memory,
          }));
        });
        const databases = database === "in-cluster" ? kubernetes.database.instances : 0;
        const caches = servicesCache === "in-cluster" ? 1 : 0;
        count.stores += databases + caches;
        pods.push(
          ...Array.from({ length: databases }, () => STORE_REQUESTS.database),
          ...Array.from({ length: caches }, () => STORE_REQUESTS.cache),
        );
        const quota = namespaceQuota(environment);
        for (const key of ["milliCpu", "memory"] as const)
          expect(quota[key]).toBeGreaterThanOrEqual(pods.reduce((sum, pod) => sum + pod[key], 0));
        expect(quota.pods).toBeGreaterThanOrEqual(pods.length);
        expect(quota.volumes).toBe(databases + caches);
        // Each figure is one that Kubernetes takes.
        expect(Object.values(quota).every(Number.isSafeInteger)).toBe(true);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(Math.min(count.scaling, count.stores)).toBeGreaterThan(RUNS / 20);
  });

  it("have values that the chart's schema takes, and that a values file holds as they are", () => {
    const chart = (file: string) => readFileSync(join(resolve(__dirname, "../.."), CHART_FOLDER, file), "utf8");
    const accepts = new Ajv().compile(JSON.parse(chart("values.schema.json")) as object);
    const base = parseValues(chart("values.yaml"), "values.yaml");
    /** As helm does before it looks at the schema: null takes the chart's own entry out. */
    const merged = (over: Parameters<typeof mergeValues>[1]) => {
      const all = mergeValues(base, over);
      return { ...all, services: Object.fromEntries(Object.entries(all.services as object).filter(([, service]) => service !== null)) };
    };
    let count = 0;
    fc.assert(
      fc.property(validLiteral, (literal) => {
        const environment = parseEnvironment(literal, "environments/random.ts");
        if (environment.platform === "none" || environment.platform === "ecs") return;
        count++;
        const values = chartValues(environment);
        expect([accepts(merged(values)), accepts.errors]).toEqual([true, null]);
        const [text] = Object.values(valuesFiles([environment]));
        expect(parseValues(text!, "file")).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(count).toBeGreaterThan(RUNS / 20);
  });
});
