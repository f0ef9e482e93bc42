/** How much the services' namespace may ask for: exact figures, worked out by hand. */
import { namespaceQuota } from "../../environments/facts/kubernetes-quota";
import { environment, GONE, type Base, type Edits } from "./edits";

const quota = (base: Base, edits: Edits = {}) => namespaceQuota(environment(base, edits));
const plus = (base: Base, { milliCpu = 0, memory = 0, pods = 0, volumes = 0 }) => {
  const own = quota(base);
  return { milliCpu: own.milliCpu + milliCpu, memory: own.memory + memory, pods: own.pods + pods, volumes: own.volumes + volumes };
};
const IN_CLUSTER_DATABASE = { database: "in-cluster", "data.rds": GONE };
const ML = "services.ml";

describe("the quota of the services' namespace", () => {
  // ml 2 cores, 4096 MiB; data 1 core, 2048 MiB; scheduler half a core, 1024 MiB, recreated; the test's pod 50m, 64 MiB.
  it.each([
    // One of each, and two of ml and data that come and go, the least size of Fargate each: 7 × 250 + 50; 7 × 512 + 64; 3 + 3 + 1 + 1.
    ["dev", { milliCpu: 1800, memory: 3648, pods: 8, volumes: 0 }],
    // 20 of ml and data at the most, and two that come and go: 22 × 2000 + 22 × 1000 + 500 + 50; 22 × 4096 + 22 × 2048 + 1024 + 64; 22 + 22 + 1 + 1.
    ["staging", { milliCpu: 66_550, memory: 136_256, pods: 46, volumes: 0 }],
    ["prod", { milliCpu: 66_550, memory: 136_256, pods: 46, volumes: 0 }],
  ] as const)("of %s is what its services need at their most", (base, expected) => expect(quota(base)).toEqual(expected));

  it.each<[string, Edits, Parameters<typeof plus>[1]]>([
    // Three instances and a job, 1000m and 2048 MiB each.
    ["an in-cluster database", IN_CLUSTER_DATABASE, { milliCpu: 4000, memory: 8192, pods: 4, volumes: 3 }],
    [
      "an in-cluster database of one",
      { ...IN_CLUSTER_DATABASE, "cluster.kubernetes.database.instances": 1 },
      { milliCpu: 2000, memory: 4096, pods: 2, volumes: 1 },
    ],
    ["an in-cluster cache", { servicesCache: "in-cluster" }, { milliCpu: 250, memory: 1024, pods: 1, volumes: 1 }],
    ["both", { ...IN_CLUSTER_DATABASE, servicesCache: "in-cluster" }, { milliCpu: 4250, memory: 9216, pods: 5, volumes: 4 }],
    ["five more of ml", { [`${ML}.scaling.max`]: 25 }, { milliCpu: 10_000, memory: 20_480, pods: 5 }],
    ["twice as much for each of ml", { [`${ML}.cpu`]: 4096, [`${ML}.memory`]: 8192 }, { milliCpu: 22 * 2000, memory: 22 * 4096 }],
    [
      "ml five times and no more",
      { [`${ML}.scaling`]: GONE, [`${ML}.replicas`]: 5 },
      { milliCpu: -15 * 2000, memory: -15 * 4096, pods: -15 },
    ],
    ["ml paused", { [`${ML}.scaling`]: GONE, [`${ML}.replicas`]: 0 }, { milliCpu: -20 * 2000, memory: -20 * 4096, pods: -20 }],
    ["the scheduler paused", { "services.scheduler.replicas": 0 }, { milliCpu: -500, memory: -1024, pods: -1 }],
    ["the scheduler rolling", { "services.scheduler.strategy": "rolling" }, { milliCpu: 1000, memory: 2048, pods: 2 }],
    // Nothing of it stands in the namespace.
    ["monitoring, KEDA and RDS", { "cluster.kubernetes.monitoring": {}, "cluster.kubernetes.keda": true }, {}],
  ])("with %s", (_, edits, difference) => expect(quota("prod", edits)).toEqual(plus("prod", difference)));

  it("counts CPU units as thousandths of a core", () => {
    // 256 CPU units more are 250m more.
    expect(quota("dev", { "services.scheduler.cpu": 512, "services.scheduler.memory": 1024 })).toEqual(
      plus("dev", { milliCpu: 250, memory: 512 }),
    );
  });
});
