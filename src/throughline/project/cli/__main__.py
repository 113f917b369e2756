"""`python -m throughline.project.cli`."""

from throughline.project.cli import main

if __name__ == "__main__":
    main()
