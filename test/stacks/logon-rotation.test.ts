/** The rotation of the Windows logon's password, as it is synthesised (SEC-056). */
import { unzipSync } from "fflate";
import { readFileSync } from "node:fs";
import { functionCode } from "../../constructs/functions/function-code";
import { logonDocument } from "../../constructs/hosts/logon-rotation";
import { environment } from "../environments/edits";
import { policyOf, resourcesOf } from "../helpers/synth";
import { named, synthTrading } from "../helpers/trading";

const staging = synthTrading(environment("staging"));
const { trading } = staging;
const SECRET = expect.stringMatching(/windows-logon_secret/) as string;
const FUNCTION = expect.stringMatching(/^\$\{aws_lambda_function\.logon-rotation_function_\w+\.(arn|function_name)\}$/) as string;

it("is not there where the literal has none, and opens its window on the first such day of a month", () => {
  const rotations = (literal: ReturnType<typeof environment>) =>
    resourcesOf(synthTrading(literal).trading, "aws_secretsmanager_secret_rotation").map(({ rotation_rules: rules }) => rules);
  expect(rotations(environment("dev"))).toEqual([]);
  expect(rotations(environment("prod"))).toEqual([{ schedule_expression: "cron(0 12 ? * SUN#1 *)", duration: "2h" }]);
  expect(rotations(environment("dev", { "windows.logonRotation": { weekday: "MON", hour: 7, hours: 16 } }))).toEqual([
    { schedule_expression: "cron(0 7 ? * MON#1 *)", duration: "16h" },
  ]);
});

it("rotates the logon's secret by its function, never at once, and once Secrets Manager may call it", () => {
  expect(named(trading, "aws_secretsmanager_secret_rotation", "logon-rotation_")).toMatchObject({
    secret_id: SECRET,
    rotation_lambda_arn: FUNCTION,
    rotate_immediately: false,
    rotation_rules: { schedule_expression: "cron(0 22 ? * FRI#1 *)", duration: "1h" },
    depends_on: expect.arrayContaining([
      expect.stringMatching(/^aws_lambda_permission\.logon-rotation_function_rotation-permission/),
      expect.stringMatching(/^aws_iam_role_policy\.logon-rotation_function_role/),
    ]) as string[],
  });
  expect(named(trading, "aws_lambda_permission", "logon-rotation_")).toMatchObject({
    function_name: FUNCTION,
    action: "lambda:InvokeFunction",
    principal: "secretsmanager.amazonaws.com",
    source_arn: SECRET,
    source_account: "444455556666",
  });
});

it("runs Python as it stands, one copy at a time, and knows names only", () => {
  const made = named(trading, "aws_lambda_function", "logon-rotation_");
  expect(made).toMatchObject({
    function_name: "WindowsLogonRotation-staging",
    runtime: "python3.13",
    handler: "index.handler",
    timeout: 240,
    reserved_concurrent_executions: 1,
  });
  expect(JSON.parse((made.environment as { variables: { SETTINGS: string } }).variables.SETTINGS)).toEqual({
    documents: { set: "tss-staging.logon-set", test: "tss-staging.logon-test" },
    tag: "Converge",
    host: "axia-windows-staging",
    step: "windows",
    stepSeconds: 90,
  });
  const zip = unzipSync(readFileSync(functionCode("logon-rotation").path));
  expect(Object.keys(zip)).toEqual(["index.py"]);
  expect(new TextDecoder().decode(zip["index.py"])).toBe(readFileSync("functions/logon-rotation/index.py", "utf8"));
});

it("may touch this secret, tell these hosts these two things, and nothing else", () => {
  const own = policyOf(named(trading, "aws_iam_role_policy", "logon-rotation_"), "policy").Statement.filter(
    ({ Action: action }) => !JSON.stringify(action).match(/logs:|NetworkInterface/),
  );
  expect(own).toEqual([
    // The variables' key, then the secret's.
    { Effect: "Allow", Action: "kms:Decrypt", Resource: expect.stringMatching(/aws_kms_key\.key_/) as string },
    {
      Effect: "Allow",
      Action: "ssm:SendCommand",
      Resource: ["set", "test"].map((action) => expect.stringContaining(`logon-rotation_${action}_`) as string),
    },
    {
      Effect: "Allow",
      Action: "ssm:SendCommand",
      Resource: "arn:aws:ec2:ap-northeast-1:444455556666:instance/*",
      Condition: { StringEquals: { "ssm:resourceTag/Converge": "axia-windows-staging" } },
    },
    { Effect: "Allow", Action: ["ec2:DescribeInstances", "ssm:GetCommandInvocation"], Resource: "*" },
    {
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: SECRET,
    },
    { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: expect.stringMatching(/staging-data/) as string },
  ]);
});

it.each(["set", "test"] as const)("the document of %s takes no parameter, and the host has what it runs", (action) => {
  const document = named(trading, "aws_ssm_document", `logon-rotation_${action}_`);
  expect(document).toMatchObject({ name: `tss-staging.logon-${action}`, document_type: "Command" });
  expect(JSON.parse(String(document.content))).toEqual(logonDocument(action));
  expect(Object.keys(logonDocument(action))).toEqual(["schemaVersion", "description", "mainSteps"]);
  expect(Object.keys(staging.bundle("windows"))).toContain("rotate-logon.ps1");
});

it("tells of every failure, with a page of its own", () => {
  const alarms = resourcesOf(trading, "aws_cloudwatch_metric_alarm").filter(({ alarm_name: name }) =>
    String(name).includes("LogonRotation"),
  );
  expect(alarms.map(({ alarm_name: name, threshold }) => [name, threshold])).toEqual([
    ["Lambda-Errors-WindowsLogonRotation-staging", 1],
    ["Lambda-Throttles-WindowsLogonRotation-staging", 1],
  ]);
  for (const { alarm_description: text } of alarms) expect(text).toContain("docs/runbooks/logon-rotation.md");
});
