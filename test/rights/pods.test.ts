/**
 * What prod's pods may and may not do, proven: their roles with trust and policies as synthesised, on an emulator that enforces IAM.
 *
 * The emulator takes the account's root for a service, so here it is EKS: it names a pod's cluster, namespace and account in the
 * session's tags, as Pod Identity does. Whether EKS says the truth of a pod is EKS's affair. The emulator asks for the creation of a load
 * balancer on `*`, where AWS asks on its ARN to be, and knows no `CreateAction`: what the controller may make, and under which tag, is held
 * word for word in test/constructs/kubernetes-cluster.test.ts.
 */
import { statementsOf } from "../../commands/pages/rights-table";
import { replaceReferences, type StacksByName } from "../../terraform/references";
import { environment } from "../environments/edits";
import { synthEnvironments, type Block } from "../helpers/synth";
import { get, publish, put, thingsOf, type Acts } from "./acts";
import { IamEmulator, Refused, type Call, type Credentials } from "./emulator";

const prod = environment("prod", { "services.ml.secrets": { MT5_LOGIN: { secret: "mt5", key: "login" } } });
const { account, cluster, region } = prod;
const stacks = synthEnvironments({ environments: [prod], target: { kind: "aws" } }) as StacksByName;
const services = stacks["prod-services"]!;

const { alerts, backtest, events, processed, raw, readOrder, readSecret, writeOrder } = thingsOf(prod, stacks);
/** Of the cluster that its tag names; made by the administrator. */
async function newGroup(tag?: string): Promise<{ readonly TargetGroupArn: string }> {
  const { TargetGroups: groups } = await administrator("elbv2", "create_target_group", {
    Name: `own-${Math.random().toString(36).slice(2, 10)}`,
    Protocol: "HTTP",
    Port: 8000,
    VpcId: "vpc-1",
    TargetType: "ip",
    ...(tag && { Tags: [{ Key: "elbv2.k8s.aws/cluster", Value: tag }] }),
  });
  return { TargetGroupArn: (groups as { TargetGroupArn: string }[])[0]!.TargetGroupArn };
}
const changeGroup = (tag?: string) => async (call: Call) =>
  call("elbv2", "modify_target_group", { ...(await newGroup(tag)), HealthCheckPath: "/ready" });
const deleteGroup = (tag?: string) => async (call: Call) => call("elbv2", "delete_target_group", await newGroup(tag));

const logGroup = (log: string) => `/aws/eks/${cluster.name}/${log}`;
const write = (log: string) => async (call: Call) => {
  const stream = { logGroupName: logGroup(log), logStreamName: Math.random().toString(36).slice(2, 10) };
  await call("logs", "create_log_stream", stream);
  await call("logs", "put_log_events", { ...stream, logEvents: [{ timestamp: Date.now(), message: "1" }] });
};

interface PodCase {
  /** Begins the role's address. */
  readonly role: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly can: Acts;
  readonly cannot: Acts;
}
const { namespace } = cluster.kubernetes;
const PODS: Readonly<Record<string, PodCase>> = {
  ml: {
    role: "service-ml_pods",
    namespace,
    serviceAccount: "day-trade-ml-ml",
    can: {
      "read cleansed data": get(processed),
      "read a report": get(backtest),
      "write a report": put(backtest),
      "read an order": readOrder,
    },
    cannot: {
      "write cleansed data": put(processed),
      "read raw data": get(raw),
      "write an order": writeOrder,
      "publish an event": publish(events),
      "publish an alert": publish(alerts),
      "read the secret that External Secrets hands it": readSecret,
      "delete a report": (call) => call("s3", "delete_object", { Bucket: backtest, Key: "nothing" }),
      "delete a load balancer's group": deleteGroup(cluster.name),
    },
  },
  data: {
    role: "service-data_pods",
    namespace,
    serviceAccount: "day-trade-ml-data",
    can: { "write raw data": put(raw), "write cleansed data": put(processed) },
    cannot: { "read a report": get(backtest), "read an order": readOrder, "read a secret": readSecret },
  },
  scheduler: {
    role: "service-scheduler_pods",
    namespace,
    serviceAccount: "day-trade-ml-scheduler",
    can: { "publish an event": publish(events) },
    cannot: {
      "publish an alert": publish(alerts),
      "read raw data": get(raw),
      "write a report": put(backtest),
      "read an order": readOrder,
      "read a secret": readSecret,
    },
  },
  "External Secrets": {
    role: "external-secrets",
    namespace: "external-secrets",
    serviceAccount: "external-secrets",
    can: { "read the secret of a service": readSecret },
    cannot: { "read raw data": get(raw), "read an order": readOrder, "publish an alert": publish(alerts) },
  },
  Alertmanager: {
    role: "alertmanager",
    namespace: "monitoring",
    serviceAccount: "kube-prometheus-stack-alertmanager",
    can: {
      "publish an alert": publish(alerts),
      "say that it is alive": publish(`arn:aws:sns:${region}:${account}:${cluster.name}-watchdog`),
    },
    cannot: { "publish an event": publish(events), "read a secret": readSecret },
  },
  "Fluent Bit": {
    role: "fluent-bit",
    namespace: "logging",
    serviceAccount: "fluent-bit",
    can: { "write what a service prints": write("pods/ml") },
    cannot: {
      "write to the log of the cluster": write("cluster"),
      "make a log": (call) => call("logs", "create_log_group", { logGroupName: logGroup("others") }),
      "read a log": (call) => call("logs", "get_log_events", { logGroupName: logGroup("pods/ml"), logStreamName: "there" }),
      "publish an alert": publish(alerts),
    },
  },
  "the load balancer controller": {
    role: "load-balancer-controller",
    namespace: "kube-system",
    serviceAccount: "aws-load-balancer-controller",
    can: {
      "look at load balancers": (call) => call("elbv2", "describe_load_balancers", {}),
      "change a group of its cluster": changeGroup(cluster.name),
      "delete a group of its cluster": deleteGroup(cluster.name),
    },
    cannot: {
      "change a group without its cluster's tag": changeGroup(),
      "delete a group without its cluster's tag": deleteGroup(),
      "delete a group of another cluster": deleteGroup("other"),
      "read a secret": readSecret,
      "read raw data": get(raw),
    },
  },
};

