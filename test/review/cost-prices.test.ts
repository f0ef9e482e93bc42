/** The price table: every price has a source with a date, and none is made up. */
import { dollarsFor, OSAKA, PRICES, PRICES_OF, SOURCES, TOKYO } from "../../environments/facts/prices";

const DAY = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const known = Object.entries(PRICES).flatMap(([item, { unit, regions }]) =>
  Object.entries(regions).flatMap(([region, price]) => (price === "unknown" ? [] : [{ item, unit, region, ...price }])),
);

it.each(known.map((price) => [price.item, price.region, price] as const))(
  "%s in %s is above 0 and names its source",
  (_, region, { dollars, source, unit }) => {
    expect(dollars).toBeGreaterThan(0);
    expect(Number.isFinite(dollars)).toBe(true);
    expect(unit).not.toBe("");
    expect([TOKYO, OSAKA]).toContain(region);
    expect(Object.keys(SOURCES)).toContain(source);
  },
);

it.each(Object.entries(SOURCES))(
  "source %s has an address, words and a day that is not after the table's",
  (_, { address, what, date }) => {
    expect(address).toMatch(/^https:\/\/[^\s]+$/);
    expect(what.length).toBeGreaterThan(20);
    expect(date).toMatch(DAY);
    expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
    expect(date <= PRICES_OF).toBe(true);
  },
);

it("uses every source", () => expect([...new Set(known.map(({ source }) => source))].sort()).toEqual(Object.keys(SOURCES).sort()));
it("is dated", () => expect(PRICES_OF).toMatch(DAY));

it("knows a price by item and region, and no other region's", () => {
  expect(dollarsFor("ec2.t3.small", TOKYO)).toBe(0.0272);
  expect(dollarsFor("ec2.t4g.small", OSAKA)).toBe(0.0218);
  expect(dollarsFor("nat.hour", OSAKA)).toBeUndefined();
  expect(dollarsFor("nat.hour", "us-east-1")).toBeUndefined();
  expect(dollarsFor("rds.gp3", TOKYO)).toBe(0.138);
  expect(dollarsFor("rds.postgres.db.t3.medium", TOKYO)).toBeUndefined();
  expect(dollarsFor("no such item", TOKYO)).toBeUndefined();
});
