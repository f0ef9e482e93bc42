"""The table: what botocore's models do not say about the kinds of resource that moto lacks or misreads, one module per subject."""
from __future__ import annotations

from emulator_server.engine import Table
from emulator_server.kinds import account, backup, cloudfront, costs, ec2, ecr, eks, elasticache, elbv2, logs, s3, shadows, sns, ssm, various

TABLE = Table(
    kinds=(*elasticache.KINDS, *account.KINDS, *backup.KINDS, *costs.KINDS, *ec2.KINDS, *ecr.KINDS, *eks.KINDS, *elbv2.KINDS, *logs.KINDS, *s3.KINDS, *sns.KINDS, *ssm.KINDS, *cloudfront.KINDS, *various.KINDS),
    shadows=(*s3.SHADOWS, *shadows.SHADOWS),
    constants=eks.CONSTANTS,
    tagged=shadows.TAGGED,
    misrouted=s3.MISROUTED | eks.MISROUTED,
    deletions={
        ("elbv2", "DeleteLoadBalancer"): ("LoadBalancerArn", "LoadBalancerArn"),
        ("logs", "DeleteLogGroup"): ("logGroupName", "logGroupIdentifier"),
        ("s3", "DeleteBucket"): ("Bucket", "Bucket"),
        ("sns", "DeleteTopic"): ("TopicArn", "ResourceArn"),
    },
)

__all__ = ["TABLE"]
