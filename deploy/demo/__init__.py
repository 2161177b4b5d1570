"""The main job, shown live: a synthetic caseload from the door to the report."""
