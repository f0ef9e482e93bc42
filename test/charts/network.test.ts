/** Who may talk to whom, worked out from the rendered policies. */
import { describeWithHelm, namespace, names, release, render, valuesFiles, type ValuesFile } from "./helm";
import { mayTalk, type Party } from "./policies";

const pod = (component: string, of = release): Party => ({
  labels: { "app.kubernetes.io/name": "day-trade-ml", "app.kubernetes.io/instance": of, "app.kubernetes.io/component": component },
});
const dns: Party = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };
const prometheus: Party = { namespace: "monitoring", labels: { "app.kubernetes.io/name": "prometheus" } };
const stranger: Party = { labels: { app: "stranger" } };
const otherRelease = pod("ml", "other");

/** In the order of the columns: who is asked. */
const services = ["data", "ml", "scheduler"];
const loadBalancers: Readonly<Record<ValuesFile, string>> = {
  development: "172.31.5.5",
  staging: "10.0.1.20",
  production: "10.0.4.20",
  azure: "10.1.0.9",
};
const backends: Readonly<
  Record<ValuesFile, { readonly inside: string; readonly outside: string; readonly cache: number; readonly database: number }>
> = {
  development: { inside: "172.31.7.7", outside: "10.0.3.9", cache: 6379, database: 5432 },
  staging: { inside: "10.0.3.9", outside: "10.0.10.9", cache: 6379, database: 5432 },
  production: { inside: "10.0.6.9", outside: "10.0.10.9", cache: 6379, database: 5432 },
  azure: { inside: "10.1.2.9", outside: "10.1.1.9", cache: 10_000, database: 1433 },
};

describeWithHelm("the network", () => {
  describe.each(valuesFiles)("%s", (file) => {
    const manifests = render(file);
    const large = file !== "development";
    // Nothing of Azure's cluster scrapes the services (docs/azure.md).
    const isScraped = large && file !== "azure";
    const may = (from: Party, to: Party, port: number, protocol?: string) => mayTalk(manifests, namespace, from, to, port, protocol);
    const reached = (from: Party, port = 8000) => services.filter((service) => may(from, pod(service), port)).join(" ");

    it("lets callers reach only what they call", () => {
      expect({
        data: reached(pod("data")),
        ml: reached(pod("ml")),
        scheduler: reached(pod("scheduler")),
        test: reached(pod("test")),
        stranger: reached(stranger),
        otherRelease: reached(otherRelease),
        dns: reached(dns),
        prometheus: reached(prometheus),
        sameLabelsElsewhere: reached({ ...pod("scheduler"), namespace: "elsewhere" }),
        loadBalancer: reached({ address: loadBalancers[file] }),
        internet: reached({ address: "198.51.100.7" }),
      }).toEqual({
        data: "",
        ml: "data",
        scheduler: "data ml",
        test: "data ml scheduler",
        stranger: "",
        otherRelease: "",
        dns: "",
        prometheus: isScraped ? "data ml scheduler" : "",
        sameLabelsElsewhere: "",
        loadBalancer: "data ml",
        internet: "",
      });
    });

    it("says so on each side by itself", () => {
      const others = [...services, "test"];
      const only = (component: string) =>
        manifests.filter(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === `${release}-${component}`);
      const callersOf = (service: string) =>
        others.filter((other) => mayTalk(only(service), namespace, pod(other), pod(service), 8000)).join(" ");
      const calleesOf = (component: string) =>
        services.filter((other) => mayTalk(only(component), namespace, pod(component), pod(other), 8000)).join(" ");
      expect(services.map(callersOf)).toEqual(["ml scheduler test", "scheduler test", "test"]);
      expect(others.map(calleesOf)).toEqual(["", "data", "data ml", "data ml scheduler"]);
    });

    it("opens no other port", () => {
      for (const from of [...services, "test"].map((service) => pod(service)).concat(prometheus, { address: loadBalancers[file] }))
        for (const port of [22, 80, 443, 8001]) expect(reached(from, port)).toBe("");
    });

    it("lets services reach DNS and HTTPS, and nothing else outside", () => {
      for (const service of services) {
        const from = pod(service);
        const outside = (address: string, port: number) => may(from, { address }, port);
        expect([
          may(from, dns, 53, "UDP"),
          may(from, dns, 53),
          may(from, dns, 8000),
          may(from, { ...dns, namespace: "elsewhere" }, 53),
        ]).toEqual([true, true, false, false]);
        expect([443, 80, 22, 25, 8000].map((port) => outside("198.51.100.7", port))).toEqual([true, false, false, false, false]);
        // What a machine tells of itself, its role's credentials included.
        expect([80, 443].map((port) => outside("169.254.169.254", port))).toEqual([false, false]);
        expect(may(from, stranger, 8000)).toBe(false);
      }
      expect([443, 53].map((port) => may(pod("test"), { address: "198.51.100.7" }, port))).toEqual([false, false]);
    });

    it("lets services reach the backends that they are granted, where those are", () => {
      const { inside, outside, cache, database } = backends[file];
      const reach = (address: string, port: number) => services.filter((service) => may(pod(service), { address }, port)).join(" ");
      expect([reach(inside, cache), reach(inside, database)]).toEqual(["data ml", large ? "data ml scheduler" : ""]);
      expect([reach(outside, cache), reach(outside, database)]).toEqual(["", ""]);
    });

    it("has a policy for every pod of the release", () => {
      expect(names(manifests, "NetworkPolicy")).toContain(release);
      for (const component of [...services, "test", "anything-else"]) expect(may(stranger, pod(component), 8000)).toBe(false);
      expect(may(pod("anything-else"), { address: "198.51.100.7" }, 443)).toBe(false);
    });
  });

  it("opens what the values say in addition", () => {
    const manifests = render(undefined, {
      services: { data: { ports: { grpc: 50051 } } },
      networkPolicy: { dnsCidrs: ["169.254.20.10/32"], egress: [{ cidr: "169.254.170.23/32", port: 80 }] },
      backends: { cache: { host: "cache.valkey", namespace: "valkey" } },
    });
    const may = (from: Party, to: Party, port: number, protocol?: string) => mayTalk(manifests, namespace, from, to, port, protocol);
    expect([may(pod("ml"), pod("data"), 50051), may(pod("data"), pod("ml"), 50051), may(prometheus, pod("data"), 50051)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([may(pod("ml"), { address: "169.254.20.10" }, 53, "UDP"), may(pod("ml"), { address: "169.254.170.23" }, 80)]).toEqual([
      true,
      true,
    ]);
    const valkey: Party = { namespace: "valkey", labels: { app: "valkey" } };
    expect([may(pod("ml"), valkey, 6379), may(pod("scheduler"), valkey, 6379), may(pod("ml"), valkey, 22)]).toEqual([true, false, false]);
  });
});
