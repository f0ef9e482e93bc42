"""What a rehearsal cannot cover, whatever it reports: shown at the end of each one so that nobody takes green for more than it is."""
from __future__ import annotations

KNOWN_LIMITS: tuple[str, ...] = (
    "IAM is not enforced: every call is allowed. What Terraform called is held against the deploy and the plan role afterwards, by the checks that "
    "rehearse; what the programs of hosts and containers may do is not.",
    "Resource policies are stored, not applied: neither a bucket policy's Deny with conditions nor a key policy refuses anything, and access logs "
    "can be sent to a bucket whose policy does not let them in.",
    "Nothing runs: instances do not boot, user data, Lambda code and containers are not executed, EKS has no API server. "
    "An instance has no agent of Systems Manager, unless a test gives it a stand-in.",
    "There is no network: route tables, security groups, NAT, endpoints and load balancers carry no packet and no health check.",
    "Alarms do not fire and metrics do not exist unless a client puts them.",
    "Schedules, budgets, backups and lifecycle rules never come due; certificates are issued without DNS validation.",
    "Nothing is delivered by AWS itself: no S3 access logs, flow logs or trails are written, no object is replicated to another bucket.",
    "Mail and HTTPS subscriptions stay pending; unlike on AWS, a pending one can be unsubscribed.",
    "Endpoints, addresses and default images are invented; versions are accepted whether or not AWS offers them.",
    "An endpoint service of AWS that is asked for by its name is taken to exist in the region.",
    "A machine image named by its id, a container image in a repository, and a certificate named by its ARN are taken to exist.",
    "A deployment of containers succeeds at once, unless the tag of its image ends in -broken.",
    "An EKS node group's Auto Scaling group has no instances, and the date of its image is invented; whether AWS offers a version of "
    "an EKS add-on, and takes its configuration, is not checked; a cluster's creator is not made its administrator.",
    "A request is held against the lengths, ranges, patterns and values of botocore's models, which say little of EC2, SQS and S3, and nothing "
    "of what a policy document or an attribute in a map may hold (a dashboard's body and a composite alarm's rule are read); what AWS asks beyond "
    "them is refused only as far as moto knows it.",
    "The engine's own kinds (ElastiCache, Backup, Budgets, SSM associations and others; CloudFront and EKS only in part) do not "
    "check that what they refer to exists.",
    "Quotas are told and never enforced; capacity, propagation delays and AWS's own eventual consistency are absent.",
    "Kubernetes, Helm and Azure resources are outside the emulator.",
)
