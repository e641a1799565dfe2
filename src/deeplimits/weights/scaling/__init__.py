"""How the weights of trained residual networks scale with depth, and the regime that follows."""
