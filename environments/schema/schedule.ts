/** What a literal says of the hours at which it rests. Part of schema.ts. */
import { z } from "zod";
import { isDate, type Rest } from "../facts/rests";
import { weeklyCron } from "./fields";

const DATE = "a date of Tokyo such as 2027-01-04";
const date = z.string({ error: DATE }).refine(isDate, { error: DATE });

/** Both in UTC. */
const times = { stop: weeklyCron, start: weeklyCron };

/** When all that can be stopped is, and its alarms are quiet (OPS-034, CST-025, CON-015; docs/hosts.md says in which order). */
export const schedule = z.strictObject({
  ...times,
  /** Starts that would fall on them are left out. What is over should go: AWS may refuse to make a schedule that lies in the past. */
  holidays: z.array(date).max(20, { error: "a list of 20 at the most" }).default([]),
  /** Hours of their own for the services, which hold those of all else. */
  services: z.strictObject(times).optional(),
});
export type Schedule = z.output<typeof schedule>;

/** When the services rest; undefined where they never do. */
export const servicesRest = (own: Schedule | undefined): Rest | undefined => own && { ...own, ...own.services };
