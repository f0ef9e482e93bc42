/** Osaka takes over: by hand, as the documents have it (OPS-019, OPS-020, RMP-011, NET-002). */
import type { ManualRunbook } from "../../description";

export const regionFailover = (environment: string): ManualRunbook => ({
  kind: "manual",
  name: "region-failover",
  title: "Tokyo is lost: go on in Osaka",
  purpose: `For a region that does not come back within hours, AWS's own page says so, and somebody who may spend the money decides. **There is no automatic fail-over, and nothing runs in Osaka beforehand**: copies stand there, everything else is made then. What is lost of each part stands in [recovery.md](../recovery.md): of the orders table up to a day, of buckets and database what was not copied yet; secrets and what waited in queues are gone. Only an environment with \`data.replication\` and \`backup.copies\` has copies at all. Nobody has ever walked this way on AWS: the first to do so should do it as an exercise.`,
  tier: 2,
  owner: "CloudArchitecture",
  steps: [
    {
      title: "Every quarter, and first of all now: can it be done?",
      text: "Each line asks one thing that the rest stands on. Nothing is changed. Recovery points not older than a day and its windows; buckets not empty; the database's copies by date; a quota of standard vCPUs, of which a new region has few; the image of the Windows hosts.",
      commands: [
        "export AWS_REGION=ap-northeast-3",
        "aws backup list-recovery-points-by-backup-vault --backup-vault-name tss-backup-osaka --query 'reverse(sort_by(RecoveryPoints,&CreationDate))[:5].[CreationDate,Status,ResourceArn]' --output text",
        "aws s3api list-objects-v2 --bucket <bucket>-osaka --max-items 1 --query 'Contents[].Key'",
        "aws rds describe-db-instance-automated-backups --query 'DBInstanceAutomatedBackups[].[DBInstanceIdentifier,RestoreWindow]'",
        "aws service-quotas get-service-quota --service-code ec2 --quota-code L-1216C47A --query Quota.Value",
        "aws ssm get-parameter --name /aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base --query Parameter.Value",
      ],
    },
    {
      title: "Nothing trades in Tokyo any more",
      text: `Two regions must never trade on one account, and Tokyo may come back in the middle of this. \`--emergency\`, because the table may not answer. If Systems Manager does not answer either, **change the account's password at the broker**: whatever logs in by the old one is shut out. Close or keep the open positions by hand: [kill-switch](kill-switch.md#close-positions-by-hand).`,
      commands: [`npm run kill-switch -- ${environment} on --emergency --reason "fail-over to Osaka"`],
    },
    {
      title: "A literal for Osaka",
      text: `A new environment beside the old one, in the same account: names of IAM and S3 are taken while the old ones stand, so its names end in \`-dr\`; not in \`-osaka\`, as those of the copies do. \`add\` says what is left to you. Then in \`environments/dr.ts\`: \`region: "ap-northeast-3"\`; the network's \`zones\` (\`ap-northeast-3a\`, …); every \`certificateArn\` one of Osaka's, which ACM issues there; \`data.replication\` and \`backup.copies\` out, there is no third region; instance types that Osaka has.`,
      commands: [
        `npm run environment -- add dr --from ${environment} --account <account>`,
        "aws ec2 describe-instance-type-offerings --region ap-northeast-3 --location-type availability-zone --query 'InstanceTypeOfferings[].[InstanceType,Location]' --output text | sort",
        "npm run rehearse -- dr",
      ],
    },
    {
      title: "The state bucket and the roles",
      text: "The old states lie in Tokyo. The new environment has its own bucket, made once as for a new account ([README](../../README.md#deploying-for-real)); an administrator does it.",
      commands: [
        "BOOTSTRAP_STATE=local npm run deploy -- dr --stacks bootstrap",
        "npx cdktf deploy dr-bootstrap --migrate-state",
        "npm run preflight -- dr",
      ],
    },
    {
      title: "The data, before anything reads it",
      text: "The table under the new literal's name, by AWS Backup; then `imports: [\"data.table\"]` in the literal, so that Terraform takes it over instead of making an empty one ([importing.md](../importing.md)). The database, where there is one, to the newest time that its copies have; it gets the new literal's identifier, and is imported by hand as importing.md says of what has no line.",
      commands: [
        "aws backup start-restore-job --recovery-point-arn <newest of the table> --iam-role-arn <role of AWS Backup> --metadata targetTableName=TSS_DynamoDB_OrderState-dr",
        "aws rds restore-db-instance-to-point-in-time --source-db-instance-automated-backups-arn <ARN> --target-db-instance-identifier <identifier of the new literal> --use-latest-restorable-time",
      ],
    },
    {
      title: "Secrets, software, images",
      text: "Kept in one region only, so from where their owners keep them: the broker's account (with its new password), the Windows log-on, Slack's webhook. Installers by their hashes, images of the services from their builds.",
      commands: [
        "npm run software -- upload dr",
        "aws secretsmanager put-secret-value --secret-id <of mt5, windowsLogon, Slack> --secret-string file://…",
      ],
    },
    {
      title: "Deploy, with the switch on",
      text: "The restored table says what Tokyo's said when it was copied, which may be off. So the switch is thrown as soon as the table stands and before there is a host: nothing trades when the hosts come up. The buckets' copies stay as they are; their objects are copied into the new buckets between the two deploys.",
      commands: [
        "npm run deploy -- dr --stacks network,events,data",
        'npm run kill-switch -- dr on --emergency --reason "fail-over, not released yet"',
        "aws s3 sync s3://<bucket>-osaka s3://<bucket of the new literal>",
        "npm run deploy -- dr",
        "npm run kill-switch -- dr status",
      ],
    },
    {
      title: "Compare with the broker, then trade",
      text: "Up to a day of orders is missing in the table. The broker's history is what counts: enter what is missing, by whoever knows the application. Clients and DNS get the new addresses (`npm run outputs`). Then, and by two people:",
      commands: ["npm run outputs -- dr", "npm run kill-switch -- dr off"],
    },
    {
      title: "Back to Tokyo",
      text: `The same way round, at a weekend, with the switch of both environments on; nothing copies from Osaka to Tokyo by itself. Before Tokyo's hosts are started, its switch is looked at: it must still be on. \`npm run destroy -- dr\` is the end, days later.`,
      commands: [`npm run kill-switch -- ${environment} status`],
    },
  ],
});
