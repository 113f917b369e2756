"""`throughline attack board`: try to link unattributed contributions to people, from copies of what is stored.

Reads the database file, its write-ahead log, further files (backups, copies, logs) and nothing else: no settings, no
running server. Works on the embedded database. What it cannot try is listed in the report.
"""

from throughline.project.attack.channels import CHANNELS
from throughline.project.attack.evidence import AttackFailed, Evidence, evidence_read
from throughline.project.attack.report import AttackReport, Finding, Guess, attack_board

__all__ = [
    "CHANNELS",
    "AttackFailed",
    "AttackReport",
    "Evidence",
    "Finding",
    "Guess",
    "attack_board",
    "evidence_read",
]
