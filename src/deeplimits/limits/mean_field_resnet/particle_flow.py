"""The flow of the particles' law: velocities by the adjoint equation, weighted nodes for particles; in float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from deeplimits._typing import Float64Array
from deeplimits.architectures.particle_law import ParticleLaw
from deeplimits.limits.mean_field_resnet.gaussian_rule import half_plane_rule


class Task(NamedTuple):
    """Hold inputs (inputs, 2), targets (inputs,), the readout (2,) and α."""

    points: Array
    targets: Array
    readout: Array
    scale: Array


class Particles(NamedTuple):
    """Hold a and w of the nodes, (layers, nodes, 2) each."""

    outer: Array
    inner: Array


class _Pass(NamedTuple):
    states: Array  # (layers, inputs, 2)
    adjoints: Array  # p_{l+1} of layer l, (layers, inputs, 2)
    residuals: Array  # (inputs,)


def particle_flow(
    law: ParticleLaw,
    task: Task,
    depth: int,
    times: Float64Array,
    learning_rate: float | None,
    spacing: float,
    reach: float,
) -> tuple[Array, Array, Array, Array]:
    """Return loss, kernel and movement at the times, and the initial root mean square of particles."""
    nodes, weights = half_plane_rule(spacing, reach)
    s = np.arange(depth) / depth
    matrices = np.asarray(law.base) + s[:, None, None] * np.asarray(law.slope)
    inner = np.broadcast_to(nodes, (depth, *nodes.shape))
    start = Particles(jnp.asarray(inner @ matrices.transpose(0, 2, 1)), jnp.asarray(inner))
    mass = jnp.asarray(weights)

    path = [start] if learning_rate is None else list(_descent(task, mass, start, times, learning_rate))
    if learning_rate is None and times[-1] > 0:
        path = _flow(task, mass, start, times)
    seen = [_seen(task, mass, particles) for particles in path]
    loss, kernel = (jnp.stack(part) for part in zip(*seen, strict=True))
    norms = [_mean_square(mass, particles) for particles in (start, *(_difference(one, start) for one in path))]
    return loss, kernel, jnp.sqrt(jnp.stack(norms[1:])), jnp.sqrt(norms[0])


def _flow(task: Task, mass: Array, start: Particles, times: Float64Array) -> list[Particles]:
    """Return the particles of gradient flow at the times."""

    @jax.jit
    def solve(first: Particles) -> Any:
        return diffrax.diffeqsolve(
            diffrax.ODETerm(lambda _, particles, __: _velocity(task, mass, particles)),
            diffrax.Tsit5(),
            0.0,
            times[-1],
            0.1,
            first,
            saveat=diffrax.SaveAt(ts=jnp.asarray(times)),
            stepsize_controller=diffrax.PIDController(rtol=1e-6, atol=1e-8),
            max_steps=None,
        ).ys

    path = solve(start)
    return [jax.tree.map(lambda part, i=i: part[i], path) for i in range(len(times))]


def _descent(
    task: Task, mass: Array, start: Particles, times: Float64Array, learning_rate: float
) -> Iterator[Particles]:
    """Yield the particles of gradient descent at the times."""
    particles, done = start, 0
    for step in np.round(times / learning_rate).astype(int).tolist():
        particles, done = _steps(task, mass, particles, jnp.asarray(step - done), jnp.asarray(learning_rate)), step
        yield particles


@jax.jit
def _steps(task: Task, mass: Array, particles: Particles, count: Array, learning_rate: Array) -> Particles:
    def step(_: Array, now: Particles) -> Particles:
        return jax.tree.map(lambda part, rate: part + learning_rate * rate, now, _velocity(task, mass, now))

    moved: Particles = lax.fori_loop(0, count, step, particles)
    return moved


def _difference(one: Particles, other: Particles) -> Particles:
    return Particles(one.outer - other.outer, one.inner - other.inner)


def _mean_square(mass: Array, particles: Particles) -> Array:
    return sum((jnp.einsum("n,lnd->", mass, part**2) / len(part) for part in particles), jnp.zeros(()))


def _pass(task: Task, mass: Array, particles: Particles) -> _Pass:
    """Go forward through the layers, and back through the adjoint equation."""
    step = task.scale / len(particles.outer)

    def forward(states: Array, layer: Particles) -> tuple[Array, Array]:
        value = jnp.tanh(states @ layer.inner.T)
        return states + step * (mass * value) @ layer.outer, states

    def backward(adjoints: Array, layer: tuple[Particles, Array]) -> tuple[Array, Array]:
        (outer, inner), states = layer
        slope = 1 - jnp.tanh(states @ inner.T) ** 2
        return adjoints + step * (mass * slope * (adjoints @ outer.T)) @ inner, adjoints

    last, states = lax.scan(forward, task.points, particles)
    end = jnp.broadcast_to(task.readout, task.points.shape)
    _, adjoints = lax.scan(backward, end, (particles, states), reverse=True)
    return _Pass(states, adjoints, last @ task.readout - task.targets)


def _velocity(task: Task, mass: Array, particles: Particles) -> Particles:
    """Return the velocity of each particle, that of LM times the ordinary gradient, whatever its weight."""
    seen = _pass(task, mass, particles)
    by_outer, by_inner = _gradients(task, particles, seen)
    share = -seen.residuals / len(task.targets)
    return Particles(jnp.einsum("i,lnid->lnd", share, by_outer), jnp.einsum("i,lnid->lnd", share, by_inner))


def _gradients(task: Task, particles: Particles, seen: _Pass) -> tuple[Array, Array]:
    """Return the derivatives of each α p · h(x, θ) by a and by w, (layers, nodes, inputs, 2)."""
    value = jnp.tanh(jnp.einsum("lnd,lid->lni", particles.inner, seen.states))
    pushed = jnp.einsum("lnd,lid->lni", particles.outer, seen.adjoints)
    by_outer = value[..., None] * seen.adjoints[:, None]
    by_inner = (pushed * (1 - value**2))[..., None] * seen.states[:, None]
    return task.scale * by_outer, task.scale * by_inner


@jax.jit
def _seen(task: Task, mass: Array, particles: Particles) -> tuple[Array, Array]:
    """Return loss and kernel."""
    seen = _pass(task, mass, particles)
    kernel = sum(
        jnp.einsum("n,lnid,lnjd->ij", mass, part, part) / len(part) for part in _gradients(task, particles, seen)
    )
    return jnp.mean(seen.residuals**2) / 2, jnp.asarray(kernel)
