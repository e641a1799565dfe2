"""Mean-field ResNets with random particles, forward: where a state ends, network after network."""

from deeplimits.sampling.mean_field_resnet.draw import final_states

__all__ = ["final_states"]
