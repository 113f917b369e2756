"""What the library is asked, in one place: `numbers` talks to it, `explanation` words its answer for a reader."""
