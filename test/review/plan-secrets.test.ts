/** What is taken out of texts, and what must stay readable. No real secret is written here: shapes only, put together so that no scanner takes them for one. */
import { SECRET_LIKE } from "../../review/model";
import { containsSecret, redactText } from "../../review/plan/redact";
import { speaksOfSecret } from "../../review/plan/secret-names";

const mixed = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0";
/** Text with the secret at `§`, and the secret. */
const SECRETS: readonly (readonly [kind: string, text: string, secret: string])[] = [
  ["PEM key", "before\n§\nafter", `-----BEGIN RSA PRIVATE${" "}KEY-----\nMIIB\n-----END RSA PRIVATE${" "}KEY-----`],
  ["PEM key that is cut off", "x §", `-----BEGIN PRIVATE${" "}KEY-----\nMIIBabc`],
  ["AWS access key id", "key § here", `AKIA${"ABCDEFGHIJ234567"}`],
  ["AWS temporary key id", "§", `ASIA${"ABCDEFGHIJ234567"}`],
  ["AWS secret key alone", "§", mixed],
  ["GitHub token", "token is §.", `ghp_${mixed.slice(0, 36)}`],
  ["GitHub fine-grained token", "§", `github_pat_${mixed.slice(0, 22)}_${mixed}`],
  ["GitLab token", "§", `glpat-${mixed.slice(0, 20)}`],
  ["Slack bot token", "§", `xoxb-${"1234567890"}-abcdefghij`],
  ["Slack webhook", "https://hooks.slack.com/§ is called", `services/${"T000/B000"}/${mixed.slice(0, 24)}`],
  ["Discord webhook", "https://discord.com/api/webhooks/§", `123/${mixed}`],
  ["Stripe key", "§", `sk_live_${mixed.slice(0, 24)}`],
  ["Google key", "§", `AIza${mixed.slice(0, 35)}`],
  ["npm token", "//r/:_authToken=§", `npm_${mixed.slice(0, 36)}`],
  ["SendGrid key", "§", `SG.${mixed.slice(0, 22)}.${mixed}`],
  ["Vault token", "§", `hvs.${mixed.slice(0, 24)}`],
  ["JWT", "Cookie § end", `eyJ${"hbGciOiJIUzI1NiJ9"}.eyJ${"zdWIiOiIxIn0"}.abc-DEF_123`],
  ["bearer", "Authorization: Bearer §", mixed.slice(0, 20)],
  ["basic", "curl -H 'Authorization: Basic §'", "dXNlcjpwYXNzd29yZA=="],
  ["password of a URL", "postgres://trading:§@db.internal:5432/trading", "p4ss-w0rd!"],
  ["password of a URL without a user", "redis://:§@cache:6379", "hunter2hunter2"],
  ["token as a URL's user", "https://§@github.com/a/b", mixed.slice(0, 30)],
  ["query string", "https://h/x?a=1&access_token=§&b=2", "abc123"],
  ["presigned URL", "https://b.s3.amazonaws.com/k?X-Amz-Signature=§", "0123456789abcdef"],
  ["pair", "db_password = §", "correct-horse"],
  ["quoted pair", 'password: "§"', "correct horse battery"],
  ["quoted with an escape", '"password": "§",', 'a\\"b c'],
  ["single-quoted pair", "export DB_PASSWORD='§'", "a b;c"],
  ["PowerShell", '$Password = "§"', "Tr4ding-Host"],
  ["upper case in the middle", "MYSQL_ROOT_PASSWORD=§", "letmein"],
  ["YAML in several lines", "image: x\nauth:\n  clientSecret: §\nport: 1", "s3cr3tvalue"],
  ["pair behind an ARN", "${aws_secretsmanager_secret.api.arn}:password=§", "hunter2hunter2"],
  ["pair beside an ARN", "arn:aws:secretsmanager:ap-northeast-1:1:secret:x:api_key:: api_key=§", "hunter2hunter2"],
  ["pair beside what is no ARN", "${aws_db_instance.a.address}:api_key:§", "hunter2hunter2"],
  ["token in a dynamic reference", "{{resolve:secretsmanager:§}}", `ghp_${mixed.slice(0, 36)}`],
  ["option", "mysql --user root --password §", "letmein99"],
  ["dollar in a password", "password=§", "$ecret123"],
  ["Azure storage", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=§;EndpointSuffix=x", "abc+/123=="],
  ["Azure SAS", "https://a.blob.core.windows.net/c?sv=2024-11-04&sp=r&sig=§&se=2027-01-01", "Xyz%2Babc123%3D"],
  ["Azure Service Bus", "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=§", "abc+/123=="],
  ["Azure Redis's connection", "day.redis.azure.net:10000,password=§,ssl=True,abortConnect=False", "abc+/123=="],
  ["Azure SQL's connection", "Server=tcp:a.database.windows.net;User ID=x;Password=§;Encrypt=True", "letmein99"],
  ["Entra client secret", "secret § of the app", `abc8Q~${"d".repeat(34)}`],
  // By the mark that each service gives its keys, even where the rest looks like nothing.
  ["Azure storage key", "§", `${"a".repeat(76)}+ASt${"bbbbb"}A==`],
  ["Azure Redis key", "§", `${"a".repeat(33)}AzCaA${"bbbbb"}=`],
  ["Azure Cosmos DB key", "§", `${"a".repeat(76)}ACDb${"bbbbb"}A==`],
  ["Azure registry key", "§", `${"a".repeat(42)}+ACRA${"bbbbb"}`],
  ["Azure function key", "§", `${"a".repeat(44)}AzFu${"bbbbb"}A==`],
  ["a word no one thinks up", "the value § was set", mixed],
];

test.each(SECRETS)("%s is taken out", (_kind, text, secret) => {
  const whole = text.replace("§", () => secret);
  const redacted = redactText(whole);
  expect(redacted).toContain(SECRET_LIKE);
  for (const line of secret.split("\n")) expect(redacted).not.toContain(line);
  const [before, after] = text.split("§") as [string, string];
  expect(redacted.startsWith(before)).toBe(true);
  expect(redacted.endsWith(after)).toBe(true);
  expect(containsSecret(whole)).toBe(true);
  expect(redactText(redacted)).toBe(redacted);
});

const ORDINARY: readonly string[] = [
  "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:TSS/mt5/demo-AbCdEf",
  "Reads arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:TSS/mt5/demo-AbCdEf, and nothing else",
  "arn:aws:kms:ap-northeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  "arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab",
  "arn:aws:secretsmanager:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:secret:TSS/mt5/demo-*",
  "TSS/mt5/demo",
  "secretsmanager:GetSecretValue",
  "sts:AssumeRoleWithWebIdentity",
  "token.actions.githubusercontent.com:sub",
  "tss-raw-market-data-111122223333",
  "ami-0123456789abcdef0",
  "vpce-0a1b2c3d4e5f60718",
  "10.0.0.0/16",
  "2001:db8::/32",
  "111122223333",
  "cron(0 18 ? * MON-FRI *)",
  "rate(5 minutes)",
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "assets/index-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.zip",
  "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "sha512-Nn1pnzuPa4o0m3gYVF3UZ8bRq5bS0mD3N7zBf9nJ3Xz1",
  "https://login.example.com/oauth2/token",
  "https://sqs.ap-northeast-1.amazonaws.com/111122223333/orders",
  "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/tss/data@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "cross-stack-output-aws_db_instancedatabase_instance_D7FC2283address",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "MT5 Live Account Credentials",
  "login password server",
  // What ECS, Systems Manager and CloudFormation write for where a secret is kept.
  "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:TSS/reports/api-AbCdEf:api_key::",
  "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:x-AbCdEf:password:AWSCURRENT:",
  "${aws_secretsmanager_secret.api_1C3802AA.arn}:api_key::",
  "${data.terraform_remote_state.cross-stack-reference-input-dev-data.outputs.cross-stack-output-aws_secretsmanager_secretapi_54D03D7Carn}:api_key::",
  "${aws_secretsmanager_secret.api.arn}:password:AWSPREVIOUS:0f8fad5b-d9cb-469f-a165-70867728950e",
  "arn:aws:ssm:ap-northeast-1:111122223333:parameter/tss/prod/db_password",
  "/tss/prod/db_password",
  "tss-db-password",
  "{{resolve:secretsmanager:prod/db:SecretString:password}}",
  "{{resolve:ssm-secure:db_password:10}}",
  "${aws_secretsmanager_secret.mt5_secret_1C3802AA.arn}",
  "password = ${random_password.database.result}",
  "export TOKEN=$(aws ssm get-parameter --name /tss/x)",
  "$token = Invoke-RestMethod -Method Put",
  "password: {{ .Values.password }}",
  "postgres://trading:${random_password.x.result}@db:5432",
  "https://example.com:8443/users/me@example.com",
  "Mail to ops@example.com",
  "1h30m: token bucket",
  "AWSServiceRoleForAmazonElasticFileSystemReplicationV2",
  "GetSecretValue",
  "Managed by cdktf",
  "日本語の説明: パスワードは変わらない",
];
test.each(ORDINARY)("stays: %s", (text) => {
  expect(redactText(text)).toBe(text);
});

test("hashes stay where the attribute's name says that it is one", () => {
  const hash = "n4bQgYhMfWWaL28IoEXhp0V1XyMUjy7W0uW9cXgZDRA";
  expect(redactText(hash)).toBe(SECRET_LIKE);
  expect(redactText(hash, true)).toBe(hash);
});

test.each([
  "password",
  "db_password",
  "dbPassword",
  "DB_PASSWORD_PROD",
  "master_password",
  "secret",
  "client_secret",
  "clientSecret",
  "api_key",
  "apiKey",
  "X-Api-Key",
  "private_key_pem",
  "auth_token",
  "bot_token",
  "accessToken",
  "authorization",
  "Credentials",
  "secret_string",
  "slack_webhook_url",
  "connection_string",
  "pass",
  "DB_PASS",
  "password_wo",
  "tunnel1_preshared_key",
  "key_material_base64",
  "bgp_auth_key",
  "hec_token",
  "raw_secret_access_key",
  "spring.datasource.password",
])("%s speaks of a secret", (name) => {
  expect(speaksOfSecret(name)).toBe(true);
});
test.each([
  "secret_arn",
  "secret_name",
  "secretName",
  "name",
  "kms_key_id",
  "kms_master_key_id",
  "key_name",
  "token_endpoint",
  "password_policy",
  "http_tokens",
  "manage_master_user_password",
  "master_user_secret_kms_key_id",
  "aws:TokenIssueTime",
  "token.actions.githubusercontent.com:aud",
  "passthrough_behavior",
  "bypass_policy_lockout_safety_check",
  "access_token_validity",
  "hash_key",
  "range_key",
  "partition_keys",
  "key",
  "public_key",
  "minimum_password_length",
  "compass",
  "existingSecret",
  "automountServiceAccountToken",
  "secretKeyRef",
  "PassRole",
  "lock_token",
  "update_token",
  "creation_token",
  "event_source_token",
  "dkim_tokens",
  "customer_master_key_spec",
  "api_key_source",
  "api_key_selection_expression",
  "token_domains",
  "password_param",
  "credentials_parameter",
  "secret_arn_list",
])("%s does not", (name) => {
  expect(speaksOfSecret(name)).toBe(false);
});

test("long texts without spaces are read in no time", () => {
  // What grows with the square of the length would outlast the time limit of a test.
  for (const text of ["a1B".repeat(200_000), "https://".repeat(30_000), `${"a.".repeat(100_000)}:`, "-----BEGIN ".repeat(10_000)])
    expect(redactText(text) === text).toBe(true);
  expect(redactText(`password${"=".repeat(100_000)}`)).toBe("password=(redacted: looks like a secret)");
});
