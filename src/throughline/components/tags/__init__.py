"""The parts, one module per family. Each returns safe HTML made from a template or from escaped pieces."""
