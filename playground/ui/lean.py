"""What must be so before the app's libraries are loaded.

Gradio is imported in half the time: without the stub files that it otherwise writes. At every start, it parses the
source of each of its components to write a stub for editors beside it, and does the same for the components of this
page. It leaves out a class that has no file.

The app computes on one thread, also while its modules are loaded, which validate the experiments of models that ship.
"""

import inspect
from unittest.mock import patch

from playground.training.device import one_thread

one_thread()


def _no_file(_: object) -> str:
    raise OSError("no stub is wanted")


with patch.object(inspect, "getfile", _no_file):
    from gradio import component_meta

component_meta.create_or_modify_pyi = lambda *_: None
