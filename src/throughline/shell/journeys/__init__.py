"""What crosses siblings: telling contributors what became of what they said, and meetings that feed a cycle."""
