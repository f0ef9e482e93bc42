"""SNS: attributes of topics that are stored and not returned, and subscriptions that wait for a person."""
from __future__ import annotations

from typing import Any

from moto.core.utils import camelcase_to_underscores

from emulator_server.patches.replace import Method, wrap

FEEDBACK = ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
DELIVERERS = ("Application", "Firehose", "HTTP", "Lambda", "SQS")
FORGOTTEN = (
    "ArchivePolicy", "FifoThroughputScope", "SignatureVersion", "TracingConfig",
    *(f"{deliverer}{name}" for deliverer in DELIVERERS for name in FEEDBACK),
)  # fmt: skip
#: protocols whose endpoint has to answer before anything is delivered to it
CONFIRMED_BY_HAND = ("email", "email-json", "http", "https")


def topic_attributes() -> None:
    """Every attribute that was set is returned."""
    from moto.sns.responses import SNSResponse

    def get(original: Method) -> Method:
        def get_topic_attributes(self: Any) -> Any:
            answer = original(self)
            topic = self.backend.get_topic(self._get_param("TopicArn"))
            for name in FORGOTTEN:
                value = getattr(topic, camelcase_to_underscores(name), None)
                if value is not None:
                    answer.result["Attributes"][name] = value
            return answer

        return get_topic_attributes

    wrap(SNSResponse, "get_topic_attributes", get)


def pending_subscriptions() -> None:
    """Nobody clicks the link in a mail here: such a subscription stays pending, as it does on AWS until someone does."""
    from moto.sns.models import SNSBackend

    def subscribing(original: Method) -> Method:
        def subscribe(self: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
            subscription = original(self, topic_arn, endpoint, protocol)
            if protocol in CONFIRMED_BY_HAND:
                subscription.attributes["PendingConfirmation"] = True
            return subscription

        return subscribe

    wrap(SNSBackend, "subscribe", subscribing)


PATCHES = (topic_attributes, pending_subscriptions)
