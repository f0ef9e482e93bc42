"""Documents by name as JSON on stdin; what the emulator says is wrong with each, by botocore's models, as JSON on stdout."""
import json
import sys

from emulator_server.automation.document import errors

print(json.dumps({name: errors(document) for name, document in json.load(sys.stdin).items()}))
