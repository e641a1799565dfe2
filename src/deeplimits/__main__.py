"""Run the command line as ``python -m deeplimits``."""

from deeplimits.cli.main import main

if __name__ == "__main__":
    main()
