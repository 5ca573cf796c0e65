"""Whether the resources that briefs recommend still answer, and where an archived copy of the others is."""
