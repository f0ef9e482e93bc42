/** What stacks import is made beforehand in a rehearsal. */
import { makeExisting, makeZones } from "../../rehearsal/existing";

const calls: unknown[] = [];
const emulator = {
  createBucket: async (...args: unknown[]) => {
    calls.push(["bucket", ...args]);
  },
  createTable: async (...args: unknown[]) => {
    calls.push(["table", ...args]);
  },
};
beforeEach(() => {
  calls.length = 0;
});

it("makes buckets, and tables with the keys that the stack gives them", async () => {
  const data = {
    import: [
      { to: "aws_s3_bucket.raw", id: "raw-data" },
      { to: "aws_dynamodb_table.orders", id: "orders" },
    ],
    resource: { aws_s3_bucket: { raw: {}, other: {} }, aws_dynamodb_table: { orders: { hash_key: "pk", range_key: "sk" } } },
  };
  expect(await makeExisting(emulator, [{ resource: {} }, data], "ap-northeast-1")).toEqual([
    "aws_s3_bucket.raw",
    "aws_dynamodb_table.orders",
  ]);
  expect(calls).toEqual([
    ["bucket", "raw-data", "ap-northeast-1"],
    ["table", "orders", { hash: "pk", range: "sk" }, "ap-northeast-1"],
  ]);
});

it("makes nothing where nothing is imported, and says what it cannot make", async () => {
  expect(await makeExisting(emulator, [{}], "ap-northeast-1")).toEqual([]);
  expect(calls).toEqual([]);
  await expect(makeExisting(emulator, [{ import: [{ to: "aws_sqs_queue.orders", id: "https://q" }] }], "ap-northeast-1")).rejects.toThrow(
    "aws_sqs_queue.orders imports https://q",
  );
});

it("makes each zone that stacks look up, once", async () => {
  const zone = (name: string) => ({ data: { aws_route53_zone: { zone: { name } } } });
  const createZone = async (name: string) => `Z-${name}`;
  expect(await makeZones({ createZone }, [{}, zone("example.com"), zone("example.com"), zone("example.jp")])).toEqual([
    "Z-example.com",
    "Z-example.jp",
  ]);
});
