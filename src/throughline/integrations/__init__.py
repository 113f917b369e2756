"""Reading and writing what other tools hold: goals in public formats, people, boards.

Nothing here decides what a goal is; readers turn files into plain frozen results, and the services of the
owning app decide what becomes of them. Three rules matter most: nothing of a file is dropped silently; no
reader touches the database; one file adds one format.
"""
