/**
 * What the container services may and may not do, proven: their roles with the policies as synthesised, on an emulator that enforces IAM.
 *
 * Of dev, with one secret for ml. What the trading hosts may do is in hosts.test.ts; that each right of docs/rights.md is a grant of the
 * literal, and no more, is in test/stacks/services.test.ts.
 */
import { statementsOf } from "../../commands/pages/rights-table";
import { replaceReferences, type StacksByName } from "../../terraform/references";
import { environment } from "../environments/edits";
import { synthEnvironments } from "../helpers/synth";
import { get, publish, put, thingsOf, type Acts } from "./acts";
import { IamEmulator, Refused, type Call, type Credentials } from "./emulator";
import { makeWorld } from "./world";

const dev = environment("dev", { "services.ml.secrets": { MT5_LOGIN: { secret: "mt5", key: "login" } } });
const { account, region } = dev;
const stacks = synthEnvironments({ environments: [dev], target: { kind: "aws" } }) as StacksByName;
const services = stacks["dev-services"]!;

const { alerts, backtest, events, name, processed, raw, readOrder, readSecret, writeOrder } = thingsOf(dev, stacks);
const [mlLog, dataLog] = ["ml", "data"].map((service) => name("services", "aws_cloudwatch_log_group", `service-${service}_log`)) as [
  string,
  string,
];

const log = (logGroupName: string) => async (call: Call) => {
  const logStreamName = `own-${Math.random()}`;
  await call("logs", "create_log_stream", { logGroupName, logStreamName });
  await call("logs", "put_log_events", { logGroupName, logStreamName, logEvents: [{ timestamp: Date.now(), message: "1" }] });
};

/** Of each role: what it can, and what it may not. */
const ROLES: Readonly<Record<string, { readonly can: Acts; readonly cannot: Acts }>> = {
  "ml task": {
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
      "read the secret that ECS hands it": readSecret,
      "write to its log past ECS": log(mlLog),
      "delete a report": (call) => call("s3", "delete_object", { Bucket: backtest, Key: "nothing" }),
    },
  },
  "ml execution": {
    can: { "read the secret of its service": readSecret, "write the service's log": log(mlLog) },
    cannot: { "write another service's log": log(dataLog), "read cleansed data": get(processed), "read an order": readOrder },
  },
  "data task": {
    can: { "write raw data": put(raw), "write cleansed data": put(processed) },
    cannot: { "read a report": get(backtest), "read an order": readOrder, "read a secret": readSecret },
  },
  "data execution": {
    can: { "write the service's log": log(dataLog) },
    cannot: { "read the secret of another service": readSecret, "write another service's log": log(mlLog) },
  },
  "scheduler task": {
    can: { "publish an event": publish(events) },
    cannot: {
      "publish an alert": publish(alerts),
      "read raw data": get(raw),
      "write a report": put(backtest),
      "read an order": readOrder,
      "read a secret": readSecret,
    },
  },
};

let emulator: IamEmulator;
let administrator: Call;
const roles = new Map<string, Call>();

beforeAll(async () => {
  emulator = await IamEmulator.start({ account, region });
  administrator = emulator.as();
  const arns = await makeWorld(administrator, dev, stacks);
  for (const key of Object.keys(ROLES)) {
    const [service, kind] = key.split(" ") as [string, string];
    const [id, role] = Object.entries(services.resource!.aws_iam_role!).find(([address]) =>
      address.startsWith(`service-${service}_identity_${kind}-role_`),
    )!;
    const policy = replaceReferences(
      JSON.stringify({ Version: "2012-10-17", Statement: statementsOf(stacks, "dev-services", id) }),
      stacks,
      "dev-services",
      ({ stack, type, id: made, attribute }) => {
        const found = attribute === "arn" ? arns.get(`${stack}/${type}.${made}`) : undefined;
        if (!found) throw new Error(`nothing was made for ${stack}/${type}.${made}.${attribute}`);
        return found;
      },
    );
    const made = await administrator("iam", "create_role", {
      RoleName: role.name,
      Path: role.path,
      AssumeRolePolicyDocument: role.assume_role_policy,
    });
    await administrator("iam", "put_role_policy", { RoleName: role.name, PolicyName: "grants", PolicyDocument: policy });
    const assume = () => administrator("sts", "assume_role", { RoleArn: (made.Role as { Arn: string }).Arn, RoleSessionName: "task" });
    // The trust asks for what ECS says of the task it starts. Nobody else can say it, so the role is taken without that.
    await expect(assume()).rejects.toThrow("is not authorized to perform: sts:AssumeRole");
    const trust = JSON.parse(String(role.assume_role_policy)) as { Statement: { Condition?: unknown }[] };
    for (const statement of trust.Statement) delete statement.Condition;
    await administrator("iam", "update_assume_role_policy", { RoleName: role.name, PolicyDocument: JSON.stringify(trust) });
    const { Credentials: credentials } = await assume();
    roles.set(key, emulator.as(credentials as Credentials));
  }
}, 300_000);

afterAll(() => emulator?.stop());

describe.each(Object.entries(ROLES))("the %s role of dev, on an emulator that enforces IAM", (role, { can, cannot }) => {
  it.each(Object.entries(can))("can %s", async (_, act) => {
    await act(roles.get(role)!);
  });

  it.each(Object.entries(cannot))("may not %s", async (_, act) => {
    const error = await act(roles.get(role)!).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Refused);
    expect((error as Refused).detail).toMatch(/^User: \S+ is not authorized to perform: \S+ .*no identity-based policy allows/);
    // So that it was refused for nothing but the want of a right.
    await act(administrator);
  });
});
