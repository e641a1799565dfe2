from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.datasets import as_inputs
from deeplimits.sampling.identity import identity_of


def identity(architecture, x=None, seed=0, matrix="fused"):
    return identity_of(architecture, as_inputs(x, architecture.input_dim), seed, matrix)


def test_identities_never_change_between_versions():
    # Written down once: a change here would silently change every user's random numbers.
    assert identity(ResNet(width=100, depth=50)) == 3683130377715094712
    assert identity(MLP(width=7, depth=3, activation="tanh"), seed=5) == 491382096726822940


def test_what_changes_the_networks_changes_the_identity():
    base = ResNet(width=10, depth=5)
    others = [
        identity(base, seed=1),
        identity(base, matrix="dense"),
        identity(base, x=[1.0] * 10),
        identity(ResNet(width=10, depth=6)),
        identity(ResNet(width=10, depth=5, skip_scale=1.0)),
        identity(ResNet(width=10, depth=5, activation="tanh")),
        identity(ResNet(width=10, depth=5, activation=lambda z: z * 2)),
        identity(ResNet(width=10, depth=5, activation=lambda z: z * 3)),
        identity(BalancedResNet(width=10, depth=5)),
        identity(MLP(width=10, depth=5)),
    ]
    assert len({identity(base), *others}) == len(others) + 1


def test_writing_out_a_default_changes_nothing():
    base = ResNet(width=10, depth=5)
    unit = [1.0] + [0.0] * 9
    assert identity(base) == identity(ResNet(width=10, depth=5, weight_variance=2.0, input_dim=10), x=unit)
