/** What RDS offers a PostgreSQL database to run on, as far as this project knows it. */

/** GiB of memory by size. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
const BURSTABLE = { micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, "2xlarge": 32 };
const GENERAL = { large: 8, xlarge: 16, "2xlarge": 32, "4xlarge": 64 };
const MEMORY = { large: 16, xlarge: 32, "2xlarge": 64, "4xlarge": 128 };
const FAMILIES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  t3: BURSTABLE,
  t4g: BURSTABLE,
  m6g: GENERAL,
  m6i: GENERAL,
  m7g: GENERAL,
  r6g: MEMORY,
  r6i: MEMORY,
  r7g: MEMORY,
};

/** Instance class → GiB of memory. */
const CLASSES: ReadonlyMap<string, number> = new Map(
  Object.entries(FAMILIES).flatMap(([family, sizes]) =>
    Object.entries(sizes).map(([size, gibibytes]) => [`db.${family}.${size}`, gibibytes]),
  ),
);

export const DATABASE_CLASSES: readonly string[] = [...CLASSES.keys()];
/** Family → sizes. */
export const DATABASE_CLASS_FAMILIES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(FAMILIES).map(([family, sizes]) => [`db.${family}`, Object.keys(sizes).join(" ")]),
);

/** PostgreSQL's default on RDS: LEAST({DBInstanceClassMemory/9531392}, 5000). https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections */
const BYTES_PER_CONNECTION = 9_531_392;
const MOST_CONNECTIONS = 5000;

/** Connections that a class takes. @throws Error for a class whose memory is not known here */
export function maxConnections(instanceClass: string): number {
  const gibibytes = CLASSES.get(instanceClass);
  if (gibibytes === undefined)
    throw new Error(`instance class ${JSON.stringify(instanceClass)}: its memory is not in environments/facts/database-classes.ts`);
  return Math.min(Math.floor((gibibytes * 2 ** 30) / BYTES_PER_CONNECTION), MOST_CONNECTIONS);
}
