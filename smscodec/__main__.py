"""``python -m smscodec``: the command line."""

from __future__ import annotations

import sys

from smscodec.cli import main

if __name__ == "__main__":
    sys.exit(main())
