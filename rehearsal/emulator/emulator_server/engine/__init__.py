"""The generic engine: create, read, list, update, delete and tag, derived from botocore's service models.

Rules, all taken from the models:

* the operation's name says what to do (Create..., Describe..., Modify..., Delete..., TagResource): `operations`;
* a resource is identified by the members that its delete operation requires; what the caller does not send of them
  (ids, ARNs) is generated: `store`;
* a result is the stored record projected on the output's shape, member by member: `projection`;
* a missing resource is the not-found error that the operation models, an existing one its already-exists error.

What the models cannot say is in the table (`emulator_server.kinds`), in the words of `kind`.
"""
from emulator_server.engine.actions import Engine
from emulator_server.engine.kind import NO_ERROR, Kind, Record, Shadow, Table

__all__ = ["NO_ERROR", "Engine", "Kind", "Record", "Shadow", "Table"]
