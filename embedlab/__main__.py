"""python -m embedlab: the commands of `embedlab.cli`, without installing."""

import sys

from embedlab.cli import main

if __name__ == "__main__":
    sys.exit(main())
