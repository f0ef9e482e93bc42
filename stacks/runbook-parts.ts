/** What the runbooks of an environment act upon, out of its stacks. */
import { HOST_TAG, hostNames, SWITCH_PARTITION } from "../constructs/hosts/host-names";
import type { HostAction } from "../constructs/identity/github-names";
import { Queue } from "../constructs/messaging/queue";
import type { Parts } from "../constructs/runbooks/catalogue";
import type { KillSwitch } from "../constructs/runbooks/catalogue/kill-switch";
import type { RestoredBuckets } from "../constructs/runbooks/catalogue/objects-restore";
import type { DeadLetters } from "../constructs/runbooks/catalogue/queue-redrive";
import type { RecoveryTested } from "../constructs/runbooks/catalogue/recovery-test";
import { granted } from "../constructs/runbooks/rights";
import type { Environment } from "../environments/schema";
import type { DataStack } from "./data";
import type { EventsStack } from "./events";
import type { TradingStack } from "./trading";

interface Stacks {
  readonly data: DataStack;
  readonly events: EventsStack;
  readonly trading: TradingStack;
}

/** All but the documents that runbooks send, which are made with them. */
export function runbookParts(environment: Environment, { data, events, trading }: Stacks): Omit<Parts, "sent"> {
  const { account, name, region } = environment;
  return {
    account,
    environment: name,
    region,
    deadLetters: deadLetters(environment, events),
    table: { name: environment.data.table.name, arn: data.orderState.arn },
    buckets: restoredBuckets(environment, data),
    killSwitch: killSwitch(environment, data, trading),
    stop: trading.stopDocument,
    recoveryTested: recoveryTested(environment, data, trading),
  };
}

/** Of queues only: SQS moves back nothing that a function or a topic could not deliver. */
function deadLetters({ events: literal }: Environment, events: EventsStack): DeadLetters {
  const { alertProcessingQueue, notificationQueue, orderQueue, queues } = literal;
  const made = events.node.findAll().filter((node) => node instanceof Queue);
  // Whatever their order in the literal.
  made.sort((a, b) => (a.node.path < b.node.path ? -1 : 1));
  return {
    names: [orderQueue, notificationQueue, ...(alertProcessingQueue ? [alertProcessingQueue] : []), ...Object.values(queues)]
      .map(({ deadLetter }) => deadLetter.name)
      .sort(),
    arns: made.map(({ deadLetterArn }) => deadLetterArn),
    sources: made.map(({ arn }) => arn),
  };
}

/** Those of trading, with their physical names, which are plain values. */
const tradingBuckets = ({ data: { buckets } }: Environment, { backtestResults, processedMarketData, rawMarketData }: DataStack) =>
  [
    [buckets.rawMarketData.name, rawMarketData],
    [buckets.processedMarketData.name, processedMarketData],
    [buckets.backtestResults.name, backtestResults],
  ] as const;

function restoredBuckets(environment: Environment, data: DataStack): RestoredBuckets {
  const buckets = tradingBuckets(environment, data);
  return {
    names: buckets.map(([name]) => name),
    arns: buckets.map(([, { arn }]) => arn),
    keys: granted((grantee) => {
      for (const [, { key }] of buckets) key?.grantEncryptDecrypt(grantee);
    }),
  };
}

function killSwitch(environment: Environment, data: DataStack, trading: TradingStack): KillSwitch {
  const item = (access: "read" | "write") => granted((grantee) => data.orderState.grantPartition(grantee, SWITCH_PARTITION, access));
  const tell = (action: HostAction) => granted((grantee) => trading.grantTell(grantee, action));
  return {
    table: environment.data.table.name,
    hosts: hostNames(environment),
    item: { read: item("read"), write: item("write") },
    tell: { stop: tell("stop"), ready: tell("ready"), status: tell("status") },
  };
}

/** @returns undefined where recovery is not tested */
function recoveryTested(environment: Environment, data: DataStack, trading: TradingStack): RecoveryTested | undefined {
  const test = environment.backup?.recoveryTest;
  if (!test) return undefined;
  const { role, subnetId, templateArn, templateId } = trading.recovery!;
  return {
    nameSuffix: environment.nameSuffix,
    table: { name: environment.data.table.name, arn: data.orderState.arn },
    buckets: tradingBuckets(environment, data).map(([name, { arn }]) => ({ name, arn })),
    reports: { name: test.bucketName, arn: data.recoveryTests!.arn },
    host: {
      tag: [HOST_TAG, hostNames(environment).windows],
      templateId,
      templateArn,
      roleArn: role.arn,
      subnetId,
      imageParameterArn: imageParameterArn(environment),
    },
  };
}

/** AWS's own parameters are of no account. */
function imageParameterArn({ account, region, windows: { image } }: Environment): string | undefined {
  if (!("ssmParameter" in image)) return undefined;
  const { ssmParameter: path } = image;
  return `arn:aws:ssm:${region}:${path.startsWith("/aws/") ? "" : account}:parameter${path}`;
}
