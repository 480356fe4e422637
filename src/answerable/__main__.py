"""`python -m answerable` is the command `answerable`."""

from answerable.site.cli import main

if __name__ == "__main__":
    main()
