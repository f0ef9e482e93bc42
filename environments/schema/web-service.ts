/** What a literal says of the web application's API in the tier `standard`: a service like the others, in a cluster of its own. Part of schema.ts. */
import type { z } from "zod";
import { integer, logRetentionDays, secretName, urlPath } from "./fields";
import { scaling, service, type Service } from "./services";

const percent = integer(1, 99, "percent");

/** API behind a load balancer that CloudFront alone reaches (CON-013, EDG-021); nothing calls it by name, and it calls nobody. */
export const webService = service
  .pick({
    image: true,
    architecture: true,
    cpu: true,
    memory: true,
    port: true,
    healthPath: true,
    readyPath: true,
    healthCommand: true,
    startSeconds: true,
    stopSeconds: true,
    replicas: true,
    spot: true,
    scratchGigabytes: true,
    environment: true,
  })
  .extend({
    /** As the machine of the small tiers is asked (schema/web.ts), so that one image serves every tier. */
    healthPath: urlPath.default("/api/health"),
    readyPath: urlPath.default("/api/health"),
    /** By its load; it works on no queue. Absent: `replicas`. */
    scaling: scaling.omit({ queue: true }).optional(),
    /** Where the database's address with user and password is: an entry of Secrets Manager that a person fills in (SEC-059). Present exactly where there is a database. */
    databaseSecret: secretName.optional(),
    logRetentionDays: logRetentionDays.default(30),
    /** Of the CPU and the memory, over all tasks: above what scaling holds, so that it has come to its end. */
    cpuAlarmPercent: percent.default(85),
    memoryAlarmPercent: percent.default(90),
  });
export type WebService = z.output<typeof webService>;

/** As any other service is described. */
export const describedService = (service: Omit<WebService, "databaseSecret">): Service => ({
  ...service,
  ports: {},
  strategy: "rolling",
  calls: [],
  secrets: {},
  grants: [],
});
