"""EKS: clusters, node groups, add-ons, access and pod identities. moto has the first two in outline; all of them refer to each other."""
from __future__ import annotations

from emulator_server.kinds.eks import access, addons, clusters, nodes, updates

CONSTANTS = updates.CONSTANTS
KINDS = (*clusters.KINDS, *nodes.KINDS, *addons.KINDS, *access.KINDS, *updates.KINDS)

#: clusters that run elsewhere: the engine would take their registration for the creation of one
MISROUTED = frozenset({("eks", "RegisterCluster"), ("eks", "DeregisterCluster")})
