"""`python -m inboxcrm` is `inboxcrm`."""

from inboxcrm.cli import run

if __name__ == "__main__":
    run()
