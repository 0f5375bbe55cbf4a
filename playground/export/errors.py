"""Why a script can't be written."""


class Unwritten(ValueError):
    """The script can't be written. One sentence says why."""
