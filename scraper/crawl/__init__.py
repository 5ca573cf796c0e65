"""The live site: how its pages are asked for, what is new on it, and what a night asks again."""
