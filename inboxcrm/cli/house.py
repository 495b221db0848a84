"""What a command is handed: settings, desk and viewer, each made when first asked for and closed at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from inboxcrm.access.viewer import Viewer
    from inboxcrm.config import Settings
    from inboxcrm.store.desk import Desk


class House:
    def __init__(self, config_file: str | None) -> None:
        self.config_file = config_file
        self._settings: Settings | None = None
        self._desk: Desk | None = None

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            from inboxcrm.config import load

            self._settings = load(self.config_file, os.environ)
        return self._settings

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            from inboxcrm.bootstrap.desk import open_desk
            from inboxcrm.cli.demo_clock import clock_beside

            self._desk = open_desk(self.settings, clock_beside(self.settings.database.url))
        return self._desk

    @property
    def viewer(self) -> Viewer:
        """Whoever may use the command line may read every mailbox: the machine's own account decides that."""
        from inboxcrm.bootstrap.desk import local_viewer

        return local_viewer()

    def close(self) -> None:
        if self._desk is not None:
            self._desk.database.close()
            self._desk = None


pass_house = click.make_pass_decorator(House)
