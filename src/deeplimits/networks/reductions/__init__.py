"""Ways to sample a network exactly that do less than the general layer; each says what it supports."""
