"""The commands and their help."""

from __future__ import annotations

from collections.abc import Callable

from cyclopts import App

from deeplimits.architectures import KINDS
from deeplimits.cli.architecture_options import architecture_command
from deeplimits.cli.cite import cite
from deeplimits.cli.compare import compare
from deeplimits.cli.equation import EXAMPLE as EQUATION_EXAMPLE
from deeplimits.cli.equation import equation
from deeplimits.cli.exponents import EXAMPLE as EXPONENTS_EXAMPLE
from deeplimits.cli.exponents import exponents
from deeplimits.cli.limits import limits
from deeplimits.cli.plan import EXAMPLE as PLAN_EXAMPLE
from deeplimits.cli.plan import plan
from deeplimits.cli.predict import predict
from deeplimits.cli.report import EXAMPLE as REPORT_EXAMPLE
from deeplimits.cli.report import report
from deeplimits.cli.reproduce import EXAMPLE as REPRODUCE_EXAMPLE
from deeplimits.cli.reproduce import reproduce
from deeplimits.cli.sample import sample
from deeplimits.cli.scalings import EXAMPLE as SCALINGS_EXAMPLE
from deeplimits.cli.scalings import scalings
from deeplimits.cli.status import status
from deeplimits.cli.sweep import EXAMPLE as SWEEP_EXAMPLE
from deeplimits.cli.sweep import sweep
from deeplimits.cli.train import EXAMPLE as TRAIN_EXAMPLE
from deeplimits.cli.train import classifier
from deeplimits.cli.train_conv_resnet import EXAMPLE as CONV_RESNET_EXAMPLE
from deeplimits.cli.train_conv_resnet import conv_resnet
from deeplimits.cli.train_deep_resnet import EXAMPLE as DEEP_RESNET_EXAMPLE
from deeplimits.cli.train_deep_resnet import deep_resnet
from deeplimits.cli.train_residual_classifier import EXAMPLE as RESIDUAL_CLASSIFIER_EXAMPLE
from deeplimits.cli.train_residual_classifier import residual_classifier

ABOUT = (
    "Which scaling limit describes your neural network, what does it predict, "
    "and does a finite network of your size obey it?"
)

EXAMPLES = """\
Examples:
  deeplimits limits
  deeplimits predict resnet --width 100 --depth 50
  deeplimits compare resnet --width 20 --depth 5 --networks 2000"""


def build_app() -> App:
    """Return the command line: every command, for every kind of architecture."""
    app = App(
        name="deeplimits",
        help=ABOUT,
        help_format="plaintext",
        help_epilogue=EXAMPLES,
        version=_version,
        suppress_keyboard_interrupt=False,
    )
    app.command(limits, help_epilogue="Example:\n  deeplimits limits log-gaussian")
    app.command(_for_each_kind(predict, "Predict what each limit says of a network.", "--width 100 --depth 50"))
    app.command(
        _for_each_kind(
            compare,
            "Sample random networks and compare them with what each limit predicts.",
            "--width 20 --depth 5 --networks 2000",
        )
    )
    app.command(
        _for_each_kind(
            sample, "Sample random networks into a run that can go on.", "--width 20 --depth 5 --networks 500"
        )
    )
    app.command(plan, help_epilogue=PLAN_EXAMPLE)
    training = App(
        name="train", help="Train networks from several random initial weights.", help_epilogue=TRAIN_EXAMPLE
    )
    training.command(classifier, help_epilogue=TRAIN_EXAMPLE)
    training.command(conv_resnet, help_epilogue=CONV_RESNET_EXAMPLE)
    training.command(deep_resnet, help_epilogue=DEEP_RESNET_EXAMPLE)
    training.command(residual_classifier, help_epilogue=RESIDUAL_CLASSIFIER_EXAMPLE)
    app.command(training)
    app.command(scalings, help_epilogue=SCALINGS_EXAMPLE)
    app.command(exponents, help_epilogue=EXPONENTS_EXAMPLE)
    app.command(equation, help_epilogue=EQUATION_EXAMPLE)
    app.command(sweep, help_epilogue=SWEEP_EXAMPLE)
    app.command(reproduce, help_epilogue=REPRODUCE_EXAMPLE)
    app.command(status, help_epilogue="Example:\n  deeplimits status runs/demo")
    app.command(cite, help_epilogue="Example:\n  deeplimits cite log-gaussian")
    app.command(report, help_epilogue=REPORT_EXAMPLE)
    return app


def _for_each_kind(body: Callable[..., None], about: str, example: str) -> App:
    """Return a command with one subcommand per kind of architecture; ``example`` holds options that run quickly."""
    name = body.__name__
    group = App(name=name, help=about, help_epilogue=f"Example:\n  deeplimits {name} resnet {example}")
    for kind, architecture in KINDS.items():
        group.command(
            architecture_command(architecture, body),
            name=kind,
            help_epilogue=f"Example:\n  deeplimits {name} {kind} {example}",
        )
    return group


def _version() -> str:
    from importlib.metadata import version

    return version("deeplimits")
