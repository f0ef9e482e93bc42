"""SQS: messages go from a dead-letter queue back to where they came from, which moto does not know."""
from __future__ import annotations

import time
from typing import Any

from moto.core.responses import ActionResult

from emulator_server.patches.replace import add
from emulator_server.wire import Refusal


def _dead_letters(backend: Any, arn: str) -> Any:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html: of other queues only, not of functions or topics."""
    queue = next((queue for queue in backend.queues.values() if queue.queue_arn == arn), None)
    if queue is None:
        raise Refusal("ResourceNotFoundException", f"The resource that you specified for the SourceArn parameter doesn't exist: {arn}")
    if not any(source.dead_letter_queue is queue for source in backend.queues.values()):
        raise Refusal("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
    return queue


def move_tasks() -> None:
    """Started, and listed. All that waits is moved at once; where several queues share one for their dead letters, a destination must be given."""
    from moto.sqs.responses import SQSResponse

    def start(self: Any) -> ActionResult:
        source = _dead_letters(self.sqs_backend, self._get_param("SourceArn"))
        wanted = self._get_param("DestinationArn")
        targets = [queue for queue in self.sqs_backend.queues.values() if (queue.queue_arn == wanted if wanted else queue.dead_letter_queue is source)]
        if len(targets) != 1:
            raise Refusal("ResourceNotFoundException", f"{len(targets)} queues may be the destination")
        moved = [message for message in source._messages if message.visible]
        for message in moved:
            source._messages.remove(message)
            targets[0].add_message(message)
        task = {
            "TaskHandle": f"move-{len(getattr(source, 'move_tasks', []))}",
            "Status": "COMPLETED",
            "SourceArn": source.queue_arn,
            "ApproximateNumberOfMessagesMoved": len(moved),
            "ApproximateNumberOfMessagesToMove": len(moved),
            "StartedTimestamp": int(time.time() * 1000),
        }
        source.move_tasks = [task, *getattr(source, "move_tasks", [])]
        return ActionResult({"TaskHandle": task["TaskHandle"]})

    def tasks(self: Any) -> ActionResult:
        source = _dead_letters(self.sqs_backend, self._get_param("SourceArn"))
        return ActionResult({"Results": getattr(source, "move_tasks", [])[: int(self._get_param("MaxResults", 1))]})

    add(SQSResponse, start_message_move_task=start, list_message_move_tasks=tasks)


PATCHES = (move_tasks,)
