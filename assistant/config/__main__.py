"""``python -m assistant.config`` prints the JSON Schema."""

import json
import sys

from assistant.config import schema

json.dump(schema(), sys.stdout, indent=2, ensure_ascii=False)
sys.stdout.write("\n")