let emulator: IamEmulator;
let administrator: Call;
const arnOf = new Map<string, string>();
const calls = new Map<string, Call>();

/** Makes what prod has, as far as pods are concerned: its ARNs, by address. */
async function makeWorld(): Promise<ReadonlyMap<string, string>> {
  const arns = new Map<string, string>();
  const each = async (type: string, make: (block: Block, id: string) => Promise<string>) => {
    for (const [stack, { resource }] of Object.entries(stacks))
      for (const [id, block] of Object.entries(resource?.[type] ?? {})) arns.set(`${stack}/${type}.${id}`, await make(block, id));
  };
  await each("aws_s3_bucket", async ({ bucket: Bucket }) => {
    await administrator("s3", "create_bucket", { Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    await administrator("s3", "put_object", { Bucket, Key: "there", Body: "1" });
    return `arn:aws:s3:::${String(Bucket)}`;
  });
  await each("aws_dynamodb_table", async ({ name: TableName }) => {
    const keys = [
      ["pk", "HASH"],
      ["sk", "RANGE"],
    ] as const;
    const made = await administrator("dynamodb", "create_table", {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
      AttributeDefinitions: keys.map(([AttributeName]) => ({ AttributeName, AttributeType: "S" })),
    });
    return String((made.TableDescription as Block).TableArn);
  });
  await each("aws_secretsmanager_secret", async ({ name: Name }) =>
    String((await administrator("secretsmanager", "create_secret", { Name, SecretString: "{}" })).ARN),
  );
  await each("aws_sns_topic", async ({ name: Name }) => String((await administrator("sns", "create_topic", { Name })).TopicArn));
  await each("aws_cloudwatch_log_group", async ({ name: logGroupName }) => {
    await administrator("logs", "create_log_group", { logGroupName });
    await administrator("logs", "create_log_stream", { logGroupName, logStreamName: "there" });
    return `arn:aws:logs:${region}:${account}:log-group:${String(logGroupName)}`;
  });
  // Of these nothing is asked.
  await each("aws_kms_key", (_, id) => Promise.resolve(`arn:aws:kms:${region}:${account}:key/${id}`));
  return arns;
}

const tagsOf = ({ namespace: own, serviceAccount }: Pick<PodCase, "namespace" | "serviceAccount">, of: string = cluster.name) => ({
  "eks-cluster-name": of,
  "kubernetes-namespace": own,
  "kubernetes-service-account": serviceAccount,
});
const assume = (who: string, tags: Readonly<Record<string, string>>) =>
  administrator("sts", "assume_role", {
    RoleArn: arnOf.get(who),
    RoleSessionName: "pod",
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });

beforeAll(async () => {
  emulator = await IamEmulator.start({ account, region });
  administrator = emulator.as();
  const arns = await makeWorld();
  for (const [who, pod] of Object.entries(PODS)) {
    const [id, role] = Object.entries(services.resource!.aws_iam_role!).find(([address]) => address.startsWith(`${pod.role}_role_`))!;
    const resolved = (text: string) =>
      replaceReferences(text, stacks, "prod-services", ({ stack, type, id: made, attribute, block }) => {
        const found =
          attribute === "arn"
            ? arns.get(`${stack}/${type}.${made}`)
            : attribute === "name"
              ? String(block.name)
              : attribute === "resource_id"
                ? "db-1"
                : undefined;
        if (!found) throw new Error(`nothing was made for ${stack}/${type}.${made}.${attribute}`);
        return found;
      });
    const made = await administrator("iam", "create_role", {
      RoleName: role.name,
      Path: role.path,
      AssumeRolePolicyDocument: resolved(String(role.assume_role_policy)),
    });
    await administrator("iam", "put_role_policy", {
      RoleName: role.name,
      PolicyName: "grants",
      PolicyDocument: resolved(JSON.stringify({ Version: "2012-10-17", Statement: statementsOf(stacks, "prod-services", id) })),
    });
    arnOf.set(who, (made.Role as { Arn: string }).Arn);
    const { Credentials: credentials } = await assume(who, tagsOf(pod));
    calls.set(who, emulator.as(credentials as Credentials));
  }
}, 300_000);

afterAll(() => emulator?.stop());

describe.each(Object.entries(PODS))("the role of %s, on an emulator that enforces IAM", (who, pod) => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ["another namespace", tagsOf({ ...pod, namespace: "default" })],
    ["another service account", tagsOf({ ...pod, serviceAccount: "default" })],
    ["another cluster", tagsOf(pod, "other")],
    ["nobody knows where", {}],
  ])("is not taken by pods of %s", async (_, tags) => {
    await expect(assume(who, tags)).rejects.toThrow("is not authorized to perform: sts:AssumeRole");
  });

  it.each(Object.entries(pod.can))("can %s", async (_, act) => {
    await act(calls.get(who)!);
  });

  it.each(Object.entries(pod.cannot))("may not %s", async (_, act) => {
    const error = await act(calls.get(who)!).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Refused);
    expect((error as Refused).detail).toMatch(/^User: \S+ is not authorized to perform: \S+ .*no identity-based policy allows/);
    // So that it was refused for nothing but the want of a right.
    await act(administrator);
  });
});
