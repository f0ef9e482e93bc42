/** The services' database as it was at some time, beside the database (OPS-024). */
import type { ManualRunbook } from "../../description";

export const databaseRestore = (environment: string): ManualRunbook => {
  const copy = "<database>-restored-1";
  return {
    kind: "manual",
    name: "database-restore",
    title: "The services' database as it was at some time, beside the database",
    purpose:
      "For rows that were deleted or overwritten by mistake, or a database that is broken; where the literal has `database: \"rds\"`. The database is not touched until the fourth step. `<database>` is the literal's `data.rds.id`, with the environment's suffix. One that is lost with its region: [region-failover](region-failover.md). The cache needs nothing: it fills itself again from table and database.",
    tier: 2,
    owner: "CloudArchitecture",
    steps: [
      {
        title: "Until when can it be had?",
        text: "RDS keeps every moment up to some five minutes ago, as many days back as `data.rds.backupRetentionDays` says. Subnets, groups and parameters of the copy are to be those of the database; read them here.",
        commands: [
          "aws rds describe-db-instances --db-instance-identifier <database> --query 'DBInstances[0].[LatestRestorableTime,BackupRetentionPeriod,DBSubnetGroup.DBSubnetGroupName,VpcSecurityGroups[].VpcSecurityGroupId,DBParameterGroups[0].DBParameterGroupName,DBInstanceClass]'",
        ],
      },
      {
        title: "The copy",
        text: "It costs as long as it stands. A database of that name that is there already is not touched: the call fails.",
        commands: [
          `aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier <database> --target-db-instance-identifier ${copy} --restore-time 2026-01-31T03:00:00Z --db-subnet-group-name <group> --vpc-security-group-ids <ids> --db-parameter-group-name <parameters> --no-publicly-accessible --enable-iam-database-authentication --deletion-protection`,
          `aws rds wait db-instance-available --db-instance-identifier ${copy}`,
        ],
      },
      {
        title: "Compare",
        text: "From where the services run, with a token of IAM for a user that may read. Most mistakes end here: single rows are put back by hand, and the copy goes (last step).",
        commands: [
          `HOST=$(aws rds describe-db-instances --db-instance-identifier ${copy} --query 'DBInstances[0].Endpoint.Address' --output text)`,
          'PGPASSWORD=$(aws rds generate-db-auth-token --hostname "$HOST" --port 5432 --username <user>) psql "host=$HOST dbname=<name> user=<user> sslmode=require" --command \'select count(*) from <table>\'',
        ],
      },
      {
        title: "Only if the whole of it must go back: switch by name",
        text: "The services and the engine stop writing first, so scale them to none and throw the [kill switch](kill-switch.md). The old one keeps everything under another name. Endpoints follow the names, so nobody has to be told another address.",
        commands: [
          `npm run kill-switch -- ${environment} on --reason "database is switched"`,
          "aws rds modify-db-instance --db-instance-identifier <database> --new-db-instance-identifier <database>-before --apply-immediately",
          "aws rds wait db-instance-available --db-instance-identifier <database>-before",
          `aws rds modify-db-instance --db-instance-identifier ${copy} --new-db-instance-identifier <database> --apply-immediately`,
        ],
      },
      {
        title: "Terraform learns of it",
        text: "Its state still means the old one, whatever that is called. `diff` may then show changes of settings, and **no replacement**; one that replaces is not applied.",
        commands: [
          `terraform -chdir=cdktf.out/stacks/${environment}-data state list | grep aws_db_instance`,
          `terraform -chdir=cdktf.out/stacks/${environment}-data state rm '<address>'`,
          `terraform -chdir=cdktf.out/stacks/${environment}-data import '<address>' <database>`,
          `npm run diff -- ${environment} data`,
          `npm run deploy -- ${environment} --stacks data`,
        ],
      },
      {
        title: "Take down what is not needed any more",
        text: "Days later, and after somebody else has looked at the name: this one deletes, with a last snapshot.",
        commands: [
          `aws rds modify-db-instance --db-instance-identifier ${copy} --no-deletion-protection --apply-immediately`,
          `aws rds delete-db-instance --db-instance-identifier ${copy} --final-db-snapshot-identifier ${copy}-final`,
        ],
      },
    ],
  };
};
