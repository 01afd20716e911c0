"""Stories: which articles report the same news, and why."""
