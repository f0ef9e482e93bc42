#!/bin/bash
# Weekly report (LNX-015): the application's own program, if its revision has one.
set -euo pipefail
readonly engine="${TSS_ROOT:-}/opt/tss/engine"

if [ ! -f "$engine/weekly_report.py" ]; then
  echo "no weekly report: the engine's source $(cat "$engine/.sha256" 2>/dev/null || true) has no weekly_report.py"
  exit 0
fi
cd "$engine"
exec .venv/bin/python weekly_report.py
