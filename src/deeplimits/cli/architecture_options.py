"""Commands whose options are the fields of an architecture, described once, in the architecture's own docstring."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import docstring_parser
from cyclopts import Group, Parameter

from deeplimits.architectures import Architecture
from deeplimits.cli.numbers import Converter, parsed_by, whole_number
from deeplimits.datasets import as_inputs, read_inputs

NETWORK, OTHERS = Group("Network", sort_key=0), Group("Options", sort_key=1)
INPUT_HELP = "file with one input vector a line (text) or an array (.npy); the first unit vector by default."


def architecture_command(kind: type[Architecture], body: Callable[..., None]) -> Callable[..., None]:
    """Return a command that builds ``kind`` from its options and calls ``body(architecture, inputs, **others)``.

    Args:
        kind: the architecture; each of its fields becomes an option, with its help from the class docstring's Args.
        body: what the command does; its keyword-only parameters become the other options, with their help from its
            docstring's Args. One whose type is a dataclass stands for an option per field, with help from the class.

    Raises:
        TypeError: a field has a type that the command line cannot express.
    """
    fields = _field_options(kind)
    file = _option("input", Path | None, None, INPUT_HELP, NETWORK)
    hints = get_type_hints(body)
    groups: dict[str, Any] = {name: hints[name] for name in _own(body) if dataclasses.is_dataclass(hints[name])}
    parameters = [*fields, file, *_body_options(body)]

    def command(**options: Any) -> None:
        architecture = kind(**{field.name: options.pop(field.name) for field in fields if field.name in options})
        path = options.pop("input", None)
        inputs = as_inputs(None, architecture.input_dim) if path is None else read_inputs(path, architecture.input_dim)
        for name, group in groups.items():
            chosen = {
                field.name: options.pop(field.name) for field in dataclasses.fields(group) if field.name in options
            }
            options[name] = group(**chosen)
        body(architecture, inputs, **options)

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__doc__ = f"{_what_it_is(kind)}\n\n{_first_line(body)}"
    return command


def _field_options(kind: type[Architecture]) -> list[inspect.Parameter]:
    hints, help_of = get_type_hints(kind), _argument_help(kind)
    return [
        _option(
            field.name,
            _option_type(field.name, hints[field.name]),
            field.default,
            help_of[field.name],
            NETWORK,
            parsed_by(field.metadata["parse"]) if "parse" in field.metadata else None,
        )
        for field in dataclasses.fields(kind)
    ]


def _own(body: Callable[..., None]) -> list[str]:
    """Return the names of the parameters of ``body`` that become options."""
    parameters = inspect.signature(body).parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]


def _body_options(body: Callable[..., None]) -> list[inspect.Parameter]:
    help_of, parameters = _argument_help(body), inspect.signature(body, eval_str=True).parameters
    options = []
    for name in _own(body):
        hint, default = parameters[name].annotation, parameters[name].default
        if dataclasses.is_dataclass(hint):
            options += _group_options(hint)
        else:
            options.append(_option(name, hint, default, help_of[name], OTHERS))
    return options


def _group_options(group: Any) -> list[inspect.Parameter]:
    hints, help_of = get_type_hints(group), _argument_help(group)
    return [
        _option(field.name, hints[field.name], field.default, help_of[field.name], OTHERS)
        for field in dataclasses.fields(group)
    ]


def _option_type(name: str, hint: Any) -> Any:
    """Return the type to parse: the one among ``hint``'s alternatives that can be typed on a command line."""
    alternatives = get_args(hint) or (hint,)
    for simple in (int, float, str):
        if simple in alternatives:
            return simple | None if type(None) in alternatives else simple
    raise TypeError(f"no option can be made of {name}: {hint}")


def _option(
    name: str, hint: Any, default: Any, help: str, group: Group, converter: Converter | None = None
) -> inspect.Parameter:
    optional = default is None
    parameter = Parameter(
        help=help,
        group=group,
        negative=(),
        converter=whole_number if hint is int else converter,
        consume_multiple=True if hint == list[str] else None,
        show_default=False if optional or hint is bool else _short,
    )
    empty = default is dataclasses.MISSING
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if empty else default,
        annotation=Annotated[hint, parameter],
    )


def _short(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _argument_help(documented: object) -> Mapping[str, str]:
    arguments = docstring_parser.parse(inspect.getdoc(documented) or "").params
    return {argument.arg_name: argument.description or "" for argument in arguments}


def _what_it_is(kind: type[Architecture]) -> str:
    """Return the docstring's first line as a name: "Describe an MLP with …" becomes "An MLP with …"."""
    line = _first_line(kind).removeprefix("Describe ").replace("``", "")
    return line[:1].upper() + line[1:]


def _first_line(documented: object) -> str:
    return (inspect.getdoc(documented) or "").partition("\n")[0]
