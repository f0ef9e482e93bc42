"""An AWS emulator for rehearsals: moto, plus an engine that serves what moto lacks from botocore's service models."""
