"""What the readers of Markdown share: blocks, inline marks, the tree, cycles."""
