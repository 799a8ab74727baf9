"""Run an akiya command that never gets past a known point: python -m tests.parked MODULE FUNCTION CALL ARGUMENT...

From its CALL-th call on, the function does its work and never returns. A test that kills the command knows what it had
done, however slow the machine is.
"""

import importlib
import itertools
import sys
import threading
from typing import Any

from akiya.commands.main import main


def park(module_name: str, function_name: str, call: int) -> None:
    """Make the function do its work but never return, from its `call`-th call on."""
    module, calls = importlib.import_module(module_name), itertools.count(1)
    function = getattr(module, function_name)

    def parked(*arguments: Any, **named: Any) -> Any:
        number, result = next(calls), function(*arguments, **named)
        if number >= call:
            threading.Event().wait()
        return result

    setattr(module, function_name, parked)


if __name__ == "__main__":
    park(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    main(sys.argv[4:])
