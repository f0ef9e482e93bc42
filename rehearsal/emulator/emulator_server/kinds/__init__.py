"""The table: what botocore's models do not say about the kinds of resource that moto lacks or misreads, one module per subject."""
from __future__ import annotations

from emulator_server.engine import Table
from emulator_server.kinds import backup, cloudfront, costs, eks, elasticache, shadows, ssm, various

TABLE = Table(
    kinds=(*elasticache.KINDS, *backup.KINDS, *costs.KINDS, *eks.KINDS, *ssm.KINDS, *cloudfront.KINDS, *various.KINDS),
    shadows=shadows.SHADOWS,
    constants=eks.CONSTANTS,
    tagged=shadows.TAGGED,
)

__all__ = ["TABLE"]
