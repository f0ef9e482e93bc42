/** Rules of copies of the web application's database for long keeping (OPS-025, C-33). */
import type { Rule } from "./finding";

/** Of a repository's tag: `15` of `…/postgres:15.4-alpine@sha256:…`; undefined where the image has none that begins with a number. */
const majorOf = (image: string): number | undefined => {
  const [, major] = /:(\d+)[^/@]*@/.exec(image) ?? [];
  return major === undefined ? undefined : Number(major);
};

export const LONG_KEEPING_RULES: readonly Rule[] = [
  {
    name: "copies for long keeping have a machine that makes them and a bucket",
    reads: ["web"],
    check: ({ web }) => {
      if (!web?.database?.longKeeping) return [];
      const why = "because web.database.longKeeping is there";
      return [
        ...(web.backend ? [] : [{ path: "web.backend", value: undefined, allowed: `an object, ${why}: its machine makes the copies` }]),
        ...(web.backupBucket ? [] : [{ path: "web.backupBucket", value: undefined, allowed: `an object, ${why}: they are kept there` }]),
      ];
    },
  },
  {
    // https://www.postgresql.org/docs/current/app-pgdump.html
    name: "a database is copied by a PostgreSQL that is as new",
    reads: ["web"],
    check: ({ web }) => {
      const { engineVersion, longKeeping } = web?.database ?? {};
      if (!longKeeping || (majorOf(longKeeping.image) ?? 0) >= Number(engineVersion)) return [];
      return [
        {
          path: "web.database.longKeeping.image",
          value: longKeeping.image,
          allowed: `an image whose tag begins with ${engineVersion} or more, which is web.database.engineVersion: pg_dump refuses a newer server`,
        },
      ];
    },
  },
];
