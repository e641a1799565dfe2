import dataclasses
import inspect
from dataclasses import dataclass

import pytest

from deeplimits.architectures import KINDS, Architecture, ResNet
from deeplimits.cli.architecture_options import architecture_command
from deeplimits.datasets import Inputs


def body(architecture: Architecture, inputs: Inputs, *, repeat: int = 1) -> None:
    """Do something.

    Args:
        architecture: the network.
        inputs: its input vectors.
        repeat: how often.
    """
    calls.append((architecture, inputs, repeat))


@dataclass(frozen=True)
class Times:
    """Hold when.

    Args:
        first: the first time.
        last: the last one.
    """

    first: int = 1
    last: int | None = None


def timed(architecture: Architecture, inputs: Inputs, *, times: Times, often: int = 2) -> None:
    """Do something at times.

    Args:
        architecture: the network.
        inputs: its input vectors.
        times: when.
        often: how often.
    """
    calls.append((architecture, inputs, times))


def test_a_dataclass_stands_for_an_option_per_field() -> None:
    command = architecture_command(ResNet, timed)
    options = inspect.signature(command).parameters
    assert list(options)[-3:] == ["first", "last", "often"]
    assert (options["first"].default, options["last"].default) == (1, None)
    assert options["last"].annotation.__metadata__[0].help == "the last one."
    calls.clear()
    command(width=4, depth=2, last=5)
    ((_, _, times),) = calls
    assert times == Times(1, 5)


calls: list[tuple[Architecture, Inputs, object]] = []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_is_an_option_with_the_help_of_its_docstring(kind: type[Architecture]) -> None:
    command = architecture_command(kind, body)
    options = inspect.signature(command).parameters
    fields = [field.name for field in dataclasses.fields(kind)]
    assert list(options) == [*fields, "input", "repeat"]
    for name in fields:
        (parameter,) = options[name].annotation.__metadata__
        assert parameter.help
        assert f"{name}: {parameter.help}" in inspect.getdoc(kind)
    assert options["repeat"].annotation.__metadata__[0].help == "how often."


def test_defaults_are_those_of_the_architecture() -> None:
    options = inspect.signature(architecture_command(ResNet, body)).parameters
    for field in dataclasses.fields(ResNet):
        required = field.default is dataclasses.MISSING
        assert options[field.name].default == (inspect.Parameter.empty if required else field.default)


def test_builds_the_architecture_and_its_inputs() -> None:
    calls.clear()
    architecture_command(ResNet, body)(width=4, depth=2, input_dim=3, skip_scale=1.0, repeat=5)
    ((architecture, inputs, repeat),) = calls
    assert architecture == ResNet(width=4, depth=2, input_dim=3, skip_scale=1.0)
    assert inputs.values.tolist() == [[1.0, 0.0, 0.0]]
    assert repeat == 5


def test_a_field_that_cannot_be_typed_is_found_when_the_command_is_built() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Strange(ResNet):
        table: dict[str, int] | None = None

    Strange.__doc__ = f"{inspect.getdoc(ResNet)}\n    table: a mapping."

    with pytest.raises(TypeError, match="no option can be made of table"):
        architecture_command(Strange, body)
