"""Charts: their list, their forms, and how they are drawn."""
