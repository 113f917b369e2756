"""`python -m bench [name …]` from the repository root; without names, every benchmark in order."""

import sys

from bench.runner import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
