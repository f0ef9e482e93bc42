import type { Inventory } from "./emulator";

/** What an inventory holds beside some buckets, as lines such as `sqs ap-northeast-1 queues: orders`. */
export function left(inventory: Inventory, exceptBuckets: readonly string[]): string[] {
  return Object.entries(inventory).flatMap(([service, regions]) =>
    Object.entries(regions).flatMap(([region, collections]) =>
      Object.entries(collections).flatMap(([collection, keys]) =>
        keys.filter((key) => !(service === "s3" && exceptBuckets.includes(key))).map((key) => `${service} ${region} ${collection}: ${key}`),
      ),
    ),
  );
}
