"""Systems Manager's Automation: documents of schema 0.3, checked when they are made and carried out step by step.

`document` says what is wrong with one by botocore's models, `references` fills in what stands in braces, `actions` are the kinds of step, `execution`
goes from one to the next, `service` answers the API.
"""
from emulator_server.automation.service import Automation

__all__ = ["Automation"]
