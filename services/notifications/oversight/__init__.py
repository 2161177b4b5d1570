"""Whether everybody is told, and nobody too often: the audit, drills, fatigue, and who may look into the ledger."""
