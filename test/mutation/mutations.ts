/** Single bad edits, each of which some test must catch. `from` must stand in the file exactly as written, or the list is stale. */
export interface Mutation {
  /** What would go wrong. */
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const MUTATIONS: readonly Mutation[] = [
  // --- buckets ---
  { name: "bucket open to public ACLs", file: "constructs/storage/bucket.ts", from: "blockPublicAcls: true", to: "blockPublicAcls: false" },
  { name: "bucket open to public policies", file: "constructs/storage/bucket.ts", from: "restrictPublicBuckets: true", to: "restrictPublicBuckets: false" },
  { name: "bucket without versions", file: "constructs/storage/bucket.ts", from: "versioning = true", to: "versioning = false" },
  { name: "bucket encrypted by S3's key though it has its own", file: "constructs/storage/bucket.ts", from: 'sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn', to: 'sseAlgorithm: "AES256"' },
  { name: "bucket without its bucket key", file: "constructs/storage/bucket.ts", from: "bucketKeyEnabled: true", to: "bucketKeyEnabled: false" },
  { name: "bucket reachable without TLS", file: "constructs/storage/bucket.ts", from: 'this.statements = [denyWithoutTls([this.arn, `${this.arn}/*`], "s3")];', to: "this.statements = [];" },
  { name: "bucket that lets objects be owned by others", file: "constructs/storage/bucket.ts", from: "BucketOwnerEnforced", to: "ObjectWriter" },
  { name: "protected bucket that Terraform would destroy", file: "constructs/storage/bucket.ts", from: "lifecycle: protect ? { preventDestroy: true } : undefined,", to: "" },
  { name: "protected bucket that is emptied on destroy", file: "constructs/storage/bucket.ts", from: "forceDestroy: !protect", to: "forceDestroy: true" },
  { name: "bucket grant that deletes", file: "constructs/storage/bucket.ts", from: 'this.grant(grantee, ["s3:GetObject", "s3:PutObject"]);', to: 'this.grant(grantee, ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);' },
  { name: "old versions kept for ever", file: "constructs/storage/bucket.ts", from: 'rule("noncurrent-versions"', to: 'false ? rule("x", {}) : rule("incomplete-uploads-2"' },
  { name: "replication without the encrypted objects", file: "constructs/storage/replication.ts", from: 'sseKmsEncryptedObjects: { status: "Enabled" }', to: 'sseKmsEncryptedObjects: { status: "Disabled" }' },
  { name: "replication without deletions", file: "constructs/storage/replication.ts", from: 'deleteMarkerReplication: { status: "Enabled" }', to: 'deleteMarkerReplication: { status: "Disabled" }' },

  // --- table ---
  { name: "table without point-in-time recovery", file: "constructs/storage/table.ts", from: "pointInTimeRecovery: { enabled: true", to: "pointInTimeRecovery: { enabled: false" },
  { name: "table without encryption of its own", file: "constructs/storage/table.ts", from: "serverSideEncryption: { enabled: true", to: "serverSideEncryption: { enabled: false" },
  { name: "table that may be deleted", file: "constructs/storage/table.ts", from: "deletionProtectionEnabled: protect", to: "deletionProtectionEnabled: false" },
  { name: "table without TTL", file: "constructs/storage/table.ts", from: "ttl: { attributeName: TTL_ATTRIBUTE, enabled: true }", to: "ttl: { attributeName: TTL_ATTRIBUTE, enabled: false }" },
  { name: "indexes that project everything", file: "constructs/storage/table.ts", from: '"INCLUDE"', to: '"ALL"' },
  { name: "table grant that deletes items", file: "constructs/storage/table.ts", from: '"dynamodb:UpdateItem", "dynamodb:Query"]', to: '"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"]' },
  { name: "table grant by wildcard action", file: "constructs/storage/table.ts", from: 'actions: ["dynamodb:GetItem", "dynamodb:Query"]', to: 'actions: ["dynamodb:*"]' },
  { name: "throttle alarm that watches nothing", file: "constructs/storage/table.ts", from: 'metric: "UserErrors"', to: 'metric: "UserError"' },

  // --- cache ---
  { name: "cache in clear on disk", file: "constructs/storage/cache.ts", from: 'atRestEncryptionEnabled: "true"', to: 'atRestEncryptionEnabled: "false"' },
  { name: "cache in clear on the wire", file: "constructs/storage/cache.ts", from: "transitEncryptionEnabled: true", to: "transitEncryptionEnabled: false" },
  { name: "cache in one zone", file: "constructs/storage/cache.ts", from: "multiAzEnabled: props.multiAz", to: "multiAzEnabled: false" },
  { name: "cache alarm at the wrong size", file: "constructs/storage/cache.ts", from: "threshold: megabytes * MEGABYTE", to: "threshold: megabytes" },

  // --- database ---
  { name: "database in clear on disk", file: "constructs/storage/database.ts", from: "storageEncrypted: true", to: "storageEncrypted: false" },
  { name: "database on AWS's key though it has its own", file: "constructs/storage/database.ts", from: "      storageEncrypted: true,\n      kmsKeyId: key?.arn,", to: "      storageEncrypted: true," },
  { name: "database that takes connections without TLS", file: "constructs/storage/database.ts", from: "\"rds.force_ssl\": \"1\"", to: "\"rds.force_ssl\": \"0\"" },
  { name: "database reachable from the Internet", file: "constructs/storage/database.ts", from: "publiclyAccessible: false", to: "publiclyAccessible: true" },
  { name: "database in one zone", file: "constructs/storage/database.ts", from: "multiAz: props.multiAz", to: "multiAz: false" },
  { name: "database with a password in the state", file: "constructs/storage/database.ts", from: "manageMasterUserPassword: true,", to: "password: \"secret\"," },
  { name: "database that RDS would delete", file: "constructs/storage/database.ts", from: "deletionProtection: protect", to: "deletionProtection: false" },
  { name: "protected database that Terraform would destroy", file: "constructs/storage/database.ts", from: "lifecycle: protect ? { preventDestroy: true } : undefined,", to: "" },
  { name: "database that goes without a last snapshot", file: "constructs/storage/database.ts", from: "skipFinalSnapshot: !protect", to: "skipFinalSnapshot: true" },
  { name: "database without backups", file: "constructs/storage/database.ts", from: "backupRetentionPeriod: props.backupRetentionDays", to: "backupRetentionPeriod: 0" },
  { name: "right to connect as any user", file: "constructs/storage/database.ts", from: "${this.instance.resourceId}/${user}", to: "${this.instance.resourceId}/*" },
  { name: "right to connect to any database", file: "constructs/storage/database.ts", from: "dbuser:${this.instance.resourceId}/", to: "dbuser:*/" },
  { name: "connection alarm of another class", file: "constructs/storage/database.ts", from: "threshold: Math.floor((this.maxConnections", to: "threshold: Math.floor((5000" },
  { name: "storage alarm at the wrong size", file: "constructs/storage/database.ts", from: "this.props.allocatedStorageGigabytes * GIGABYTE", to: "this.props.allocatedStorageGigabytes" },
  { name: "database among the hosts", file: "stacks/data.ts", from: "network.subnetIds(\"database\"), key: this.key", to: "network.subnetIds(\"private\"), key: this.key" },
  { name: "production's database in one zone", file: "environments/prod.ts", from: "{ id: \"tss-database\", ...databaseFigures,", to: "{ id: \"tss-database\", ...databaseFigures, multiAz: false," },

  // --- secrets ---
  { name: "secret that is gone at once", file: "constructs/storage/secret.ts", from: "protected: 30", to: "protected: 0" },

  // --- queues and topics ---
  { name: "queue without encryption", file: "constructs/messaging/queue.ts", from: "sqsManagedSseEnabled: true", to: "sqsManagedSseEnabled: false" },
  { name: "queue without its dead-letter queue", file: "constructs/messaging/queue.ts", from: "redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterQueue.arn, maxReceiveCount: deadLetter.maxReceiveCount }),", to: "" },
  { name: "queue reachable without TLS", file: "constructs/messaging/queue.ts", from: 'this.policy = [denyWithoutTls([queue.arn], "sqs")];', to: "this.policy = [];" },
  { name: "dead-letter queue that takes from anyone", file: "constructs/messaging/queue.ts", from: 'redrivePermission: "byQueue"', to: 'redrivePermission: "allowAll"' },
  { name: "queue that any topic may fill", file: "constructs/messaging/queue.ts", from: 'conditions: { ArnEquals: { "aws:SourceArn": topicArn } },', to: "" },
  { name: "dead-letter alarm on the main queue", file: "constructs/messaging/queue.ts", from: "dimensions: { QueueName: this.deadLetterName }", to: "dimensions: { QueueName: this.name }" },
  { name: "alarm that tells nobody", file: "constructs/alarms/alarm.ts", from: "alarmActions: [target.arn]", to: "alarmActions: []" },
  { name: "topic that every account may publish to", file: "constructs/messaging/topic.ts", from: '...(knowsItsAccount(service) && { conditions: { StringEquals: { "aws:SourceAccount": account } } }),', to: "" },
  { name: "topic without encryption", file: "constructs/messaging/topic.ts", from: "kmsMasterKeyId: key?.arn", to: "kmsMasterKeyId: undefined" },
  { name: "nobody is told of alerts", file: "stacks/events.ts", from: "this.alerts.deliverToAddresses(events.alertSubscriptions);", to: "" },

  // --- keys and rights ---
  { name: "key that never rotates", file: "constructs/identity/encryption-key.ts", from: "enableKeyRotation: true", to: "enableKeyRotation: false" },
  { name: "key that services of any account may use", file: "constructs/identity/encryption-key.ts", from: '...(knowsItsAccount(service) && { conditions: { StringEquals: { "aws:SourceAccount": account } } }),', to: "" },
  { name: "TLS rule that denies nothing", file: "constructs/identity/policy.ts", from: '"aws:SecureTransport": "false"', to: '"aws:SecureTransport": "true"' },
  { name: "GitHub trust by pattern", file: "constructs/identity/github-oidc.ts", from: "conditions: { StringEquals:", to: "conditions: { StringLike:" },
  { name: "any job may deploy", file: "constructs/identity/github-deploy-role.ts", from: "github.trust(`environment:${environment}`)", to: 'github.trust("ref:refs/heads/main")' },
  { name: "deploy role without its boundary", file: "constructs/identity/github-deploy-role.ts", from: "permissionsBoundary: boundary.arn,", to: "" },
  { name: "boundary that lets roles leave it", file: "constructs/identity/github-boundary.ts", from: 'sid: "RolesCarryBoundary", effect: "Deny"', to: 'sid: "RolesCarryBoundary", effect: "Allow"' },

  // --- network ---
  { name: "interface endpoints open to the world", file: "constructs/network/interface-endpoints.ts", from: "peer: { cidr: network.cidr }, ports: 443", to: 'peer: { cidr: "0.0.0.0/0" }, ports: 443' },
  { name: "NAT instance open to the world", file: "constructs/network/nat-instance.ts", from: "{ peer: { cidr }, ports: tcpPorts", to: '{ peer: { cidr: "0.0.0.0/0" }, ports: tcpPorts' },
  { name: "NAT instance with IMDSv1", file: "constructs/network/nat-instance.ts", from: "metadataOptions: METADATA", to: 'metadataOptions: { ...METADATA, httpTokens: "optional" }' },
  { name: "NAT instance with a disk in clear", file: "constructs/network/nat-instance.ts", from: "encrypted: true", to: "encrypted: false" },
  { name: "public addresses by default", file: "constructs/network/dedicated-network.ts", from: "mapPublicIpOnLaunch: false", to: "mapPublicIpOnLaunch: true" },
  { name: "database tier open in the ACL", file: "constructs/network/network-acls.ts", from: 'allow("from", "vpc-postgresql", 100, vpc, "tcp", [POSTGRESQL, POSTGRESQL])', to: 'allow("from", "vpc-postgresql", 100, WORLD, "tcp", [POSTGRESQL, POSTGRESQL])' },
  { name: "flow log of refused packets only", file: "constructs/network/flow-log.ts", from: 'trafficType: "ALL"', to: 'trafficType: "REJECT"' },

  // --- hosts ---
  { name: "host with IMDSv1", file: "constructs/hosts/machine.ts", from: 'httpTokens: "required"', to: 'httpTokens: "optional"' },
  { name: "host with a disk in clear", file: "constructs/hosts/machine.ts", from: "throughput: 125, encrypted: true", to: "throughput: 125, encrypted: false" },
  { name: "host that anyone may terminate", file: "constructs/hosts/machine.ts", from: "disableApiTermination: protect", to: "disableApiTermination: false" },
  { name: "host that is stopped by a changed script", file: "constructs/hosts/machine.ts", from: 'ignoreChanges: ["user_data", ', to: "ignoreChanges: [" },
  { name: "host with a public address in production", file: "stacks/trading.ts", from: 'publicAddress: network.kind === "default"', to: "publicAddress: true" },
  { name: "bundle that is not taken when it changes", file: "constructs/hosts/converge.ts", from: "# manifest ${bundle.manifestHash}", to: "# manifest" },
  { name: "bundle whose hash nobody knows", file: "constructs/hosts/host-bundle.ts", from: "key: object.key, sha256 }", to: "key: object.key }" },
  { name: "bundle that differs from day to day", file: "constructs/hosts/host-bundle.ts", from: "new Date(1980, 0, 1)", to: "new Date()" },
  { name: "template in user data", file: "constructs/hosts/host-files.ts", from: "sign + sign", to: "sign" },
  { name: "hosts write metrics anywhere", file: "constructs/hosts/host.ts", from: 'conditions: { StringEquals: { "cloudwatch:namespace": metricNamespace } }', to: "" },
  { name: "hosts write to every log group", file: "constructs/logs/log-group.ts", from: '"logs:DescribeLogStreams", "logs:PutLogEvents"], resources: [`${this.arn}:*`]', to: '"logs:DescribeLogStreams", "logs:PutLogEvents"], resources: ["*"]' },
  { name: "hosts read the Slack secret", file: "stacks/trading.ts", from: "this.props.data.mt5.grantRead(host.role);", to: "this.props.data.mt5.grantRead(host.role); (this.props.events as unknown as { slackWebhook: typeof this.props.data.mt5 }).slackWebhook.grantRead(host.role);" },
  { name: "silence that alarms nobody", file: "constructs/hosts/host-alarms.ts", from: 'metric: "Heartbeat", statistic: "Sum", comparison: "LessThanThreshold", threshold: 1, period: 300, missingData: "breaching"', to: 'metric: "Heartbeat", statistic: "Sum", comparison: "LessThanThreshold", threshold: 1, period: 300' },
  { name: "lost broker that alarms after a day", file: "constructs/hosts/host-alarms.ts", from: "threshold: 1, period: 60", to: "threshold: 1, period: 86400" },
  { name: "schedule that leaves the alarms silent", file: "constructs/hosts/stop-schedule.ts", from: '"cloudwatch:enableAlarmActions"', to: '"cloudwatch:disableAlarmActions"' },
  { name: "order manager without the leader guard", file: "constructs/hosts/windows-tasks.ts", from: "arguments: leaderGuard ?", to: "arguments: false ?" },
  { name: "order manager that never comes back", file: "constructs/hosts/windows-tasks.ts", from: "restart: { count: 3, intervalMinutes: 10 },", to: "" },
  { name: "collector at the weekend", file: "environments/schema.ts", from: '"0 22 * * MON-FRI"', to: '"0 22 * * *"' },
  { name: "UI over old TLS", file: "constructs/load-balancing/load-balancer.ts", from: "ELBSecurityPolicy-TLS13-1-2-2021-06", to: "ELBSecurityPolicy-2016-08" },
  { name: "UI over plain HTTP", file: "constructs/load-balancing/load-balancer.ts", from: 'type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" }', to: 'type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200" }' },
  { name: "UI for the whole Internet", file: "constructs/load-balancing/load-balancer.ts", from: "peer: { cidr }, ports: [80, 443]", to: 'peer: { cidr: "0.0.0.0/0" }, ports: [80, 443]' },
  { name: "web ACL that counts only", file: "constructs/load-balancing/web-acl.ts", from: "action: { block: {} }", to: "action: { count: {} }" },
  { name: "web ACL without AWS's rules", file: "constructs/load-balancing/web-acl.ts", from: "rule: [limit, ...managed]", to: "rule: [limit]" },
  { name: "load balancer without its log", file: "constructs/load-balancing/load-balancer.ts", from: "accessLogs: { enabled: true", to: "accessLogs: { enabled: false" },
  { name: "load balancer that passes broken headers on", file: "constructs/load-balancing/load-balancer.ts", from: "dropInvalidHeaderFields: true", to: "dropInvalidHeaderFields: false" },
  { name: "RDP open in production", file: "environments/prod.ts", from: 'uiCidrs: ["203.0.113.0/24"]', to: 'uiCidrs: ["203.0.113.0/24"], adminCidrs: ["203.0.113.0/24"]' },
  { name: "prod without the leader guard", file: "environments/prod.ts", from: "    leaderGuard,\n", to: "" },

  // --- images ---
  { name: "tags that move to another image", file: "constructs/containers/repository.ts", from: 'imageTagMutability: "IMMUTABLE"', to: 'imageTagMutability: "MUTABLE"' },
  { name: "images that nobody scans", file: "constructs/containers/repository.ts", from: "scanOnPush: true", to: "scanOnPush: false" },
  { name: "images without KMS", file: "constructs/containers/repository.ts", from: 'encryptionType: "KMS", kmsKey: key?.arn', to: 'encryptionType: "AES256"' },
  { name: "images on AWS's key though the stack has its own", file: "constructs/containers/repository.ts", from: 'encryptionType: "KMS", kmsKey: key?.arn', to: 'encryptionType: "KMS"' },
  { name: "images that go too early", file: "constructs/containers/repository.ts", from: "KEPT_IMAGES = 30", to: "KEPT_IMAGES = 3" },
  { name: "protected repository that is emptied on destroy", file: "constructs/containers/repository.ts", from: "forceDelete: !protect", to: "forceDelete: true" },
  { name: "protected repository that Terraform would destroy", file: "constructs/containers/repository.ts", from: "lifecycle: protect ? { preventDestroy: true } : undefined,", to: "" },
  { name: "right to pull every image", file: "constructs/containers/repository.ts", from: "resources: [this.repository.arn]", to: 'resources: ["*"]' },

  // --- cluster ---
  { name: "shell in a container without a log", file: "constructs/containers/ecs-cluster.ts", from: 'logging: "OVERRIDE"', to: 'logging: "NONE"' },
  { name: "log of sessions in clear", file: "constructs/containers/ecs-cluster.ts", from: "cloudWatchEncryptionEnabled: key !== undefined", to: "cloudWatchEncryptionEnabled: false" },
  { name: "cluster without insights", file: "constructs/containers/ecs-cluster.ts", from: "value: containerInsights", to: 'value: "disabled"' },
  { name: "stopped tasks that nobody hears of", file: "constructs/containers/ecs-cluster.ts", from: 'stopCode: ["EssentialContainerExited", "TaskFailedToStart"]', to: "stopCode: []" },
  { name: "stopped tasks of other clusters", file: "constructs/containers/ecs-cluster.ts", from: "clusterArn: [this.arn], ", to: "" },
  { name: "failed deployments that nobody hears of", file: "constructs/containers/ecs-cluster.ts", from: "SERVICE_DEPLOYMENT_FAILED", to: "SERVICE_DEPLOYMENT_COMPLETED" },

  // --- containers ---
  { name: "container that writes everywhere", file: "constructs/containers/container-definition.ts", from: "readonlyRootFilesystem: true", to: "readonlyRootFilesystem: false" },
  { name: "privileged container", file: "constructs/containers/container-definition.ts", from: "privileged: false", to: "privileged: true" },
  { name: "container of root", file: "constructs/containers/container-definition.ts", from: 'USER = "10001:10001"', to: 'USER = "0:0"' },
  { name: "container that keeps its capabilities", file: "constructs/containers/container-definition.ts", from: 'drop: ["ALL"]', to: "drop: []" },
  { name: "container that waits for its log", file: "constructs/containers/container-definition.ts", from: 'mode: "non-blocking"', to: 'mode: "blocking"' },
  { name: "secrets as plain settings", file: "constructs/containers/container-definition.ts", from: "environment: byName(environment)", to: "environment: byName({ ...environment, ...secrets })" },
  { name: "health that is always good", file: "constructs/containers/container-definition.ts", from: ".status != 200", to: ".status == 0" },

  // --- services ---
  { name: "deployment that never gives up", file: "constructs/containers/fargate-service.ts", from: "enable: true, rollback: true", to: "enable: false, rollback: false" },
  { name: "failed deployment that stays", file: "constructs/containers/fargate-service.ts", from: "rollback: true", to: "rollback: false" },
  { name: "deploy that does not wait", file: "constructs/containers/fargate-service.ts", from: "waitForSteadyState: true", to: "waitForSteadyState: false" },
  { name: "deploy that takes a rollback for a success", file: "constructs/containers/fargate-service.ts", from: 'condition: Op.eq(TerraformSelf.getString("task_definition"), taskDefinition.arn)', to: "condition: true" },
  { name: "deployment with a gap", file: "constructs/containers/fargate-service.ts", from: "rolling: { minimum: 100", to: "rolling: { minimum: 0" },
  { name: "two schedulers at a time", file: "constructs/containers/fargate-service.ts", from: "recreate: { minimum: 0, maximum: 100 }", to: "recreate: { minimum: 0, maximum: 200 }" },
  { name: "platform that moves by itself", file: "constructs/containers/fargate-service.ts", from: 'PLATFORM_VERSION = "1.4.0"', to: 'PLATFORM_VERSION = "LATEST"' },
  { name: "tasks on the Internet", file: "constructs/containers/fargate-service.ts", from: "assignPublicIp: publicAddress", to: "assignPublicIp: true" },
  { name: "tasks in the public subnets", file: "constructs/containers/fargate-service.ts", from: 'subnetIds("containers")', to: 'subnetIds("public")' },
  { name: "tasks that crowd in one zone", file: "constructs/containers/fargate-service.ts", from: 'strategy === "rolling" ? "ENABLED" : "DISABLED"', to: '"DISABLED"' },
  { name: "tasks on Spot alone", file: "constructs/containers/fargate-service.ts", from: "base: spot?.onDemandBase ?? 0", to: "base: 0" },
  { name: "program with the rights of ECS", file: "constructs/containers/fargate-service.ts", from: "taskRoleArn: identity.taskRole.arn", to: "taskRoleArn: identity.executionRole.arn" },
  { name: "ECS with the rights of the program", file: "constructs/containers/fargate-service.ts", from: "executionRoleArn: identity.executionRole.arn", to: "executionRoleArn: identity.taskRole.arn" },
  { name: "revision that no rollback finds", file: "constructs/containers/fargate-service.ts", from: "skipDestroy: true", to: "skipDestroy: false" },
  { name: "task that starts before it has its rights", file: "constructs/containers/fargate-service.ts", from: "...identity.taskRole.granted, ", to: "" },
  { name: "deploy that undoes scaling", file: "constructs/containers/fargate-service.ts", from: 'scaling ? ["desired_count"] : undefined', to: "undefined" },
  { name: "CPU alarm on nothing", file: "constructs/containers/fargate-service.ts", from: '"CPUUtilization"', to: '"CPUReservation"' },
  { name: "role that tasks of any account may take", file: "constructs/containers/service-identity.ts", from: '    conditions: { ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${account}:*` }, StringEquals: { "aws:SourceAccount": account } },\n', to: "" },
  { name: "service that speaks to every port", file: "constructs/containers/service-identity.ts", from: "ports: HTTPS, description", to: "ports: { from: 0, to: 65535 }, description" },
  { name: "scaling by the other's percentage", file: "constructs/containers/service-scaling.ts", from: 'this.track("cpu", cpuPercent', to: 'this.track("cpu", memoryPercent' },
  { name: "schedule in another time zone", file: "constructs/containers/service-scaling.ts", from: 'TIME_ZONE = "Asia/Tokyo"', to: 'TIME_ZONE = "UTC"' },
  { name: "deploy that undoes the schedule", file: "constructs/containers/service-scaling.ts", from: "schedule.length > 0 ?", to: "schedule.length < 0 ?" },
  { name: "right to read that writes", file: "constructs/containers/service-access.ts", from: "rawMarketData.grantRead(role)", to: "rawMarketData.grantReadWrite(role)" },
  { name: "every service as one database user", file: "constructs/containers/service-access.ts", from: "grantConnect(role, databaseUser(name))", to: 'grantConnect(role, databaseUser("service"))' },
  { name: "containers write to every log group", file: "constructs/logs/log-group.ts", from: 'actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${this.arn}:*`]', to: 'actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: ["*"]' },
  { name: "services open to the world", file: "stacks/services.ts", from: "peer.allowFrom(`service-${name}`, { peer: caller,", to: 'peer.allowFrom(`service-${name}`, { peer: { cidr: "0.0.0.0/0" },' },
  { name: "program that reads its secrets itself", file: "stacks/services.ts", from: "{ executionRole }: ServiceIdentity", to: "{ taskRole: executionRole }: ServiceIdentity" },
  { name: "tasks with public addresses in production", file: "stacks/services.ts", from: 'publicAddress: network.kind === "default"', to: "publicAddress: true" },
  { name: "load balancer that anyone may delete", file: "stacks/services.ts", from: "name, certificateArn, clientCidrs, protect,", to: "name, certificateArn, clientCidrs, protect: false," },
  { name: "logs of services without the stack's key", file: "stacks/services.ts", from: "retentionDays: cluster.logRetentionDays, key: this.key", to: "retentionDays: cluster.logRetentionDays" },
  { name: "targets that nobody watches", file: "stacks/services.ts", from: "    targetGroup?.alarmOnUnhealthyTargets(alerts, { name: `ALB-Unhealthy-${name}${nameSuffix}` });\n", to: "" },
  { name: "errors of the load balancer in place of the service's", file: "constructs/load-balancing/target-group.ts", from: "HTTPCode_Target_5XX_Count", to: "HTTPCode_ELB_5XX_Count" },
  { name: "share of errors upside down", file: "constructs/alarms/percentage-alarm.ts", from: "100 * part / whole", to: "100 * whole / part" },
  { name: "event that is told to nobody", file: "constructs/alarms/event-alert.ts", from: "arn: target.arn", to: "arn: rule.arn" },
  { name: "events kept away by a condition", file: "constructs/identity/encryption-key.ts", from: 'service !== "events.amazonaws.com"', to: 'service !== ""' },
  { name: "service of a size that Fargate does not offer", file: "environments/rules/services.ts", from: "(fargateMemory(cpu).includes(memory) ? []", to: "(memory > 0 ? []" },
  { name: "only task on Spot", file: "environments/rules/services.ts", from: "...(spot ? [{ path: `${path}.spot`", to: "...(false ? [{ path: `${path}.spot`" },
  { name: "services that wait for each other", file: "environments/rules/services.ts", from: "reached(own, services).has(own)", to: "false" },
  { name: "services for the whole Internet", file: "environments/rules/services.ts", from: "loadBalancer?.clientCidrs ?? []", to: "[]" },
  { name: "services that know the Administrator's password", file: "environments/rules/services.ts", from: "const { mt5, slackWebhook } = secrets;\n  return Object.fromEntries(Object.entries({ mt5, slackWebhook,", to: "return Object.fromEntries(Object.entries({ ...secrets," },
  { name: "image that is called latest", file: "environments/fields.ts", from: "(?!latest$)", to: "" },
  { name: "production's services on one task", file: "environments/common.ts", from: "serviceScaling = { min: 3,", to: "serviceScaling = { min: 1," },

  // --- provider and state ---
  { name: "provider that works in any account", file: "stacks/target.ts", from: "    allowedAccountIds: [account],\n    defaultTags", to: "    defaultTags" },
  { name: "state without a lock", file: "stacks/target.ts", from: "useLockfile: true,\n    allowedAccountIds", to: "useLockfile: undefined as never,\n    allowedAccountIds" },
  { name: "state under S3's key instead of the bucket's", file: "stacks/target.ts", from: "    key: `${name}/${stack}.tfstate`,", to: "    key: `${name}/${stack}.tfstate`, encrypt: true," },

  // --- environments ---
  { name: "prod's queue gives up at once", file: "environments/common.ts", from: "maxReceiveCount: 3", to: "maxReceiveCount: 1" },
  { name: "prod in one zone", file: "environments/common.ts", from: '["ap-northeast-1a", "ap-northeast-1c"]', to: '["ap-northeast-1a"]' },
  { name: "prod without copies in Osaka", file: "environments/prod.ts", from: 'replication: { region: "ap-northeast-3", bucketSuffix: "-osaka" },', to: "" },
  { name: "prod with the demo account's secret", file: "environments/prod.ts", from: '"TSS/mt5/live"', to: '"TSS/mt5/demo"' },
  { name: "staging in prod's account", file: "environments/staging.ts", from: 'account: "444455556666"', to: 'account: "777788889999"' },
];
