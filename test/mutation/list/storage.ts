/** Buckets, tables, caches, databases and secrets. */
import type { Area } from "./area";

export const STORAGE: readonly Area[] = [
  {
    near: ["constructs/storage", "storage-buckets", "storage-replication", "stacks/data"],
    mutations: [
      { name: "bucket open to public ACLs", in: "Bucket", at: "blockPublicAcls", to: "false" },
      { name: "bucket open to public policies", in: "Bucket", at: "restrictPublicBuckets", to: "false" },
      { name: "bucket without versions", in: "Bucket", at: "versioning", to: "false" },
      { name: "bucket encrypted by S3's key though it has its own", in: "Bucket", at: '{"aws:kms"}', to: '{ sseAlgorithm: "AES256" }' },
      { name: "bucket without its bucket key", in: "Bucket", at: "bucketKeyEnabled", to: "false" },
      { name: "bucket reachable without TLS", in: "Bucket", at: "statements", to: "[]" },
      { name: "bucket that lets objects be owned by others", in: "Bucket", at: "objectOwnership", to: '"ObjectWriter"' },
      { name: "protected bucket that Terraform would destroy", in: "Bucket", at: "lifecycle", drop: true },
      { name: "protected bucket that is emptied on destroy", in: "Bucket", at: "forceDestroy", to: "true" },
      { name: "bucket grant that deletes", in: "Bucket", at: 'grantReadWrite "s3:PutObject"', to: '"s3:PutObject", "s3:DeleteObject"' },
      { name: "old versions kept for ever", in: "lifecycleRules", at: "noncurrentVersionExpiration", drop: true },
      { name: "replication without the encrypted objects", in: "Replication", at: "sseKmsEncryptedObjects.status", to: '"Disabled"' },
      { name: "replication without deletions", in: "Replication", at: "deleteMarkerReplication.status", to: '"Disabled"' },
      { name: "table without point-in-time recovery", in: "Table", at: "pointInTimeRecovery.enabled", to: "false" },
      { name: "table without encryption of its own", in: "Table", at: "serverSideEncryption.enabled", to: "false" },
      { name: "table that may be deleted", in: "Table", at: "deletionProtectionEnabled", to: "false" },
      { name: "table without TTL", in: "Table", at: "ttl.enabled", to: "false" },
      { name: "indexes that project everything", in: "Table", at: "projectionType", to: '"ALL"' },
      { name: "table grant that deletes items", in: "Table", at: "grantReadWrite actions", add: '"dynamodb:DeleteItem"' },
      { name: "table grant by wildcard action", in: "Table", at: "grantRead actions", to: '["dynamodb:*"]' },
      { name: "throttle alarm that watches nothing", in: "Table", at: 'alarmOnThrottles "UserErrors"', to: '"UserError"' },
      { name: "secret that is gone at once", in: "RECOVERY_WINDOW_DAYS", at: "protected", to: "0" },
    ],
  },
  {
    near: ["constructs/cache"],
    mutations: [
      { name: "cache in clear on disk", in: "Cache", at: "atRestEncryptionEnabled", to: '"false"' },
      { name: "cache in clear on the wire", in: "Cache", at: "transitEncryptionEnabled", to: "false" },
      { name: "cache in one zone", in: "Cache", at: "group", part: "multiAzEnabled: props.multiAz", to: "multiAzEnabled: false" },
      { name: "cache alarm at the wrong size", in: "Cache", at: "threshold", to: "megabytes" },
    ],
  },
  {
    near: ["constructs/database"],
    mutations: [
      { name: "database in clear on disk", in: "Database", at: "storageEncrypted", to: "false" },
      { name: "database on AWS's key though it has its own", in: "Database", at: "instance.kmsKeyId", drop: true },
      { name: "database that takes connections without TLS", in: "Database", at: '"rds.force_ssl"', to: '"0"' },
      { name: "database reachable from the Internet", in: "Database", at: "publiclyAccessible", to: "true" },
      { name: "database in one zone", in: "Database", at: "multiAz", to: "false" },
      {
        name: "database with a password in the state",
        in: "Database",
        at: "instance DbInstance()",
        part: "manageMasterUserPassword: true",
        to: 'password: "secret"',
      },
      { name: "database that RDS would delete", in: "Database", at: "deletionProtection", to: "false" },
      { name: "protected database that Terraform would destroy", in: "Database", at: "instance.lifecycle", drop: true },
      { name: "database that goes without a last snapshot", in: "Database", at: "skipFinalSnapshot", to: "true" },
      { name: "database without backups", in: "Database", at: "backupRetentionPeriod", to: "0" },
      { name: "right to connect as any user", in: "Database", at: "grantConnect resources", part: "user", to: '"*"' },
      {
        name: "right to connect to any database",
        in: "Database",
        at: "grantConnect resources",
        part: "this.instance.resourceId",
        to: '"*"',
      },
      { name: "connection alarm of another class", in: "Database", at: "floor()", part: "this.maxConnections", to: "5000" },
      {
        name: "storage alarm at the wrong size",
        in: "Database",
        at: 'alarm("FreeStorageSpace").threshold',
        part: "this.props.allocatedStorageGigabytes * GIGABYTE",
        to: "this.props.allocatedStorageGigabytes",
      },
    ],
  },
  {
    near: ["stacks/data"],
    mutations: [
      { name: "database among the hosts", in: "DataStack", at: "database Database().subnetIds", to: 'network.subnetIds("private")' },
    ],
  },
];
